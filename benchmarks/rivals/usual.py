"""The same check-in as it is usually written with Django REST Framework: a ModelSerializer, a view set, a unique key. Started by ingest_rivals.py.

    POST /one/    one row a request, ModelSerializer
    POST /many/   many=True, saved one by one in one transaction, as DRF does it
    POST /bulk/   validated by the same serializer, stored by bulk_create

A token for each device is looked up, connections are kept, the server is gunicorn with two workers of four threads: its documented way.
It seals nothing, counts nothing, and refuses what came before; ours does more.
"""

import os
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings

given = urlsplit(os.environ["RIVAL_DATABASE"])
settings.configure(
    ALLOWED_HOSTS=["*"], SECRET_KEY="x",
    ROOT_URLCONF=__name__, USE_TZ=True, MIDDLEWARE=["django.middleware.common.CommonMiddleware"], DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", "rest_framework.authtoken"],
    DATABASES={"default": {
        "ENGINE": "django.db.backends.postgresql", "NAME": given.path[1:], "USER": given.username, "HOST": parse_qs(given.query)["host"][0],
        "CONN_MAX_AGE": None,
    }},
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"], "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    },
)  # fmt: skip
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 -- settings first
from django.db import connection, models, transaction  # noqa: E402 -- settings first
from django.urls import path  # noqa: E402 -- settings first
from rest_framework import serializers  # noqa: E402 -- settings first
from rest_framework.response import Response  # noqa: E402 -- settings first
from rest_framework.views import APIView  # noqa: E402 -- settings first


class CheckIn(models.Model):
    campaign = models.UUIDField()
    device = models.BigIntegerField()
    seq = models.IntegerField()
    person = models.UUIDField()
    tube = models.CharField(max_length=24)
    at = models.DateTimeField()
    stored_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "usual"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "device", "seq"], name="once"),
            models.UniqueConstraint(fields=["campaign", "person"], name="person_once"),
        ]


class One(serializers.ModelSerializer[CheckIn]):
    class Meta:
        model = CheckIn
        fields = ("campaign", "device", "seq", "person", "tube", "at")


class OneView(APIView):
    def post(self, request: Any) -> Response:
        told = One(data=request.data)
        told.is_valid(raise_exception=True)
        told.save()
        return Response(told.data, 201)


class ManyView(APIView):
    @transaction.atomic
    def post(self, request: Any) -> Response:
        told = One(data=request.data, many=True)
        told.is_valid(raise_exception=True)
        told.save()
        return Response(told.data, 201)


class BulkView(APIView):
    def post(self, request: Any) -> Response:
        told = One(data=request.data, many=True)
        told.is_valid(raise_exception=True)
        CheckIn.objects.bulk_create([CheckIn(**row) for row in told.validated_data])
        return Response(told.data, 201)


urlpatterns = [path("one/", OneView.as_view()), path("many/", ManyView.as_view()), path("bulk/", BulkView.as_view())]
application = get_wsgi_application()


def make() -> str:
    """The tables and a device; returns its token."""
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from rest_framework.authtoken.models import Token

    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(CheckIn)
    return str(Token.objects.create(user=User.objects.create(username="device")).key)


if __name__ == "__main__":
    print(make())
