"""Doors of the treat room."""

from django.urls import path

from tautband.clinic.treat import views

app_name = "treat"
urlpatterns = [
    path("treat/worker.js", views.worker, name="worker"),
    path("visits/<uuid:visit_id>/treat/", views.treat, name="treat"),
    path("visits/<uuid:visit_id>/treat/begin/", views.begin, name="begin"),
    path("visits/<uuid:visit_id>/treat/log/", views.log, name="log"),
    path("visits/<uuid:visit_id>/treat/state/", views.state, name="state"),
    path("visits/<uuid:visit_id>/treat/step/", views.enter, name="enter"),
    path("visits/<uuid:visit_id>/treat/finish/", views.finish, name="finish"),
]
