"""Pages of the people room, one file a theme."""

from tautband.clinic.people.views.clients import (
    archive_client,
    client,
    clients,
    edit_client,
    hand_over,
    new_client,
    note_opening,
    open_chart,
    share_chart,
    unshare_chart,
)
from tautband.clinic.people.views.doors import SetPassword, first_visit, open_demo, remove_demo, start_demo
from tautband.clinic.people.views.lock import lock, lock_state
from tautband.clinic.people.views.second_step import pin, second_step
from tautband.clinic.people.views.settings import (
    access,
    add_therapist,
    change_practice,
    check_record,
    location,
    locations,
    member_active,
    member_page,
    password_link,
    reset_second_step,
    settings_page,
)
from tautband.clinic.people.views.switch import switch
from tautband.clinic.people.views.today import help_page, today
from tautband.clinic.people.views.traces import all_traces, chart_traces

__all__ = [
    "SetPassword",
    "access",
    "add_therapist",
    "all_traces",
    "archive_client",
    "change_practice",
    "chart_traces",
    "check_record",
    "client",
    "clients",
    "edit_client",
    "first_visit",
    "hand_over",
    "help_page",
    "location",
    "locations",
    "lock",
    "lock_state",
    "switch",
    "member_active",
    "member_page",
    "new_client",
    "note_opening",
    "open_chart",
    "open_demo",
    "password_link",
    "pin",
    "remove_demo",
    "reset_second_step",
    "second_step",
    "settings_page",
    "share_chart",
    "start_demo",
    "today",
    "unshare_chart",
]
