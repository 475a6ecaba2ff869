"""Doors of the treatments room."""

from django.urls import path

from tautband.clinic.treatments import views

app_name = "treatments"
urlpatterns = [
    path("techniques/<str:technique>/my-way/", views.way, name="way"),
    path("phrases/", views.phrases, name="phrases"),
    path("phrases/<int:number>/", views.phrase, name="phrase"),
    path("phrases/<int:number>/remove/", views.remove_phrase, name="remove_phrase"),
    path("techniques/positions/", views.positions, name="positions"),
    path("settings/licence/", views.licence, name="licence"),
    path("visits/<uuid:visit_id>/inside/", views.inside, name="inside"),
    path("visits/<uuid:visit_id>/inside/taken-back/", views.take_back_inside, name="take_back_inside"),
    path("visits/<uuid:visit_id>/plan/", views.plan, name="plan"),
    path("visits/<uuid:visit_id>/plan/change/", views.change_plan, name="change_plan"),
    path("visits/<uuid:visit_id>/plan/add/", views.add_step, name="add_step"),
    path("visits/<uuid:visit_id>/plan/use/", views.use_plan, name="use_plan"),
    path("visits/<uuid:visit_id>/note/", views.note, name="note"),
    path("visits/<uuid:visit_id>/note/anew/", views.draft_anew, name="draft_anew"),
    path("visits/<uuid:visit_id>/note/sign/", views.sign, name="sign"),
    path("visits/<uuid:visit_id>/note/correct/", views.correct, name="correct"),
    path("visits/<uuid:visit_id>/note/cosign/", views.cosign, name="cosign"),
    path("visits/<uuid:visit_id>/move/", views.move, name="move"),
    path("visits/<uuid:visit_id>/move/undo/", views.undo_move, name="undo_move"),
    path("visits/<uuid:visit_id>/note/versions/<int:number>/", views.note_version, name="note_version"),
]
