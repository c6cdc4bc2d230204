"""The odd pages of rumours."""

from django.urls import path

from tongzhou.modules.rumours.views import pages

urlpatterns = [
    path("report/", pages.report, name="rumours.report"),
    path("public/", pages.public, name="rumours.public"),
]
