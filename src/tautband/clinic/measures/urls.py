"""Doors of the measures room."""

from django.urls import path

from tautband.clinic.measures import views

app_name = "measures"
urlpatterns = [
    path("clients/<uuid:client_id>/measures/", views.measures, name="measures"),
    path("clients/<uuid:client_id>/measures/choose/", views.choose, name="choose"),
    path("clients/<uuid:client_id>/measures/readings/<int:number>/take-back/", views.take_back, name="take_back"),
    path("clients/<uuid:client_id>/measures/<str:name>/", views.line, name="line"),
    path("clients/<uuid:client_id>/measures/<str:name>/new/", views.new, name="new"),
]
