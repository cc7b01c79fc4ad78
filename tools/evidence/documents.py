"""The electronic payment document: three signatures over one voucher, each with its time and its path."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from . import chains, container, messages, tokens
from .wrong import Wrong

TYPE, CONTENT_TYPE = "epay-log-document/1", "epay-voucher/1"
CAPACITIES = ("accountant", "head", "releaser")
TOLERANCE = timedelta(minutes=5)
_NAMES = ("treasury", "agency_code", "fiscal_year", "number", "revision")
_JOINT = b',"voucher":'
_NONCE = re.compile(r"[0-9A-Za-z_-]{43}")


@dataclass
class Signature:
    """One signature on its way through the checks; each fills in what the next needs."""

    capacity: str
    told: dict[str, Any]
    content: bytes
    message: bytes
    raw: bytes
    token: bytes
    head: dict[str, Any] = field(default_factory=dict)
    body: bytes = b""
    signed: messages.Signed | None = None
    certificate: x509.Certificate | None = None
    stamped: tokens.Stamped | None = None

    @property
    def spki(self) -> bytes:
        """The public key, as two certificates are compared by it."""
        return _present(self.certificate).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def document_read(manifest: dict[str, Any], parts: dict[str, bytes]) -> tuple[dict[str, Any], list[Signature]]:
    """What the log was told of the document, and its signatures; Wrong unless the file has exactly their parts."""
    document = container.json_read(parts["document.json"])
    named = (document["typ"], document["document_ref"], document["revision"])
    if named != (TYPE, manifest["document_ref"], manifest["revision"]):
        raise Wrong("the document is of another kind or name than the manifest says")
    signatures = []
    for told in document["signatures"]:
        name = told["capacity"]
        found = [parts[one] for one in names_of(name)]
        signatures.append(Signature(name, told, *found))
    capacities = tuple(one.capacity for one in signatures)
    if capacities not in (CAPACITIES, CAPACITIES[:2]):
        raise Wrong(f"the signatures are of {', '.join(capacities) or 'nobody'}")
    listed = [{name: one.told[name] for name in ("capacity", "content_sha256", "message_sha256")} for one in signatures]
    digest = {"typ": CONTENT_TYPE, "document_ref": named[1], "revision": named[2], "signatures": listed}
    if hashlib.sha256(container.canonical(digest)).hexdigest() != document["digest"]:
        raise Wrong("the document's digest is not that of its signatures")
    return document, signatures


def names_of(capacity: str) -> list[str]:
    """The parts of one signature: content, message, bare signature value, time token."""
    return [
        f"contents/{capacity}.json",
        f"signatures/{capacity}.p7s",
        f"signatures/{capacity}.sig",
        f"tokens/{capacity}.tst",
    ]


def check_signature(one: Signature, document: dict[str, Any]) -> str:
    """The message over the content, and the content of this document; tells who signed what they say when."""
    digests = [hashlib.sha256(part).hexdigest() for part in (one.content, one.message, one.token)]
    if digests != [one.told[name] for name in ("content_sha256", "message_sha256", "token_sha256")]:
        raise Wrong("content, message or token is not the one that was sealed")
    one.head, one.body = _split(one.content)
    ref = f"{one.head['agency_code']}/{one.head['fiscal_year']}/{one.head['number']}"
    if (ref, one.head["revision"]) != (document["document_ref"], document["revision"]):
        raise Wrong("the content is of another document")
    if (one.head["typ"], one.head["capacity"]) != (CONTENT_TYPE, one.capacity) or not _NONCE.fullmatch(
        one.head["nonce"]
    ):
        raise Wrong("the content is for another capacity, or without a nonce")
    one.signed = messages.read(one.message, messages.DATA)
    one.certificate = one.signed.certificate([])
    one.signed.check(one.content, one.certificate)
    if one.signed.signature != one.raw:
        raise Wrong("the bare signature is not the one in the message")
    nonce = one.signed.attributes.get(messages.NONCE)
    if nonce is not None and nonce.content.decode("ascii") != one.head["nonce"]:
        raise Wrong("the nonce of the message is not the content's")
    return f"{one.certificate.subject.rfc4514_string()}, {one.signed.signed_at().isoformat()}"


def check_time(one: Signature, store: chains.Store) -> str:
    """The token over the signature value, and that card and authority agree on the time."""
    one.stamped = tokens.check(one.token, one.raw, store)
    if abs(one.stamped.at - _present(one.signed).signed_at()) > TOLERANCE:
        raise Wrong(f"signed {_present(one.signed).signed_at().isoformat()}, stamped {one.stamped.at.isoformat()}")
    return f"{one.stamped.at.isoformat()} by {one.stamped.way[0].subject.rfc4514_string()}"


def check_certificate(one: Signature, store: chains.Store) -> str:
    """The signer's path as of the token's moment, by the very certificates and lists that were logged."""
    certificate, stamped = _present(one.certificate), _present(one.stamped)
    chains.check_signs(certificate)
    way, lists = store.path(certificate, stamped.at, policy=chains.CARD_POLICY)
    used = [found.fingerprint(hashes.SHA256()).hex() for found in way]
    if (used[0], used[1:]) != (one.told["certificate"], one.told["issuers"]):
        raise Wrong("the path is not the one that was logged")
    if {found.fingerprint(hashes.SHA256()).hex() for found in lists} != set(one.told["lists"]):
        raise Wrong("the revocation lists are not those that were logged")
    return f"{certificate.serial_number:x} of {way[1].subject.rfc4514_string()}, not revoked then"


def check_together(signatures: list[Signature]) -> dict[str, Any]:
    """The voucher that all of them signed; Wrong unless it is one voucher, and the signers and keys are distinct."""
    first = signatures[0]
    if any(one.body != first.body or _named(one) != _named(first) for one in signatures):
        raise Wrong("the signatures are not over the same voucher")
    for marks in ([one.spki for one in signatures], [one.told["certificate"] for one in signatures]):
        if len(set(marks)) != len(marks):
            raise Wrong("one key or certificate has signed in two capacities")
    before = [one.told["message_sha256"] for one in signatures[:2]]
    for one in signatures:
        if one.head.get("earlier", []) != (before if one.capacity == "releaser" else []):
            raise Wrong("the releaser's content does not name the two signatures before it")
    voucher: dict[str, Any] = container.json_read(first.body)
    return voucher


def _named(one: Signature) -> list[Any]:
    return [one.head[name] for name in _NAMES]


def _split(content: bytes) -> tuple[dict[str, Any], bytes]:
    """The names around the voucher and the voucher's own bytes."""
    at = content.find(_JOINT, 0, 2000)
    if at < 0 or content[-1:] != b"}":
        raise Wrong("the content has no head and voucher")
    return container.json_read(content[:at] + b"}"), content[at + len(_JOINT) : -1]


def _present(value: Any) -> Any:
    if value is None:
        raise Wrong("the check before this one failed")
    return value
