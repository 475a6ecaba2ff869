"""Doors of the episodes room."""

from django.urls import path

from tautband.clinic.episodes import views

app_name = "episodes"
urlpatterns = [
    path("clients/<uuid:client_id>/course/", views.course, name="course"),
    path("clients/<uuid:client_id>/course/<int:number>/goals/", views.add_goal, name="add_goal"),
    path("clients/<uuid:client_id>/goals/<int:number>/", views.set_goal, name="set_goal"),
    path("clients/<uuid:client_id>/course/<int:number>/close/", views.close, name="close"),
    path("clients/<uuid:client_id>/course/<int:number>/reopen/", views.reopen, name="reopen"),
    path("clients/<uuid:client_id>/timeline/", views.timeline, name="timeline"),
]
