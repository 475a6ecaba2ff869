"""Doors of the charts room."""

from django.urls import path

from tautband.clinic.charts import views

app_name = "charts"
urlpatterns = [
    path("practise/", views.practise, name="practise"),
    path("clients/<uuid:client_id>/visits/", views.start_visit, name="start_visit"),
    path("visits/<uuid:visit_id>/", views.encounter, name="encounter"),
    path("visits/<uuid:visit_id>/close/", views.close_visit, name="close_visit"),
    path("visits/<uuid:visit_id>/story/", views.story, name="story"),
    path("visits/<uuid:visit_id>/drawing/", views.drawing, name="drawing"),
    path("visits/<uuid:visit_id>/drawing/from-home/", views.take_home_drawing, name="take_home_drawing"),
    path("clients/<uuid:client_id>/drawings/", views.drawings, name="drawings"),
    path("clients/<uuid:client_id>/drawings/<slug:sheet>.<str:ending>", views.drawing_file_of, name="drawing_file"),
    path("drawing-sheet/", views.drawing_sheet, name="drawing_sheet"),
    path("visits/<uuid:visit_id>/findings/", views.record, name="record"),
    path("visits/<uuid:visit_id>/elicited/", views.elicited, name="elicited"),
    path("settings/priors/", views.priors_page, name="priors"),
    path("visits/<uuid:visit_id>/worked-out/", views.worked_out, name="worked_out"),
    path("practise/agreement/", views.agreement, name="agreement"),
    path("visits/<uuid:visit_id>/again/", views.second_look, name="second_look"),
    path("visits/<uuid:visit_id>/line/", views.quick, name="quick"),
    path("visits/<uuid:visit_id>/line/undo/", views.quick_undo, name="quick_undo"),
    path("visits/<uuid:visit_id>/undo/", views.undo, name="undo"),
    path("visits/<uuid:visit_id>/suspects/", views.suspects, name="suspects"),
    path("visits/<uuid:visit_id>/suspects/<str:source>/<str:side>/", views.suspect, name="suspect"),
    path("visits/<uuid:visit_id>/alerts/<str:flag>/", views.alert, name="alert"),
    path("visits/<uuid:visit_id>/retest/", views.retest, name="retest"),
    path("visits/<uuid:visit_id>/drawing/again/", views.repeat_drawing, name="repeat_drawing"),
    path("visits/<uuid:visit_id>/grid/", views.grid, name="grid"),
    path("visits/<uuid:visit_id>/exams/", views.exams, name="exams"),
]
