"""What a counsellor's and a caller's browser do, in Python: keys, boxes, sealed texts. And the doors as they are used."""

import json
import os
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from tests.world import World, person
from tongzhou.kernel import module
from tongzhou.kernel.models import Person, Unit
from tongzhou.modules.hotline.actions import cases, keys
from tongzhou.modules.hotline.models import Case, Keypair, Line

SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass
class Holder:
    """Somebody with a key of their own."""

    person: Person
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    keypair: Keypair = field(init=False)

    def __post_init__(self) -> None:
        self.keypair = keys.make(self.person, self.public, b64encode(os.urandom(200)).decode())

    @property
    def public(self) -> str:
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return b64encode(point).decode()

    def open(self, case: UUID, sealed: str, purpose: str) -> bytes:
        return SUITE.decrypt(b64decode(sealed), self.private, info=f"tongzhou hotline {case} {purpose}".encode())


def box(case: UUID, public: str, secret: bytes, purpose: str) -> str:
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b64decode(public))
    return b64encode(SUITE.encrypt(secret, key, info=f"tongzhou hotline {case} {purpose}".encode())).decode()


def boxes(case: UUID, secret: bytes, recipients: dict[str, Any]) -> list[dict[str, Any]]:
    made = [{"keypair": r["keypair"], "sealed": box(case, r["public"], secret, "whole")} for r in recipients["whole"]]
    for one, other in recipients["halves"]:
        first = os.urandom(32)
        second = together(first, secret)
        made.append(
            {"keypair": one["keypair"], "partner": other["keypair"], "sealed": box(case, one["public"], first, "half")}
        )
        made.append(
            {
                "keypair": other["keypair"],
                "partner": one["keypair"],
                "sealed": box(case, other["public"], second, "half"),
            }
        )
    return made


def together(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def seal(case: UUID, secret: bytes, text: str, kind: str) -> dict[str, str]:
    key, nonce = uuid4(), os.urandom(12)
    sealed = AESGCM(secret).encrypt(nonce, text.encode(), f"{case} {key} {kind}".encode())
    return {"key": str(key), "sealed": b64encode(nonce + sealed).decode()}


def unseal(case: UUID, secret: bytes, text: Any) -> str:
    raw = b64decode(text.sealed)
    return AESGCM(secret).decrypt(raw[:12], raw[12:], f"{case} {text.key} {text.kind}".encode()).decode()


@dataclass
class Caller:
    """Somebody with a browser and no name."""

    line: Line
    key: UUID = field(default_factory=uuid4)
    secret: bytes = field(default_factory=lambda: os.urandom(32))
    token: str = field(default_factory=lambda: b64encode(os.urandom(32)).decode())
    client: Client = field(default_factory=Client)

    @property
    def room(self) -> str:
        return f"/{self.line.response.slug}/hotline"

    def begin(self) -> Any:
        talk = f"{self.room}/talk/{self.line.pk}/"
        recipients = self.client.get(talk, headers={"accept": "application/json"}).json()
        sent = {
            "key": str(self.key),
            "token": self.token,
            "boxes": json.dumps(boxes(self.key, self.secret, recipients)),
        }
        return self.client.post(talk, sent)

    def say(self, text: str) -> Any:
        return self.post(seal(self.key, self.secret, text, "caller"))

    def post(self, sent: dict[str, Any]) -> Any:
        return self.client.post(f"{self.room}/voice/{self.key}/", sent, headers={"x-caller": self.token})

    def look(self, token: str = "") -> Any:
        return self.client.get(f"{self.room}/voice/{self.key}/", headers={"x-caller": token or self.token})

    @property
    def case(self) -> Case:
        return Case.objects.get(pk=self.key)


@dataclass
class Hotline:
    """An open line with a counsellor on a seat and two supervisors, all with keys."""

    line: Line
    yin: Holder
    gu: Holder
    he: Holder

    def call(self) -> Caller:
        caller = Caller(self.line)
        assert caller.begin().status_code == 200
        return caller

    def talking(self) -> Caller:
        caller = self.call()
        cases.take(caller.case, self.line, by=self.yin.person)
        return caller


def line(cast: World, unit: Unit | None = None, marker: str = "", by: Person | None = None, **fields: Any) -> Line:
    usual = {
        "pk": uuid4(),
        "response": cast.response,
        "unit": unit or cast.units.branch1,
        "name": f"心理热线{marker}",
        "hours": "每天",
    }
    return module.file(Line(**usual | fields), by=by or cast.people.wang)[0]


def opened(cast: World, unit: Unit | None = None, by: Person | None = None) -> Hotline:
    at = unit or cast.units.org
    made = line(cast, at, by=by)
    module.perform(made, "open", by=by or cast.people.wang)
    names = {"yin": "counsellor", "gu": "supervisor", "he": "supervisor"}
    people = {name: person(f"{name}-{uuid4().hex[:6]}", f"{name}督", at, (role, at)) for name, role in names.items()}
    found = Hotline(made, **{name: Holder(one) for name, one in people.items()})
    keys.sit(made, by=found.yin.person)
    return found
