"""Doors of the pages room: `/read/` and `/news/` are public, `/publish/` is the practice's side."""

from django.urls import path

from tautband.clinic.pages import views

app_name = "pages"
urlpatterns = [
    path("read/", views.articles, name="articles"),
    path("read/<slug:slug>/", views.article, name="article"),
    path("news/", views.news, name="news"),
    path("news/yes/<str:token>/", views.confirm, name="confirm"),
    path("news/leave/<str:token>/", views.leave, name="leave"),
    path("publish/", views.manage, name="manage"),
    path("publish/new/", views.write, name="new"),
    path("publish/newsletter/", views.newsletter, name="newsletter"),
    path("publish/<uuid:article_id>/", views.write, name="write"),
    path("publish/<uuid:article_id>/versions/<int:number>/", views.version, name="version"),
    path("publish/<uuid:article_id>/open/", views.publish, name="publish"),
    path("publish/comments/<int:number>/", views.moderate, name="moderate"),
]
