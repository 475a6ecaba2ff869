"""Doors of the library. A page of a thing is `/atlas/<id>/`; ids have a dot, the other pages have none."""

from django.urls import path, re_path

from tautband.clinic.library import views

app_name = "library"
urlpatterns = [
    path("atlas/", views.home, name="home"),
    path("atlas/body/", views.body_search, name="body"),
    path("atlas/movements/", views.movements, name="movements"),
    path("atlas/nerves/", views.nerves, name="nerves"),
    path("atlas/regions/<slug:region>/", views.region, name="region"),
    path("atlas/kinds/<slug:kind>/", views.kind, name="kind"),
    path("atlas/fields/", views.gallery, name="fields"),
    path("atlas/coverage/", views.coverage_page, name="coverage"),
    re_path(r"^atlas/(?P<id>[a-z]+\.[^/]+)/print/$", views.print_out, name="print"),
    re_path(r"^atlas/(?P<id>[a-z]+\.[^/]+)/$", views.thing, name="thing"),
]
