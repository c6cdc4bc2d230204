"""The odd pages of giving: what the public reads, and papers."""

from django.urls import path

from tongzhou.modules.donations.views import pages

urlpatterns = [
    path("public/", pages.public, name="donations.public"),
    path("public/export.xlsx", pages.public_excel, name="donations.public.excel"),
    path("disclosures/<uuid:key>/export.xlsx", pages.disclosure_excel, name="donations.disclosure.excel"),
    path("disclosures/<uuid:key>/disclosure.pdf", pages.disclosure_pdf, name="donations.disclosure.pdf"),
    path("<uuid:key>/slip.pdf", pages.slip_pdf, name="donations.slip.pdf"),
]
