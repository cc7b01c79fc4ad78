"""What an entry of the log says: canonical JSON, everything in it by SHA-256 in hexadecimal."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from signing.canonical import canonical
from signing.models import ElectronicPaymentDocument, LogHead, Signature

DOCUMENT_TYPE: Final = "epay-log-document/1"
DAY_TYPE: Final = "epay-log-day/1"
HEAD_TOKEN_TYPE: Final = "epay-log-head-token/1"


def moment(at: datetime) -> str:
    """A moment in UTC to the microsecond, as `2025-03-07T02:00:00.000000Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def document_ref(reference: str, revision: int) -> str:
    """What the entry of an electronic payment document is found by."""
    return f"{reference}#{revision}"


def document_body(sealed: ElectronicPaymentDocument, signatures: Sequence[Signature]) -> bytes:
    """The entry of an electronic payment document: its seal, and of each signature what it rests on (A-1.1)."""
    return canonical(
        {
            "typ": DOCUMENT_TYPE,
            "document_ref": sealed.document_ref,
            "revision": sealed.revision,
            "digest": bytes(sealed.digest).hex(),
            "sealed_at": moment(sealed.sealed_at),
            "signatures": [_signature(one) for one in signatures],
        }
    )


def _signature(one: Signature) -> dict[str, Any]:
    verdict: Mapping[str, Any] = one.verdict
    return {
        "capacity": one.capacity,
        "content_sha256": bytes(one.content_sha256).hex(),
        "message_sha256": bytes(one.message_sha256).hex(),
        "token_sha256": _sha256(one.token),
        "token_at": moment(one.token_at),
        "certificate": verdict["certificate"],
        "issuers": verdict["issuers"],
        "lists": [found["sha256"] for found in verdict["lists"]],
    }


def day_body(*, on: str, digest: bytes, previous_digest: bytes, chains: int) -> bytes:
    """The entry of a daily digest of the books: what it is, which it follows, how many chains it ties together."""
    return canonical(
        {
            "typ": DAY_TYPE,
            "on": on,
            "digest": digest.hex(),
            "previous_digest": previous_digest.hex(),
            "chains": chains,
        }
    )


def head_token_body(head: LogHead) -> bytes:
    """The entry of an earlier head's time token, with what the token rests on: every later head keeps it."""
    return canonical(
        {
            "typ": HEAD_TOKEN_TYPE,
            "size": head.size,
            "root": bytes(head.root).hex(),
            "note_sha256": _sha256(head.note),
            "token_sha256": _sha256(head.token),
            "certificates": list(head.token_facts["certificates"]),
            "lists": list(head.token_facts["lists"]),
        }
    )


def _sha256(data: bytes | memoryview) -> str:
    return hashlib.sha256(data).hexdigest()
