"""Doors of the portal room. Everything a client opens for themselves lies under `/my/`."""

from django.urls import path

from tautband.clinic.portal.views import door, drawing, home, passkeys, team

app_name = "portal"
urlpatterns = [
    path("my/", home.home, name="home"),
    path("my/pain/", home.pain_now, name="pain_now"),
    path("my/messages/", home.conversation, name="messages"),
    path("my/documents/", home.documents, name="documents"),
    path("my/documents/<int:number>/", home.document, name="document"),
    path("my/data/", home.data, name="data"),
    path("my/draw/", drawing.draw, name="draw"),
    path("my/draw/kept/", drawing.kept, name="drawn"),
    path("my/calendar/", home.calendar, name="calendar"),
    path("my/passkeys/", passkeys.mine, name="passkeys"),
    path("my/passkeys/<uuid:passkey_id>/remove/", passkeys.remove, name="remove_passkey"),
    path("my/enter/", door.door, name="enter"),
    path("my/enter/passkey/", passkeys.enter, name="enter_by_passkey"),
    path("my/first/<str:token>/", door.first, name="first"),
    path("my/enter/<str:token>/", door.link, name="link"),
    path("my/enter/<str:token>/again/", door.again, name="again"),
    path("my/leave/", door.leave, name="leave"),
    path("clients/<uuid:client_id>/own-page/", team.page, name="team"),
    path("clients/<uuid:client_id>/own-page/release/", team.release, name="release"),
    path("clients/<uuid:client_id>/own-page/wishes/<uuid:wish_id>/", team.answer, name="answer"),
    path(
        "clients/<uuid:client_id>/own-page/passkeys/<uuid:passkey_id>/", passkeys.remove_for, name="remove_passkey_for"
    ),
    path("clients/<uuid:client_id>/own-page/mail/", door.invite, name="invite"),
    path("clients/<uuid:client_id>/own-page/code/", door.show_code, name="show_code"),
]
