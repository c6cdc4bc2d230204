"""The odd pages of calls: answering, progress, chasing, and handing a promise over."""

from django.urls import path

from tongzhou.modules.calls.views import pages

urlpatterns = [
    path("<uuid:key>/progress/", pages.progress, name="calls.progress"),
    path("<uuid:key>/chase/", pages.chase, name="calls.chase"),
    path("<uuid:key>/mine/", pages.mine, name="calls.mine"),
    path("replies/<uuid:key>/answer/", pages.answer, name="calls.answer"),
    path("replies/<uuid:key>/follow-up/<slug:kind>/", pages.follow_up, name="calls.follow_up"),
]
