"""A workshop for timestamp tokens, good and bad, and an authority of the tests' own that serves them over HTTP."""

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.signing import forge
from tests.signing.forge import SHA256, Identity, Recipe, algorithm, attribute, oid, tlv
from treasury.core import clock

TOKEN_CONTENT, SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.1.4", "1.2.840.113549.1.9.16.2.47"
POLICY = "1.3.6.1.4.1.99999.3"
TIME_STAMPING = ExtendedKeyUsageOID.TIME_STAMPING
VALID = (datetime(2024, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))


def issue(
    name: str = "測試時戳服務",
    *,
    by: Identity | None = None,
    usages: Sequence[x509.ObjectIdentifier] = (TIME_STAMPING,),
    critical: bool = True,
    bits: Sequence[str] = ("digital_signature",),
    valid: tuple[datetime, datetime] = VALID,
    kind: str = "p256",
) -> Identity:
    """A timestamp authority's certificate, issued by the test root unless told otherwise."""
    own, issuer = forge.key(name, kind), by or forge.pki().root
    builder = (
        x509.CertificateBuilder()
        .subject_name(forge.distinguished(name))
        .issuer_name(issuer.certificate.subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .add_extension(forge.usage(*bits), critical=True)
    )
    if usages:
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=critical)
    return Identity(builder.sign(issuer.key, hashes.SHA256()), own)


@cache
def authority() -> Identity:
    """The authority of the tests, the same for a whole test run."""
    return issue()


def integer(number: int) -> bytes:
    return tlv(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def moment(at: datetime) -> bytes:
    text = at.astimezone(UTC).strftime("%Y%m%d%H%M%S.%f").rstrip("0").rstrip(".")
    return tlv(0x18, f"{text}Z".encode())


def named(certificate: bytes, *more: bytes) -> bytes:
    """The signed attribute that names a certificate by its SHA-256."""
    digest = tlv(0x04, hashlib.sha256(certificate).digest())
    return attribute(SIGNING_CERTIFICATE, tlv(0x30, tlv(0x30, tlv(0x30, digest, *more))))


@dataclass
class Stamp:
    """What a token is made of; anything set replaces the right part. `given` goes to the message's recipe."""

    data: bytes
    signer: Identity = field(default_factory=authority)
    at: datetime = forge.AT
    nonce: int | None = 7
    serial: int = 1
    version: int = 1
    policy: str = POLICY
    generated_at: bytes = b""
    imprint: bytes = b""
    accuracy: bytes = tlv(0x30, integer(1))
    more: bytes = b""
    names: bytes | None = None
    attributes: Sequence[bytes] | None = None

    def content(self) -> bytes:
        return tlv(
            0x30,
            integer(self.version),
            oid(self.policy),
            self.imprint or tlv(0x30, algorithm(SHA256), tlv(0x04, hashlib.sha256(self.data).digest())),
            integer(self.serial),
            self.generated_at or moment(self.at),
            self.accuracy,
            b"" if self.nonce is None else integer(self.nonce),
            self.more,
        )

    def token(self, **given: Any) -> bytes:
        content = self.content()
        attributes = [
            attribute(forge.CONTENT_TYPE, oid(TOKEN_CONTENT)),
            attribute(forge.MESSAGE_DIGEST, tlv(0x04, hashlib.sha256(content).digest())),
            *([named(self.signer.der)] if self.names is None else [self.names] if self.names else []),
        ]
        recipe: dict[str, Any] = {
            "embedded": content,
            "content_type": oid(TOKEN_CONTENT),
            "version": 3,
            "attributes": attributes if self.attributes is None else self.attributes,
        }
        return Recipe(self.signer, content, **{**recipe, **given}).message()


def token(data: bytes, **given: Any) -> bytes:
    """A token over data, right unless told otherwise."""
    return Stamp(data, **given).token()


def granted(token: bytes, status: int = 0) -> bytes:
    return tlv(0x30, tlv(0x30, integer(status)), token)


def reply_to(query: bytes, **given: Any) -> bytes:
    """What an honest authority replies by the clock of the tests."""
    asked = tsp.TimeStampReq.load(query, strict=True)
    wanted: dict[str, Any] = {
        "at": clock.now(),
        "nonce": asked["nonce"].native,
        "imprint": asked["message_imprint"].dump(),
    }
    return granted(Stamp(b"", **{**wanted, **given}).token())


class LocalAuthority:
    """Serves `answer`, which a test may replace; `asked` counts the queries."""

    def __init__(self) -> None:
        self.url = ""
        self.answer: Callable[[bytes], bytes] = reply_to
        self.asked = 0


@contextmanager
def serving(local: LocalAuthority) -> Iterator[LocalAuthority]:
    """An authority over real HTTP on loopback for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_POST(self) -> None:
            local.asked += 1
            reply = local.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    local.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield local
    finally:
        server.shutdown()
        server.server_close()
