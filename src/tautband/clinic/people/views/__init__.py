"""Pages of the people room, one file a theme."""

from tautband.clinic.people.views.clients import (
    archive_client,
    client,
    clients,
    edit_client,
    new_client,
    open_chart,
    share_chart,
)
from tautband.clinic.people.views.doors import SetPassword, first_visit, open_demo, remove_demo, start_demo
from tautband.clinic.people.views.lock import lock, lock_state
from tautband.clinic.people.views.second_step import pin, second_step
from tautband.clinic.people.views.settings import (
    add_therapist,
    change_practice,
    check_record,
    member_active,
    password_link,
    settings_page,
)
from tautband.clinic.people.views.today import help_page, today
from tautband.clinic.people.views.traces import all_traces, chart_traces

__all__ = [
    "SetPassword",
    "add_therapist",
    "all_traces",
    "chart_traces",
    "archive_client",
    "change_practice",
    "check_record",
    "client",
    "clients",
    "edit_client",
    "first_visit",
    "help_page",
    "lock",
    "lock_state",
    "member_active",
    "new_client",
    "open_chart",
    "open_demo",
    "password_link",
    "pin",
    "remove_demo",
    "second_step",
    "settings_page",
    "share_chart",
    "start_demo",
    "today",
]
