"""The odd pages of inspections: walking a round, coverage, lists, papers, and what a device asks for."""

from django.urls import path

from tongzhou.modules.inspections.views import device, pages

urlpatterns = [
    path("sw.js", device.worker, name="inspections.worker"),
    path("offline/", device.offline, name="inspections.offline"),
    path("session/", device.session, name="inspections.session"),
    path("sync/", device.sync, name="inspections.sync"),
    path("repeats/", pages.repeats, name="inspections.repeats"),
    path("<uuid:key>/route/", pages.route, name="inspections.route"),
    path("<uuid:key>/route/<uuid:place>/", pages.visit, name="inspections.visit"),
    path("<uuid:key>/stops/", device.stops, name="inspections.stops"),
    path("<uuid:key>/coverage/", pages.coverage, name="inspections.coverage"),
    path("<uuid:key>/coverage.xlsx", pages.coverage_excel, name="inspections.coverage.excel"),
    path("<uuid:key>/lists/", pages.lists, name="inspections.lists"),
    path("<uuid:key>/lists.pdf", pages.lists_file, {"kind": "pdf"}, name="inspections.lists.pdf"),
    path("<uuid:key>/lists.docx", pages.lists_file, {"kind": "docx"}, name="inspections.lists.docx"),
    path("<uuid:key>/lists.xlsx", pages.lists_file, {"kind": "xlsx"}, name="inspections.lists.excel"),
    path("findings/<uuid:key>/notice.pdf", pages.notice, {"kind": "pdf"}, name="inspections.notice.pdf"),
    path("findings/<uuid:key>/notice.docx", pages.notice, {"kind": "docx"}, name="inspections.notice.docx"),
]
