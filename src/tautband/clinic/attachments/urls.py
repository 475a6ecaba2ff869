"""Doors of the attachments room."""

from django.urls import path

from tautband.clinic.attachments import views

app_name = "attachments"
urlpatterns = [
    path("clients/<uuid:client_id>/files/", views.attachments, name="attachments"),
    path("files/<uuid:attachment_id>/", views.attachment, name="attachment"),
    path("files/<uuid:attachment_id>/content/", views.content, name="content"),
    path("files/<uuid:attachment_id>/small/", views.content, {"part": "small"}, name="small"),
    path("files/<uuid:attachment_id>/away/", views.put_away, name="put_away"),
]
