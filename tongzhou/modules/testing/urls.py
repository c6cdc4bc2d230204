"""The odd pages: the live board, tubes, conflicts, the account, results from a sheet, and enrolling a device."""

from django.urls import path

from tongzhou.modules.testing.views import conflicts, pages, paper, people, residents, results, station, tubes

urlpatterns = [
    path("station/", station.page, name="testing.station"),
    path("station/sw.js", station.worker, name="testing.station.worker"),
    path("station/app.webmanifest", station.manifest, name="testing.station.manifest"),
    path("code/", residents.code, name="testing.code"),
    path("code/homes/", residents.homes, name="testing.homes"),
    path("code/<int:place>/", residents.correct, name="testing.code.correct"),
    path("result/", residents.mine, name="testing.mine"),
    path("<uuid:key>/live/", pages.live, name="testing.live"),
    path("<uuid:key>/account/", pages.account, name="testing.account"),
    path("<uuid:key>/tubes/", tubes.tubes, name="testing.tubes"),
    path("<uuid:key>/tubes.xlsx", tubes.tubes_excel, name="testing.tubes.excel"),
    path("<uuid:key>/conflicts/", conflicts.conflicts, name="testing.conflicts"),
    path("<uuid:key>/conflicts/<uuid:one>/", conflicts.conflict, name="testing.conflict"),
    path("<uuid:key>/results/", results.upload, name="testing.results"),
    path("<uuid:key>/results/template.xlsx", results.template, name="testing.results.template"),
    path("<uuid:key>/results/<uuid:upload>/", results.preview, name="testing.results.check"),
    path("<uuid:key>/laboratory/", results.laboratory, name="testing.laboratory"),
    path("pools/<uuid:key>/people/", people.people, name="testing.pool.people"),
    path("handed-in/", paper.handed_in, name="testing.handed_in"),
    path("points/<uuid:key>/paper/", paper.type_in, name="testing.paper"),
    path("points/<uuid:key>/paper/print/", paper.sheets, name="testing.paper.print"),
    path("points/<uuid:key>/enrol/", pages.enrol, name="testing.enrol"),
]
