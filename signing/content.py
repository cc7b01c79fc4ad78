"""The signed content of a voucher: a short head of names and a body, the voucher itself.

The head's keys all sort before `voucher`, so the bytes are `{head,"voucher":body}`: the three contents of one
voucher differ in the head alone and share the body, which is stored and read once.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from signing.canonical import canonical, read
from signing.refusals import Refused

TYPE: Final = "epay-voucher/1"
CAPACITIES: Final = ("accountant", "head", "releaser")
_JOINT: Final = b',"voucher":'
_HEAD_MAX_BYTES: Final = 2000
_DOCUMENT_KEYS: Final = frozenset({"treasury", "agency_code", "fiscal_year", "number", "revision", "voucher"})
_TEXTS: Final = {
    "treasury": re.compile(r"[0-9A-Za-z_-]{1,20}"),
    "agency_code": re.compile(r"[0-9A-Za-z_-]{1,20}"),
    "number": re.compile(r"[0-9A-Z-]{1,20}"),
    "typ": re.compile(re.escape(TYPE)),
    "capacity": re.compile("|".join(CAPACITIES)),
    "statement_version": re.compile(r"[0-9A-Za-z./_-]{1,40}"),
    "nonce": re.compile(r"[0-9A-Za-z_-]{43}"),
}
_INTEGERS: Final = {"fiscal_year": (1, 999), "revision": (1, 9999)}
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Head:
    """The names around a voucher in one signature; `earlier` holds SHA-256 (hex) of the messages signed before."""

    treasury: str
    agency_code: str
    fiscal_year: int
    number: str
    revision: int
    typ: str
    capacity: str
    statement_version: str
    nonce: str
    earlier: tuple[str, ...] = ()

    @property
    def document_ref(self) -> str:
        """`0003010000/114/P0310-001`: the document, without its revision."""
        return f"{self.agency_code}/{self.fiscal_year}/{self.number}"


@dataclass(frozen=True)
class Content:
    """The bytes of one signed content in their two parts, with the head read."""

    head: Head
    head_bytes: bytes
    body: bytes

    @cached_property
    def body_sha256(self) -> bytes:
        """SHA-256 of the voucher's own canonical bytes."""
        return hashlib.sha256(self.body).digest()

    def voucher(self) -> dict[str, Any]:
        """The voucher that was signed; Refused when the body is not canonical."""
        return body_read(self.body)


def content_build(
    *,
    document: Mapping[str, Any],
    typ: str = TYPE,
    capacity: str,
    nonce: str,
    statement_version: str,
    earlier: Sequence[bytes] = (),
    body: bytes | None = None,
) -> bytes:
    """The canonical bytes for one signature (A-1.1).

    `document` holds treasury, agency_code, fiscal_year, number, revision and the voucher object; `earlier` the
    messages (DER) signed before, for the releaser; `body` may hand in the voucher's canonical bytes made before.
    Refused `content_wrong` or `content_not_canonical`.
    """
    if set(document) - {"voucher"} != _DOCUMENT_KEYS - {"voucher"}:
        raise Refused("content_wrong", "the document's keys are not the expected ones")
    head = {key: document[key] for key in _DOCUMENT_KEYS - {"voucher"}}
    head |= {"typ": typ, "capacity": capacity, "nonce": nonce, "statement_version": statement_version}
    if earlier:
        head["earlier"] = [hashlib.sha256(message).hexdigest() for message in earlier]
    _head(head)
    body = body_build(document["voucher"]) if body is None else body
    return join(canonical(head), body)


def body_build(voucher: Mapping[str, Any]) -> bytes:
    """The canonical bytes of a voucher object."""
    return canonical(voucher)


def body_read(body: bytes) -> dict[str, Any]:
    """The voucher object of canonical bytes; Refused when they are not canonical or not an object."""
    voucher = read(body)
    if not isinstance(voucher, dict):
        raise Refused("content_wrong", "the voucher is not an object", path="/voucher")
    return voucher


def document_digest(document_ref: str, revision: int, signatures: Sequence[Mapping[str, str]]) -> bytes:
    """SHA-256 of the canonical list of a document's signatures, each its capacity and the digests of content and
    message in hexadecimal: what a log or a reader can check the document by."""
    value = {"typ": TYPE, "document_ref": document_ref, "revision": revision, "signatures": list(signatures)}
    return hashlib.sha256(canonical(value)).digest()


def join(head_bytes: bytes, body: bytes) -> bytes:
    """The content of a head's canonical bytes and a body."""
    return b"".join((head_bytes[:-1], _JOINT, body, b"}"))


def head_of(content: bytes) -> bytes:
    """The head's canonical bytes of a content: all of it that is not the voucher; Refused when there is none."""
    return split(content).head_bytes


def split(content: bytes) -> Content:
    """The two parts of content with the head checked, the body unread; Refused when the shape is another."""
    at = content.find(_JOINT, 0, _HEAD_MAX_BYTES)
    if at < 0 or content[-1:] != b"}":
        raise Refused("content_not_canonical", "there is no head and voucher")
    head_bytes = content[:at] + b"}"
    return Content(head_read(head_bytes), head_bytes, content[at + len(_JOINT) : -1])


def head_read(head_bytes: bytes) -> Head:
    """The head of canonical bytes; Refused when a key is unknown, missing or its value of another shape."""
    value = read(head_bytes)
    if not isinstance(value, dict):
        raise Refused("content_wrong", "the head is not an object")
    return _head(value)


def is_content(content: bytes) -> bool:
    """Whether bytes are a canonical content of ours, whole and strict (what a card may sign)."""
    try:
        split(content).voucher()
    except Refused:
        return False
    return True


def _head(value: dict[str, Any]) -> Head:
    earlier = value.get("earlier", [])
    if set(value) - {"earlier"} != set(_TEXTS) | set(_INTEGERS):
        raise Refused("content_wrong", "the head's keys are not the expected ones")
    for key, pattern in _TEXTS.items():
        if not isinstance(value[key], str) or not pattern.fullmatch(value[key]):
            raise Refused("content_wrong", json.dumps(value[key])[:60], path=f"/{key}")
    for key, (lowest, highest) in _INTEGERS.items():
        if type(value[key]) is not int or not lowest <= value[key] <= highest:
            raise Refused("content_wrong", json.dumps(value[key])[:60], path=f"/{key}")
    if ("earlier" in value) != (value["capacity"] == "releaser") or not _digests(earlier):
        raise Refused("content_wrong", "earlier signatures belong to the releaser's content", path="/earlier")
    return Head(**(value | {"earlier": tuple(earlier)}))


def _digests(earlier: Any) -> bool:
    return isinstance(earlier, list) and all(isinstance(one, str) and _DIGEST.fullmatch(one) for one in earlier)
