"""Pages of the tablet in the room."""

from django.urls import path

from tautband.clinic.doors import views

app_name = "doors"
urlpatterns = [
    path("tablet/", views.tablet, name="tablet"),
    path("pair/<str:token>/", views.pair, name="pair"),
]
