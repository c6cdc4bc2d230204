"""The odd pages of volunteering: one's own service, the place with its code, the list of an activity, the check for strangers."""

from django.urls import path

from tongzhou.modules.volunteering.views import door, mine, pages, public

urlpatterns = [
    path("mine/", mine.mine, name="volunteering.mine"),
    path("mine/offer/", mine.offer, name="volunteering.offer"),
    path("mine/certificate/", mine.certify, name="volunteering.certify"),
    path("verify/", public.verify, name="volunteering.verify"),
    path("certificates/<uuid:key>/certificate.pdf", public.pdf, name="volunteering.certificate.pdf"),
    path("<uuid:key>/join/", mine.join, name="volunteering.join"),
    path("<uuid:key>/roll/", pages.roll, name="volunteering.roll"),
    path("<uuid:key>/on-word/", pages.on_word, name="volunteering.on_word"),
    path("<uuid:key>/invite/", pages.invite, name="volunteering.invite"),
    path("<uuid:key>/sheet/", pages.sheet, name="volunteering.sheet"),
    path("<uuid:key>/door/", door.door, name="volunteering.door"),
    path("<uuid:key>/sign/", door.sign, name="volunteering.sign"),
]
