"""The odd pages of coverage."""

from django.urls import path

from tongzhou.modules.coverage.views import declare, lists, work

urlpatterns = [
    path("declare/", declare.declare, name="coverage.declare"),
    path("today/", work.today, name="coverage.today"),
    path("progress/", work.progress, name="coverage.progress"),
    path("people/<uuid:key>/tap/", work.tap, name="coverage.tap"),
    path("people/<uuid:key>/reveal/", work.reveal, name="coverage.reveal"),
    path("evidence/<uuid:key>/undo/", work.undo, name="coverage.undo"),
    path("lists/<uuid:key>/people/", lists.people, name="coverage.people"),
    path("lists/<uuid:key>/sheet/", lists.sheet, name="coverage.sheet"),
    path("lists/<uuid:key>/people/import/", lists.upload, name="coverage.import"),
    path("lists/<uuid:key>/people/import/template.xlsx", lists.template, name="coverage.import.template"),
    path("lists/<uuid:key>/people/import/<uuid:upload>/", lists.preview, name="coverage.import.check"),
    path("exports/<uuid:key>/take/", lists.take, name="coverage.take"),
]
