"""Accepting a signature: the whole gate, then stored for good."""

import hashlib
from datetime import datetime
from functools import cache
from importlib.metadata import version
from typing import Any

from django.db import transaction

from signing import binding
from signing import content as contents
from signing.archive import archive
from signing.gate import Signer, gate_pass
from signing.models import Card, Signature, SignedBody
from signing.refusals import Refused
from signing.selectors import signatures_of
from signing.services.nonces import nonce_use
from treasury.core import clock


def signature_accept(
    *,
    document_ref: str,
    revision: int,
    capacity: str,
    user_id: int,
    agency_code: str,
    content: bytes,
    message: bytes,
    session: str = "",
) -> Signature:
    """Stores a person's signature (CMS, DER) over content in a capacity, once it has passed the gate (A-1.1, B-12.1).

    The content must be what our own database makes of the document (see `content_issue`). A fixed number of
    statements in one transaction. Refused with the first thing that is wrong; then nothing is stored and the nonce
    stays unused.
    """
    at = clock.now()
    parts = contents.split(content)
    binding.head_check(
        parts.head, document_ref=document_ref, revision=revision, capacity=capacity, agency_code=agency_code
    )
    trusted = archive()
    signer = gate_pass(store=trusted.store(at), content=content, message=message, at=at)
    with transaction.atomic():
        others = list(signatures_of(document_ref=document_ref, revision=revision))
        card = Card.objects.filter(fingerprint=signer.certificate.fingerprint).first()
        card = binding.card_check(signer=signer, card=card, head=parts.head, user_id=user_id, archive=trusted, at=at)
        _check_others(parts, card, user_id, others)
        ground = binding.capacity_check(user_id=user_id, agency_code=agency_code, capacity=capacity, at=at)
        content_sha256 = hashlib.sha256(content).digest()
        nonce_use(content=parts, content_sha256=content_sha256, user_id=user_id, session=session, at=at)
        binding.time_check(signer, at)
        if not others:
            _body_store(parts)
        return Signature.objects.create(
            document_ref=document_ref,
            revision=revision,
            capacity=capacity,
            user_id=user_id,
            agency_code=agency_code,
            card=card,
            head=parts.head_bytes,
            body_id=parts.body_sha256,
            message=message,
            content_sha256=content_sha256,
            message_sha256=hashlib.sha256(message).digest(),
            signing_time=signer.message.signing_time,
            signed_at=at,
            verdict={**verdict_of(signer, at), "ground": ground},
        )


def _check_others(parts: contents.Content, card: Card, user_id: int, others: list[Signature]) -> None:
    """The new signature beside those over the same revision: another capacity, another person, the same voucher."""
    if any(other.capacity == parts.head.capacity for other in others):
        raise Refused("signature_exists", parts.head.capacity)
    binding.distinct_check(card, user_id, others)
    if any(bytes(other.body_id) != parts.body_sha256 for other in others):
        raise Refused("document_differs")
    binding.earlier_check(parts.head, others)


def _body_store(parts: contents.Content) -> None:
    """Stores the voucher's bytes, which every further signature over the same ones shares, after reading them whole."""
    parts.voucher()
    SignedBody.objects.bulk_create([SignedBody(sha256=parts.body_sha256, body=parts.body)], ignore_conflicts=True)


def verdict_of(signer: Signer, at: datetime) -> dict[str, Any]:
    """What was found and with what, as it is stored with the signature (A-1.2)."""
    return {
        "code": "ok",
        "at": at.isoformat(),
        "certificate": signer.certificate.fingerprint.hex(),
        "issuers": [one.fingerprint.hex() for one in signer.path.issuers],
        "policies": list(signer.path.policies),
        "lists": [
            {"issuer": one.issuer_key, "number": one.number, "sha256": one.sha256.hex()} for one in signer.path.lists
        ],
        "versions": _versions(),
    }


@cache
def _versions() -> dict[str, str]:
    return {name: version(name) for name in ("cryptography", "pyhanko-certvalidator", "asn1crypto")}
