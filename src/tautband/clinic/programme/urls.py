"""Doors of the programme room: the step Home of a visit, and the client's own pages under `my/programme/`."""

from django.urls import path

from tautband.clinic.programme import views

app_name = "programme"
urlpatterns = [
    path("visits/<uuid:visit_id>/at-home/", views.home, name="home"),
    path("visits/<uuid:visit_id>/at-home/change/", views.change, name="change"),
    path("visits/<uuid:visit_id>/at-home/add/", views.add, name="add"),
    path("visits/<uuid:visit_id>/at-home/phone/", views.phone, name="phone"),
    path("visits/<uuid:visit_id>/at-home/card.pdf", views.card, name="card"),
    path("clients/<uuid:client_id>/from-home/", views.days, name="days"),
    path("clients/<uuid:client_id>/from-home/looked/", views.looked, name="looked"),
    path("my/programme/", views.mine, name="mine"),
    path("my/programme/day/", views.day, name="day"),
    path("my/programme/hurts/", views.hurts, name="hurts"),
    path("my/programme/aftercare/", views.my_aftercare, name="my_aftercare"),
    path("my/programme/reminder/", views.reminder, name="reminder"),
    path("my/programme/reminder.ics", views.reminder_file, name="reminder_file"),
    path("my/programme/card.pdf", views.my_card, name="my_card"),
    path("my/programme/things/<slug:key>/", views.thing, name="thing"),
    path("my/programme/things/<slug:key>/say/", views.say, name="say"),
    path("my/programme/things/<slug:key>/done/", views.done, name="done"),
    path("my/programme/things/<slug:key>/too-much/", views.too_much, name="too_much"),
]
