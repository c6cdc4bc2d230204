"""The odd pages of siting: lists coming in, options worked out, compared and printed."""

from django.urls import path

from tongzhou.modules.siting.views import pages, papers, places

urlpatterns = [
    path("<uuid:key>/tables/", pages.tables, name="siting.tables"),
    path("<uuid:key>/tables/<slug:kind>.xlsx", pages.template, name="siting.template"),
    path("<uuid:key>/places/<slug:kind>/", places.places, name="siting.places"),
    path("<uuid:key>/registered/", pages.registered, name="siting.registered"),
    path("<uuid:key>/ask/", pages.ask, name="siting.ask"),
    path("<uuid:key>/cover/", pages.cover, name="siting.cover"),
    path("options/<uuid:key>/state/", pages.state, name="siting.state"),
    path("options/<uuid:key>/stop/", pages.stop, name="siting.stop"),
    path("options/<uuid:key>/close/", pages.step, {"kind": "close"}, name="siting.close"),
    path("options/<uuid:key>/step/<slug:kind>/", pages.step, name="siting.step"),
    path("options/<uuid:key>/points/<path:point>/", pages.point, name="siting.point"),
    path("options/<uuid:key>/compare/", pages.compare, name="siting.compare"),
    path("options/<uuid:key>/paper/<slug:what>/", papers.paper, name="siting.paper"),
    path("options/<uuid:key>/excel/<slug:what>/", papers.excel, name="siting.excel"),
]
