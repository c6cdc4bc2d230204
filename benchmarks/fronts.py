"""deploy/nginx.conf as it stands, in front of a house: only names, ports and folders are put in its place. For tests and measurements."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from benchmarks.servers import BASE, House, free_port

PROGRAM = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@dataclass(frozen=True)
class Front:
    port: int  # HTTPS
    plain: int  # HTTP
    certificate: Path  # by which a client knows it


@contextmanager
def nginx(house: House, folder: Path) -> Iterator[Front]:
    """Raises AssertionError with nginx's own words where it does not start."""
    assert PROGRAM, "nginx is not installed"
    front = Front(free_port(), free_port(), folder / "fullchain.pem")
    _certificate(front.certificate, folder / "privkey.pem")
    (folder / "tongzhou.conf").write_text(_placed(house, front, folder), encoding="utf-8")
    (folder / "nginx.conf").write_text(_around(folder), encoding="utf-8")
    with (folder / "said").open("w+") as said:
        process = subprocess.Popen([PROGRAM, "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=said)
        try:
            _await(process, front, folder / "said")
            yield front
        finally:
            process.terminate()
            process.wait(10)


def _placed(house: House, front: Front, folder: Path) -> str:
    text = (BASE / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    places = {
        "listen 80;": f"listen 127.0.0.1:{front.plain};", "listen 443 ": f"listen 127.0.0.1:{front.port} ",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{house.port};", "tongzhou.example.org;": "localhost;",
        "/etc/ssl/tongzhou": str(folder), "/var/lib/tongzhou": str(house.folder), "/var/cache/nginx/tongzhou": f"{folder}/cache",
    }  # fmt: skip
    for there, here in places.items():
        assert there in text, f"deploy/nginx.conf has no {there} any more"
        text = text.replace(there, here)
    return text


def _around(folder: Path) -> str:
    """What a system's own nginx.conf says around it. Where we are root, the workers are too: the folders are ours alone."""
    types = next(
        (one for one in ("/etc/nginx/mime.types", "/usr/local/nginx/conf/mime.types") if Path(one).exists()), ""
    )
    parts = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{part}_temp_path {folder}/{part};" for part in parts)
    return (
        f"{'user root;' if os.geteuid() == 0 else ''} daemon off; worker_processes 1; pid {folder}/pid; error_log stderr warn;\n"
        f"events {{ worker_connections 1024; }}\n"
        f"http {{ include {types}; access_log off; {temporary} include {folder}/tongzhou.conf; }}\n"
    )


def _certificate(certificate: Path, key: Path) -> None:
    """Of our own for localhost, for a day."""
    own, name, now = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
        datetime.now(UTC),
    )
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(own.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False).sign(own, hashes.SHA256())
    )  # fmt: skip
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def _await(process: "subprocess.Popen[bytes]", front: Front, said: Path) -> None:
    until = time.monotonic() + 20
    while True:
        assert process.poll() is None and time.monotonic() < until, f"nginx does not start: {said.read_text()}"  # noqa: PT018 -- one fault, one sentence
        try:
            return socket.create_connection(("127.0.0.1", front.port), 1).close()
        except OSError:
            time.sleep(0.05)
