"""Doors of the directory room. `/find/` is public while the owner has it open."""

from django.urls import path

from tautband.clinic.directory import views

app_name = "directory"
urlpatterns = [
    path("find/", views.find, name="find"),
    path("find/<uuid:entry_id>/", views.profile, name="profile"),
    path("directory/", views.manage, name="manage"),
    path("directory/open/", views.switch, name="switch"),
    path("directory/take-in/", views.take_in, name="take_in"),
    path("directory/cards.<str:ending>", views.export, name="export"),
    path("directory/<int:member_id>/", views.entry, name="entry"),
    path("directory/<int:member_id>/credential/", views.credential, name="credential"),
]
