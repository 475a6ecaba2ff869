"""Doors of the people room."""

from django.urls import path

from tautband.clinic.people import views

app_name = "people"
urlpatterns = [
    path("", views.today, name="today"),
    path("welcome/", views.first_visit, name="first_visit"),
    path("welcome/demo/", views.start_demo, name="start_demo"),
    path("demo/open/", views.open_demo, name="open_demo"),
    path("demo/remove/", views.remove_demo, name="remove_demo"),
    path("clients/", views.clients, name="clients"),
    path("clients/new/", views.new_client, name="new_client"),
    path("clients/<uuid:client_id>/", views.client, name="client"),
    path("clients/<uuid:client_id>/edit/", views.edit_client, name="edit_client"),
    path("clients/<uuid:client_id>/archive/", views.archive_client, name="archive_client"),
    path("clients/<uuid:client_id>/share/", views.share_chart, name="share_chart"),
    path("clients/<uuid:client_id>/open/", views.open_chart, name="open_chart"),
    path("clients/<uuid:client_id>/traces/", views.chart_traces, name="chart_traces"),
    path("settings/traces/", views.all_traces, name="all_traces"),
    path("settings/", views.settings_page, name="settings"),
    path("settings/record/", views.check_record, name="check_record"),
    path("settings/practice/", views.change_practice, name="change_practice"),
    path("settings/therapists/", views.add_therapist, name="add_therapist"),
    path("settings/therapists/<int:member_id>/link/", views.password_link, name="password_link"),
    path("settings/therapists/<int:member_id>/active/", views.member_active, name="member_active"),
    path("settings/people/<int:member_id>/", views.member_page, name="member"),
    path("settings/people/<int:member_id>/second-step/", views.reset_second_step, name="reset_second_step"),
    path("settings/access/", views.access, name="access"),
    path("settings/places/", views.locations, name="locations"),
    path("settings/places/new/", views.location, name="new_location"),
    path("settings/places/<int:location_id>/", views.location, name="location"),
    path("clients/<uuid:client_id>/hand-over/", views.hand_over, name="hand_over"),
    path("clients/<uuid:client_id>/noted/", views.note_opening, name="note_opening"),
    path("clients/<uuid:client_id>/leave/", views.unshare_chart, name="unshare_chart"),
    path("set-password/<uidb64>/<token>/", views.SetPassword.as_view(), name="set_password"),
    path("sign-in/second-step/", views.second_step, name="second_step"),
    path("sign-in/pin/", views.pin, name="pin"),
    path("lock/", views.lock, name="lock"),
    path("switch/", views.switch, name="switch"),
    path("lock/state/", views.lock_state, name="lock_state"),
    path("help/", views.help_page, name="help"),
]
