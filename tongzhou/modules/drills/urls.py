"""The odd pages of drills: the library, the script, the control desk, times put right, the next of a series, the comparison, papers."""

from django.urls import path

from tongzhou.modules.drills.views import pages, papers, running

urlpatterns = [
    path("library/", pages.library_page, name="drills.library"),
    path("<uuid:key>/script/", pages.script, name="drills.script"),
    path("<uuid:key>/run/", running.run, name="drills.run"),
    path("<uuid:key>/run/injects/<int:number>/", running.inject, name="drills.inject"),
    path("<uuid:key>/run/targets/<int:number>/", running.target, name="drills.target"),
    path("<uuid:key>/again/", pages.again, name="drills.again"),
    path("<uuid:key>/compare/", pages.compare, name="drills.compare"),
    path("<uuid:key>/papers/<slug:paper>.<slug:form>", papers.take, name="drills.paper"),
]
