"""Doors of the diary room. Those under `book/` are open to everybody; each signed link carries its own proof."""

from django.urls import path

from tautband.clinic.diary.views import diary, public

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
    path("book/", public.pick, name="public"),
    path("book/framed/", public.framed, name="framed"),
    path("book/keep/", public.keep, name="keep"),
    path("book/wait/", public.wait, name="wait"),
    path("book/kept/<str:token>/", public.kept, name="kept"),
    path("book/yours/<str:token>/", public.yours, name="yours"),
    path("book/yours/<str:token>/change/", public.change, name="change"),
    path("book/yours/<str:token>/visit.ics", public.visit_file, name="visit_file"),
    path("book/yours/<str:token>/no-more/", public.no_more, name="no_more"),
]
