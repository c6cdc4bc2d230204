from django.urls import include, path

from tongzhou.web import accounts, audit, channels, errors, front, pages, people, people_sheet

handler400, handler403, handler404, handler500 = errors.bad_request, errors.forbidden, errors.not_found, errors.failure

# no open sign-up; an e-mail address is changed in the register of people, where the change is an entry
CLOSED = ["signup", "email", "confirm-email", "login/code/confirm"]

urlpatterns = [
    path("", pages.home, name="home"),
    path("health/", pages.health, name="health"),
    path("language/", pages.language, name="language"),
    path("inbox/", pages.inbox, name="inbox"),
    path("inbox/<uuid:key>/", pages.open_notice, name="notice"),
    path("units/", pages.units, name="units"),
    path("ledger/", audit.page, name="ledger"),
    path("channels/", channels.channels, name="channels"),
    path("channels/<uuid:key>/switch/", channels.switch_channel, name="channel.switch"),
    path("people/", people.list_page, name="people"),
    path("people/export.xlsx", people.export, name="people.export"),
    path("people/import/", people_sheet.upload, name="people.import"),
    path("people/import/template.xlsx", people_sheet.template, name="people.template"),
    path("people/import/<uuid:key>/", people_sheet.preview, name="people.preview"),
    path("people/names/", people.names, name="people.names"),
    path("people/new/", people.new, name="people.new"),
    path("people/<uuid:key>/", people.detail, name="person"),
    path("people/<uuid:key>/edit/", people.edit, name="person.edit"),
    path("people/<uuid:key>/reveal/", people.reveal, name="person.reveal"),
    path("people/<uuid:key>/grants/", people.grant, name="person.grant"),
    path("people/<uuid:key>/grants/<uuid:grant>/end/", people.end_grant, name="person.grant.end"),
    path("people/<uuid:key>/invite/", accounts.invite, name="person.invite"),
    *[path(f"account/{address}/", errors.closed) for address in CLOSED],
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("attachments/<uuid:key>/", front.attachment, name="attachment"),
    path("rulebook/", front.rulebook, name="rulebook"),
    path("<slug:response>/", pages.response, name="response"),
    path("<slug:response>/figures/", pages.figures, name="figures"),
    path("<slug:response>/board/", front.board, name="board"),
    path("<slug:response>/", include("tongzhou.kernel.desk.urls")),
]
