"""The odd pages of duty: calendar and wall, one's own duties, the door of a post, the helper of a checkpoint, proposals."""

from django.urls import path

from tongzhou.modules.rosters.views import calendar, checkpoint, door, mine, proposals

urlpatterns = [
    path("mine/", mine.mine, name="rosters.mine"),
    path("mine/duties.ics", mine.ics, name="rosters.ics"),
    path("crew/<uuid:key>/wishes/", mine.wishes, name="rosters.wishes"),
    path("duties/<uuid:key>/swap/", mine.swap, name="rosters.swap"),
    path("<uuid:key>/calendar/", calendar.page, name="rosters.calendar"),
    path("<uuid:key>/wall/", calendar.wall, name="rosters.wall"),
    path("<uuid:key>/proposal/", proposals.page, name="rosters.proposal"),
    path("<uuid:key>/proposal/new/", proposals.propose, name="rosters.propose"),
    path("<uuid:key>/proposal/<slug:what>/", proposals.decide, name="rosters.decide"),
    path("shifts/<uuid:key>/put/", proposals.put, name="rosters.put"),
    path("posts/<uuid:key>/door/", door.door, name="rosters.door"),
    path("posts/<uuid:key>/sign/", door.sign, name="rosters.sign"),
    path("shifts/<uuid:key>/helper/", checkpoint.helper, name="rosters.helper"),
    path("shifts/<uuid:key>/tap/", checkpoint.tap, name="rosters.tap"),
    path("shifts/<uuid:key>/letter/", checkpoint.letter, name="rosters.letter"),
]
