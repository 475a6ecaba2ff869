"""Doors of the keeping room."""

from django.urls import path

from tautband.clinic.keeping import retaining, views

app_name = "keeping"
urlpatterns = [
    path("keeping/", views.keeping, name="keeping"),
    path("keeping/backup/", views.make_backup, name="backup"),
    path("keeping/backups/<str:name>/", views.download, name="download"),
    path("keeping/daily/off/", views.daily_off, name="daily_off"),
    path("keeping/head/", views.head, name="head"),
    path("keeping/export/", views.export_practice, name="export_practice"),
    path("keeping/import/", views.bring, name="import"),
    path("keeping/export/mine/", views.export_mine, name="export_mine"),
    path("clients/<uuid:client_id>/export/", views.export_client, name="export_client"),
    path("my/data/copy/", views.export_own, name="export_own"),
    path("keeping/retention/", retaining.retention, name="retention"),
    path("keeping/erased/<uuid:erasure_id>/", retaining.certificate, name="certificate"),
    path("clients/<uuid:client_id>/keep/", retaining.keep_client, name="keep_client"),
]
