"""The odd pages of vaccination."""

from django.urls import path

from tongzhou.modules.vaccination.views import counting, pages, readings

urlpatterns = [
    path("waiting/", pages.waiting, name="vaccination.waiting"),
    path("doses/", pages.doses, name="vaccination.doses"),
    path("doses/export.xlsx", pages.doses_excel, name="vaccination.doses.excel"),
    path("sessions/<uuid:key>/count/", counting.count, name="vaccination.count"),
    path("sessions/<uuid:key>/tap/", counting.tap, name="vaccination.tap"),
    path("fridges/<uuid:key>/read/", readings.read, name="vaccination.readings"),
    path("fridges/<uuid:key>/correct/", readings.correct, name="vaccination.correct"),
    path("fridges/<uuid:key>/month/", readings.month, name="vaccination.month"),
    path("fridges/<uuid:key>/logger/", readings.logger, name="vaccination.logger"),
    path("fridges/<uuid:key>/logger/template.xlsx", readings.template, name="vaccination.logger.template"),
    path("fridges/<uuid:key>/logger/<uuid:upload>/", readings.preview, name="vaccination.logger.check"),
]
