"""The electronic payment document: sealed at release, verified again whole when the treasury takes it in."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from signing import binding
from signing import content as contents
from signing.archive import Archive, archive
from signing.gate import gate_pass
from signing.models import Card, ElectronicPaymentDocument, Signature, SignedBody
from signing.refusals import Refused
from signing.selectors import signatures_of
from signing.timestamps.tokens import facts_check, token_read
from treasury.core import clock

Reference = tuple[str, int]


@dataclass(frozen=True, slots=True)
class SignatureVerdict:
    """One signature of a document that was found in order."""

    capacity: str
    user_id: int
    card_no: str
    issuer_kind: str
    subject: str
    issuer: str
    serial: str
    fingerprint: str
    signing_time: datetime
    signed_at: datetime
    token_at: datetime


@dataclass(frozen=True, slots=True)
class DocumentVerdict:
    """What verification found: `ok`, else the stable `code` of the first thing that is wrong and its `detail`.

    `content` is the voucher that was signed, `document` the names around it (treasury, agency_code, fiscal_year,
    number, revision), `digest` the document's own SHA-256.
    """

    ok: bool
    code: str
    detail: str
    content: dict[str, Any] = field(default_factory=dict)
    document: dict[str, Any] = field(default_factory=dict)
    signatures: tuple[SignatureVerdict, ...] = ()
    digest: bytes = b""


def document_seal(*, document_ref: str, revision: int, required_capacities: Sequence[str]) -> ElectronicPaymentDocument:
    """Ties the signatures of a revision together for good (A-1.1).

    Refused `document_incomplete` when a required one is missing.
    """
    with transaction.atomic():
        signatures = list(signatures_of(document_ref=document_ref, revision=revision).defer("message", "head", "token"))
        missing = set(required_capacities) - {one.capacity for one in signatures}
        if missing:
            raise Refused("document_incomplete", ", ".join(sorted(missing)))
        return ElectronicPaymentDocument.objects.create(
            document_ref=document_ref,
            revision=revision,
            signature_ids=[one.pk for one in signatures],
            digest=document_digest(document_ref, revision, signatures),
            sealed_at=clock.now(),
        )


def document_digest(document_ref: str, revision: int, signatures: Sequence[Signature]) -> bytes:
    """The digest of a document from its stored signatures."""
    listed = [
        {
            "capacity": one.capacity,
            "content_sha256": bytes(one.content_sha256).hex(),
            "message_sha256": bytes(one.message_sha256).hex(),
        }
        for one in signatures
    ]
    return contents.document_digest(document_ref, revision, listed)


def document_verify(*, document_ref: str, revision: int, required_capacities: Sequence[str]) -> DocumentVerdict:
    """Verifies one sealed document; see `documents_verify`."""
    reference = (document_ref, revision)
    return documents_verify(references=[reference], required_capacities=required_capacities)[reference]


def documents_verify(
    *, references: Sequence[Reference], required_capacities: Sequence[str]
) -> dict[Reference, DocumentVerdict]:
    """Verifies sealed documents (reference, revision) over the stored bytes, in a fixed number of statements
    whatever their number and size (A-1.2, B-23.1).

    Each signature is judged as of the moment of its timestamp, which is verified first: a certificate revoked since
    stays good. An unsealed or unknown document is `document_unknown`.
    """
    trusted, wanted = archive(), set(references)
    rows = ElectronicPaymentDocument.objects.filter(document_ref__in={ref for ref, _ in wanted})
    sealed = {(one.document_ref, one.revision): one for one in rows if (one.document_ref, one.revision) in wanted}
    pks = [pk for one in sealed.values() for pk in one.signature_ids]
    found: dict[Reference, list[Signature]] = defaultdict(list)
    for row in Signature.objects.filter(pk__in=pks).select_related("card").prefetch_related("card__holds"):
        found[row.document_ref, row.revision].append(row)
    digests = {bytes(row.body_id) for rows in found.values() for row in rows}
    bodies = {
        bytes(sha256): bytes(body)
        for sha256, body in SignedBody.objects.filter(sha256__in=digests).values_list("sha256", "body")
    }
    return {
        reference: _verdict(sealed.get(reference), found[reference], bodies, required_capacities, trusted)
        for reference in references
    }


def _verdict(
    sealed: ElectronicPaymentDocument | None,
    signatures: Sequence[Signature],
    bodies: Mapping[bytes, bytes],
    required_capacities: Sequence[str],
    trusted: Archive,
) -> DocumentVerdict:
    try:
        if sealed is None:
            raise Refused("document_unknown")
        return _verified(sealed, signatures, bodies, required_capacities, trusted)
    except Refused as refused:
        return DocumentVerdict(ok=False, code=refused.code, detail=refused.detail)


def _verified(
    sealed: ElectronicPaymentDocument,
    signatures: Sequence[Signature],
    bodies: Mapping[bytes, bytes],
    required_capacities: Sequence[str],
    trusted: Archive,
) -> DocumentVerdict:
    missing = set(required_capacities) - {one.capacity for one in signatures}
    if missing or [one.pk for one in signatures] != sealed.signature_ids:
        raise Refused("document_incomplete", ", ".join(sorted(missing)))
    if document_digest(sealed.document_ref, sealed.revision, signatures) != bytes(sealed.digest):
        raise Refused("document_differs", "the seal's digest")
    body_sha256 = bytes(signatures[0].body_id)
    if any(bytes(one.body_id) != body_sha256 for one in signatures):
        raise Refused("document_differs")
    body = bodies[body_sha256]
    if hashlib.sha256(body).digest() != body_sha256:
        raise Refused("document_differs", "the stored voucher")
    checked = [_signature(one, body, signatures[:index], trusted) for index, one in enumerate(signatures)]
    document = _document(contents.head_read(bytes(signatures[0].head)))
    if any(_document(contents.head_read(bytes(one.head))) != document for one in signatures[1:]):
        raise Refused("document_differs", "the names around the voucher")
    return DocumentVerdict(
        ok=True,
        code="ok",
        detail="",
        content=contents.body_read(body),
        document=document,
        signatures=tuple(checked),
        digest=bytes(sealed.digest),
    )


def _document(head: contents.Head) -> dict[str, Any]:
    names = ("treasury", "agency_code", "fiscal_year", "number", "revision")
    return {name: getattr(head, name) for name in names}


def _signature(one: Signature, body: bytes, before: Sequence[Signature], trusted: Archive) -> SignatureVerdict:
    """One stored signature through the gate again, as of the moment that its timestamp vouches for."""
    content, message = contents.join(bytes(one.head), body), bytes(one.message)
    stored = (bytes(one.content_sha256), bytes(one.message_sha256))
    if (hashlib.sha256(content).digest(), hashlib.sha256(message).digest()) != stored:
        raise Refused("document_differs", one.capacity)
    head = contents.head_read(bytes(one.head))
    binding.head_check(
        head,
        document_ref=one.document_ref,
        revision=one.revision,
        capacity=one.capacity,
        agency_code=one.agency_code,
    )
    stamp = token_read(bytes(one.token))
    at = stamp.generated_at
    if at != one.token_at:
        raise Refused("timestamp_differs", one.capacity)
    binding.token_moment_check(token_at=at, received_at=one.signed_at)
    store = trusted.store(at)
    signer = gate_pass(store=store, content=content, message=message, at=at)
    facts_check(stamp, data=signer.message.signature, store=store)
    card: Card = binding.card_check(
        signer=signer, card=one.card, head=head, user_id=one.user_id, archive=trusted, at=at
    )
    binding.time_check(signer, at)
    binding.distinct_check(card, one.user_id, before)
    binding.earlier_check(head, before)
    return SignatureVerdict(
        capacity=one.capacity,
        user_id=one.user_id,
        card_no=card.card_no,
        issuer_kind=card.issuer_kind,
        subject=signer.certificate.subject,
        issuer=signer.path.issuer.subject,
        serial=signer.certificate.serial,
        fingerprint=signer.certificate.fingerprint.hex(),
        signing_time=signer.message.signing_time,
        signed_at=one.signed_at,
        token_at=at,
    )
