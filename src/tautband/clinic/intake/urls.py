"""Doors of the intake room: the client's own pages, and the few that the practice has."""

from django.urls import path

from tautband.clinic.intake import views

app_name = "intake"
urlpatterns = [
    path("my/intake/", views.my_start, name="my_start"),
    path("my/intake/begin/", views.my_begin, name="my_begin"),
    path("my/intake/now/", views.my_urgent, name="my_urgent"),
    path("my/intake/now/correct/", views.my_correct, name="my_correct"),
    path("my/intake/stop/", views.my_stop, name="my_stop"),
    path("my/intake/done/", views.my_done, name="my_done"),
    path("my/intake/back/", views.my_back, name="my_back"),
    path("my/intake/<slug:question>/", views.my_question, name="my_question"),
    path("clients/<uuid:client_id>/intake/", views.told, name="told"),
    path("clients/<uuid:client_id>/intake/tablet/", views.hand_over, name="hand_over"),
    path("clients/<uuid:client_id>/intake/read/", views.note_warning, name="note_warning"),
    path("visits/<uuid:visit_id>/intake/", views.take_over, name="take_over"),
]
