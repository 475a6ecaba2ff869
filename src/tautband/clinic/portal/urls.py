"""Doors of the portal room. Everything a client opens for themselves lies under `/my/`."""

from django.urls import path

from tautband.clinic.portal.views import door, home

app_name = "portal"
urlpatterns = [
    path("my/", home.home, name="home"),
    path("my/enter/", door.door, name="enter"),
    path("my/enter/<str:token>/", door.link, name="link"),
    path("my/enter/<str:token>/again/", door.again, name="again"),
    path("my/leave/", door.leave, name="leave"),
    path("clients/<uuid:client_id>/own-page/mail/", door.invite, name="invite"),
    path("clients/<uuid:client_id>/own-page/code/", door.show_code, name="show_code"),
]
