"""Numbers used once, and the contents issued with them (step 8 of the gate)."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from signing import selectors
from signing.content import Content, content_build
from signing.models import Nonce
from signing.refusals import Refused
from treasury.core import clock
from treasury.core.sql import execute

VALID_FOR: Final = timedelta(minutes=30)
_USE: Final = """
UPDATE signing_nonce SET used_at = %(at)s
WHERE digest = %(digest)s AND used_at IS NULL AND expires_at >= %(at)s
  AND document_ref = %(document_ref)s AND revision = %(revision)s AND capacity = %(capacity)s
  AND user_id = %(user_id)s AND session = %(session)s
  AND (content_sha256 IS NULL OR content_sha256 = %(content_sha256)s)
"""


def nonce_issue(*, document_ref: str, revision: int, capacity: str, user_id: int, session: str = "") -> str:
    """A fresh nonce of 32 random bytes (base64url, 43 characters) for one signature, valid for half an hour."""
    nonce = secrets.token_urlsafe(32)
    _row(nonce, document_ref, revision, capacity, user_id, session).save(force_insert=True)
    return nonce


def content_issue(
    *,
    document: Mapping[str, Any],
    capacity: str,
    user_id: int,
    statement_version: str,
    session: str = "",
    body: bytes | None = None,
) -> bytes:
    """The canonical bytes that a person is to sign, with a fresh nonce; only these bytes will be accepted for it.

    `document` and `body` as for `content_build`; the releaser's earlier signatures are found here.
    """
    nonce = secrets.token_urlsafe(32)
    document_ref = f"{document['agency_code']}/{document['fiscal_year']}/{document['number']}"
    revision = document["revision"]
    earlier = selectors.messages_of(document_ref=document_ref, revision=revision) if capacity == "releaser" else ()
    content = content_build(
        document=document,
        capacity=capacity,
        nonce=nonce,
        statement_version=statement_version,
        earlier=earlier,
        body=body,
    )
    row = _row(nonce, document_ref, revision, capacity, user_id, session)
    row.content_sha256 = hashlib.sha256(content).digest()
    row.save(force_insert=True)
    return content


def nonce_use(*, content: Content, content_sha256: bytes, user_id: int, session: str, at: datetime) -> None:
    """Uses the nonce of a content up, in the caller's transaction; Refused when it is unknown, used, expired or was
    issued for something else."""
    head = content.head
    digest = _digest(head.nonce)
    wanted: dict[str, Any] = {
        "document_ref": head.document_ref,
        "revision": head.revision,
        "capacity": head.capacity,
        "user_id": user_id,
        "session": session,
    }
    if execute(_USE, {**wanted, "digest": digest, "content_sha256": content_sha256, "at": at}):
        return
    row = Nonce.objects.filter(digest=digest).first()
    if row is None:
        raise Refused("nonce_unknown")
    if row.used_at is not None:
        raise Refused("nonce_used")
    if any(getattr(row, name) != value for name, value in wanted.items()):
        raise Refused("nonce_of_other_use")
    if row.expires_at < at:
        raise Refused("nonce_expired")
    raise Refused("content_of_other_document", "the nonce was issued with another content")


def _row(nonce: str, document_ref: str, revision: int, capacity: str, user_id: int, session: str) -> Nonce:
    now = clock.now()
    return Nonce(
        digest=_digest(nonce),
        document_ref=document_ref,
        revision=revision,
        capacity=capacity,
        user_id=user_id,
        session=session,
        issued_at=now,
        expires_at=now + VALID_FOR,
    )


def _digest(nonce: str) -> bytes:
    return hashlib.sha256(nonce.encode()).digest()
