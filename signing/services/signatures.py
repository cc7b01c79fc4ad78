"""Accepting a signature in two steps: proven and timestamped without a lock held, then bound and stored for good."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib.metadata import version
from typing import Any

from django.db import transaction

from signing import binding
from signing import content as contents
from signing.archive import Archive, archive
from signing.certificates import CertificateFacts
from signing.gate import Signer, gate_pass
from signing.models import Card, Signature, SignedBody
from signing.paths import PathVerdict
from signing.refusals import Refused
from signing.selectors import signatures_of
from signing.services.nonces import nonce_use
from signing.services.timestamps import timestamp_obtain
from signing.timestamps.tokens import Token
from treasury.core import clock


@dataclass(frozen=True, slots=True)
class Proof:
    """A signature that passed steps 1 to 6 of the gate, with its timestamp: what `signature_store` may store.

    The signer is judged as of the token's moment; `received_at` is when it came.
    """

    content: contents.Content
    content_sha256: bytes
    message: bytes
    signer: Signer
    token: Token
    received_at: datetime


def signature_prove(
    *, document_ref: str, revision: int, capacity: str, agency_code: str, content: bytes, message: bytes
) -> Proof:
    """Passes a signature (CMS, DER) over content through steps 1 to 6 of the gate and has it timestamped.

    The content must be what our own database makes of the document (see `content_issue`). Asks the timestamp authority
    over the network, so it is called before the transaction that locks the document; nothing is stored. Refused with
    the first thing that is wrong; Problem `timestamp_unavailable` (503).
    """
    at = clock.now()
    parts = contents.split(content)
    binding.head_check(
        parts.head, document_ref=document_ref, revision=revision, capacity=capacity, agency_code=agency_code
    )
    trusted = archive()
    signer = gate_pass(store=trusted.store(at), content=content, message=message, at=at)
    token = timestamp_obtain(data=signer.message.signature, trusted=trusted)
    # What counts from here on is the moment that the authority vouches for.
    path = trusted.store(token.generated_at).path_check(signer.certificate, at=token.generated_at)
    return Proof(
        content=parts,
        content_sha256=hashlib.sha256(content).digest(),
        message=message,
        signer=replace(signer, path=path),
        token=token,
        received_at=at,
    )


def signature_store(
    *, proof: Proof, document_ref: str, revision: int, capacity: str, user_id: int, agency_code: str, session: str = ""
) -> Signature:
    """Stores a person's proven signature in a capacity, once it is bound to card, person, document and nonce
    (A-1.1, B-12.1).

    The document's names are those of the locked row. A fixed number of statements in one transaction. Refused with the
    first thing that is wrong; then nothing is stored and the nonce stays unused.
    """
    parts, signer, at = proof.content, proof.signer, proof.token.generated_at
    binding.head_check(
        parts.head, document_ref=document_ref, revision=revision, capacity=capacity, agency_code=agency_code
    )
    trusted = archive()
    with transaction.atomic():
        others = list(signatures_of(document_ref=document_ref, revision=revision))
        card = _card_of(proof, user_id, trusted)
        _check_others(parts, card, user_id, others)
        ground = binding.capacity_check(user_id=user_id, agency_code=agency_code, capacity=capacity, at=at)
        nonce_use(
            content=parts,
            content_sha256=proof.content_sha256,
            user_id=user_id,
            session=session,
            at=proof.received_at,
        )
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
            message=proof.message,
            content_sha256=proof.content_sha256,
            message_sha256=hashlib.sha256(proof.message).digest(),
            signing_time=signer.message.signing_time,
            signed_at=proof.received_at,
            token=proof.token.der,
            token_at=at,
            verdict={**verdict_of(proof), "ground": ground},
        )


def _card_of(proof: Proof, user_id: int, trusted: Archive) -> Card:
    """The signer's card, in order when the signature came and at the moment of its token: a loss takes effect at once,
    also while the authority's clock is behind ours."""
    signer, head = proof.signer, proof.content.head
    found = Card.objects.filter(fingerprint=signer.certificate.fingerprint).prefetch_related("holds").first()
    for moment in (proof.received_at, proof.token.generated_at):
        card = binding.card_check(signer=signer, card=found, head=head, user_id=user_id, archive=trusted, at=moment)
        binding.time_check(signer, moment)
    return card


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


def verdict_of(proof: Proof) -> dict[str, Any]:
    """What was found and with what, as it is stored with the signature (A-1.2)."""
    signer, stamp = proof.signer, proof.token.facts
    return {
        "code": "ok",
        "at": stamp.generated_at.isoformat(),
        "policies": list(signer.path.policies),
        **_path(signer.certificate, signer.path),
        "timestamp": {"serial": f"{stamp.serial:x}", "policy": stamp.policy, **_path(stamp.certificate, stamp.path)},
        "versions": _versions(),
    }


def _path(certificate: CertificateFacts, path: PathVerdict) -> dict[str, Any]:
    return {
        "certificate": certificate.fingerprint.hex(),
        "issuers": [one.fingerprint.hex() for one in path.issuers],
        "lists": [{"issuer": one.issuer_key, "number": one.number, "sha256": one.sha256.hex()} for one in path.lists],
    }


@cache
def _versions() -> dict[str, str]:
    return {name: version(name) for name in ("cryptography", "pyhanko-certvalidator", "asn1crypto")}
