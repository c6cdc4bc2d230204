"""The odd pages of chronicles: writing a section, citing records, taking the paper away, what was typed once, and what the public reads."""

from django.urls import path

from tongzhou.modules.chronicle.views import once, pages

urlpatterns = [
    path("record-once/", once.record_once, name="chronicle.once"),
    path("public/", pages.public_list, name="chronicle.public.list"),
    path("public/<uuid:key>/", pages.public, name="chronicle.public"),
    path("<uuid:key>/sections/<slug:line>/", pages.write, name="chronicle.write"),
    path("<uuid:key>/citations/", pages.citations, name="chronicle.citations"),
    path("<uuid:key>/correct/", pages.correct, name="chronicle.correct"),
    path("<uuid:key>/paper.<slug:form>", pages.paper_file, name="chronicle.paper"),
]
