"""Doors of the diary room. Those under `book/` are open to everybody; each signed link carries its own proof."""

from django.urls import path

from tautband.clinic.diary.views import calendars, diary, money, public, setup

app_name = "diary"
urlpatterns = [
    path("diary/", diary.diary, name="diary"),
    path("diary/book/", diary.book, name="book"),
    path("diary/away/", diary.away, name="away"),
    path("diary/away/<int:block_id>/back/", diary.be_back, name="be_back"),
    path("diary/undo/", diary.undo_move, name="undo"),
    path("diary/waiting/", diary.waiting, name="waiting"),
    path("diary/visit/<uuid:appointment_id>/", diary.appointment, name="appointment"),
    path("diary/visit/<uuid:appointment_id>/move/", diary.move, name="move"),
    path("diary/visit/<uuid:appointment_id>/do/", diary.act, name="act"),
    path("diary/setup/", setup.setup, name="setup"),
    path("diary/setup/service/", setup.service, name="new_service"),
    path("diary/setup/service/<int:service_id>/", setup.service, name="service"),
    path("diary/setup/room/", setup.room, name="new_room"),
    path("diary/setup/room/<int:room_id>/", setup.room, name="room"),
    path("diary/setup/hours/", setup.shift, name="new_shift"),
    path("diary/setup/hours/<int:shift_id>/", setup.shift, name="shift"),
    path("diary/setup/hours/<int:shift_id>/remove/", setup.remove_shift, name="remove_shift"),
    path("diary/setup/rules/", setup.rules, name="rules"),
    path("diary/money/", money.money, name="money"),
    path("diary/money/list.csv", money.as_csv, name="money_csv"),
    path("diary/visit/<uuid:appointment_id>/pay/", money.pay, name="pay"),
    path("diary/visit/<uuid:appointment_id>/receipt.pdf", money.receipt, name="receipt"),
    path("diary/packages/<uuid:client_id>/", money.package, name="package"),
    path("diary/calendar/", calendars.calendars, name="calendars"),
    path("calendar/<str:token>.ics", calendars.feed, name="feed"),
    path("book/", public.pick, name="public"),
    path("book/prices/", public.prices, name="prices"),
    path("book/framed/", public.framed, name="framed"),
    path("book/keep/", public.keep, name="keep"),
    path("book/wait/", public.wait, name="wait"),
    path("book/kept/<str:token>/", public.kept, name="kept"),
    path("book/yours/<str:token>/", public.yours, name="yours"),
    path("book/yours/<str:token>/change/", public.change, name="change"),
    path("book/yours/<str:token>/visit.ics", public.visit_file, name="visit_file"),
    path("book/yours/<str:token>/no-more/", public.no_more, name="no_more"),
]
