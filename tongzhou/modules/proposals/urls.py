"""The odd pages of proposals: writing, what the device keeps, versions, and what came of it all."""

from django.urls import path

from tongzhou.modules.proposals.views import pages, scores, writing

urlpatterns = [
    path("write/", writing.write, name="proposals.write"),
    path("<uuid:key>/write/", writing.rewrite, name="proposals.rewrite"),
    path("jot/", writing.jot, name="proposals.jot"),
    path("jot/<uuid:key>/drop/", writing.drop, name="proposals.drop"),
    path("alike/", writing.alike, name="proposals.alike"),
    path("shell/", writing.shell, name="proposals.shell"),
    path("sw.js", writing.worker, name="proposals.worker"),
    path("<uuid:key>/versions/", pages.versions, name="proposals.versions"),
    path("<uuid:key>/item.docx", pages.docx, name="proposals.paper"),
    path("mine/", scores.mine, name="proposals.mine"),
    path("authors/<uuid:key>/", scores.author, name="proposals.author"),
    path("scores/", scores.scores, name="proposals.scores"),
    path("scores/export.xlsx", scores.export, name="proposals.scores.excel"),
]
