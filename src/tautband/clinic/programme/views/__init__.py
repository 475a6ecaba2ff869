"""Pages of the programme room: the step Home of a visit, paper, and the client's own pages."""

from tautband.clinic.programme.views.extras import card, my_aftercare, my_card, reminder, reminder_file
from tautband.clinic.programme.views.mine import day, done, hurts, mine, say, thing, too_much
from tautband.clinic.programme.views.visit import add, change, days, home, looked, phone

__all__ = [
    "add",
    "card",
    "change",
    "day",
    "days",
    "done",
    "home",
    "hurts",
    "looked",
    "mine",
    "my_aftercare",
    "my_card",
    "phone",
    "reminder",
    "reminder_file",
    "say",
    "thing",
    "too_much",
]
