"""The odd pages: the public ones, the counsellor's seat, cases."""

from django.urls import path

from tongzhou.modules.hotline.views import cases, public, seat

urlpatterns = [
    path("public/", public.page, name="hotline.public"),
    path("talk/<uuid:key>/", public.talk, name="hotline.talk"),
    path("voice/<uuid:key>/", public.voice, name="hotline.voice"),
    path("seat/", seat.page, name="hotline.seat"),
    path("supervision/", seat.supervision, name="hotline.supervision"),
    path("cases/<uuid:key>/", cases.page, name="hotline.case"),
    path("cases/<uuid:key>/<slug:act>/", cases.act, name="hotline.act"),
]
