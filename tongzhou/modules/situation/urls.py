"""The odd pages of the room: the curve, the map with its timeline, the assessment on paper."""

from django.urls import path

from tongzhou.modules.situation.views import curve, papers, timeline

urlpatterns = [
    path("curve/", curve.curve, name="situation.curve"),
    path("map/", timeline.zone_map, name="situation.map"),
    path("assessments/<uuid:key>/report.<slug:form>", papers.report, name="situation.report"),
]
