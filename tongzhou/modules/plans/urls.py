"""The odd pages of plans: parts, annexes, the next edition, two editions side by side, telephone numbers, papers."""

from django.urls import path

from tongzhou.modules.plans.views import pages

urlpatterns = [
    path("<uuid:key>/parts/<slug:part>/", pages.part, name="plans.part"),
    path("<uuid:key>/annexes/", pages.annex, name="plans.annex"),
    path("<uuid:key>/renew/", pages.renew, name="plans.renew"),
    path("<uuid:key>/compare/", pages.compare, name="plans.compare"),
    path("<uuid:key>/phones/", pages.phones, name="plans.phones"),
    path("<uuid:key>/plan.docx", pages.docx, name="plans.docx"),
    path("<uuid:key>/plan.pdf", pages.pdf, name="plans.pdf"),
]
