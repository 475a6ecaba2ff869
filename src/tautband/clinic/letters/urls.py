"""Doors of the letters room."""

from django.urls import path

from tautband.clinic.letters import reports, views

app_name = "letters"
urlpatterns = [
    path("clients/<uuid:client_id>/reports/", reports.begin, name="begin_report"),
    path("clients/<uuid:client_id>/reports/<int:number>/", reports.report, name="report"),
    path("clients/<uuid:client_id>/reports/<int:number>/anew/", reports.draft_anew, name="report_anew"),
    path("clients/<uuid:client_id>/reports/<int:number>/report.pdf", reports.report_pdf, name="report_pdf"),
    path("clients/<uuid:client_id>/course/<int:number>/summary.pdf", reports.summary_pdf, name="summary_pdf"),
    path("visits/<uuid:visit_id>/note.pdf", views.note_pdf, name="note_pdf"),
    path("visits/<uuid:visit_id>/letters/", views.begin, name="begin"),
    path("visits/<uuid:visit_id>/letters/<int:number>/", views.letter, name="letter"),
    path("visits/<uuid:visit_id>/letters/<int:number>/sent/", views.send, name="send"),
    path("visits/<uuid:visit_id>/letters/<int:number>/letter.pdf", views.letter_pdf, name="letter_pdf"),
]
