"""The odd pages of columns: writing, pictures, what goes to WeChat, and what anyone may read."""

from django.urls import path

from tongzhou.modules.publications.views import public, wechat, writing

urlpatterns = [
    path("write/", writing.begin, name="publications.begin"),
    path("<uuid:key>/cite/", writing.cite, name="publications.cite"),
    path("<uuid:key>/pictures/", writing.pictures, name="publications.pictures"),
    path("<uuid:key>/wechat/", wechat.page, name="publications.wechat"),
    path("<uuid:key>/wechat.html", wechat.text, name="publications.wechat.text"),
    path("<uuid:key>/pictures.zip", wechat.package, name="publications.package"),
    path("public/", public.index, name="publications.public"),
    path("public/feed.xml", public.feed, name="publications.feed"),
    path("public/pictures/<uuid:key>.jpg", public.picture, name="publications.picture"),
    path("public/<uuid:key>/", public.article, name="publications.article"),
]
