"""The odd pages of meetings: one's own part, the list, the door, the minutes."""

from django.urls import path

from tongzhou.modules.meetings.views import door, minutes, pages

urlpatterns = [
    path("<uuid:key>/mine/", pages.mine, name="meetings.mine"),
    path("<uuid:key>/roll/", pages.roll, name="meetings.roll"),
    path("<uuid:key>/sheet/", pages.sheet, name="meetings.sheet"),
    path("<uuid:key>/chase/", pages.chase, name="meetings.chase"),
    path("<uuid:key>/admit/", pages.admit, name="meetings.admit"),
    path("<uuid:key>/papers/", pages.papers, name="meetings.papers"),
    path("<uuid:key>/door/", door.door, name="meetings.door"),
    path("<uuid:key>/sign/<slug:code>/", door.sign, name="meetings.sign"),
    path("<uuid:key>/minutes/", minutes.minutes, name="meetings.minutes"),
    path("<uuid:key>/minutes.pdf", minutes.pdf, name="meetings.minutes.pdf"),
    path("<uuid:key>/minutes.docx", minutes.docx, name="meetings.minutes.docx"),
    path("attendances/<uuid:key>/answer/", pages.answer, name="meetings.answer"),
    path("attendances/<uuid:key>/withdraw/", pages.withdraw, name="meetings.withdraw"),
]
