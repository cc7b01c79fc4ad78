"""Reading what was proved."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from signing.content import CAPACITIES
from signing.models import Card, CardState, ElectronicPaymentDocument, IssuerKind, Signature, SignedBody
from treasury.core import clock
from treasury.core.errors import Problem


def signatures_of(*, document_ref: str, revision: int) -> QuerySet[Signature]:
    """The signatures over a document's revision with their cards, in the order given."""
    return Signature.objects.filter(document_ref=document_ref, revision=revision).select_related("card")


@dataclass(frozen=True, slots=True)
class SealFacts:
    """One signature as a document shows it: who, in which capacity, with which certificate (hexadecimal serial), when
    it came and the moment of its timestamp."""

    capacity: str
    holder: str
    certificate_serial: str
    card_no: str
    signed_at: datetime
    token_at: datetime


def seals_of(references: Iterable[tuple[str, int]]) -> dict[tuple[str, int], tuple[SealFacts, ...]]:
    """The signatures over many documents (reference, revision) in the order given, in one query without their bytes;
    a document without signatures is left out."""
    wanted = set(references)
    rows = Signature.objects.filter(document_ref__in={reference for reference, _ in wanted}).order_by("id")
    found: dict[tuple[str, int], list[SealFacts]] = defaultdict(list)
    names = ("capacity", "user__display_name", "card__serial", "card__card_no", "signed_at", "token_at")
    for document_ref, revision, *facts in rows.values_list("document_ref", "revision", *names):
        found[document_ref, revision].append(SealFacts(*facts))
    return {reference: tuple(seals) for reference, seals in found.items() if reference in wanted}


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """One signature as a page shows it: who, for which revision and capacity, with which certificate, when.

    `subject` is the certificate's holder, `issuer_kind` one of IssuerKind, `serial` hexadecimal, `signing_time` what
    the card said, `signed_at` when it came, `token_at` the moment of its timestamp, which counts.
    """

    revision: int
    capacity: str
    holder: str
    subject: str
    issuer_kind: str
    issuer: str
    serial: str
    card_no: str
    valid_to: datetime
    signing_time: datetime
    signed_at: datetime
    token_at: datetime


def signatures_shown(*, document_ref: str) -> tuple[SignatureFacts, ...]:
    """The signatures over every revision of a document in the order given, in one query without their bytes."""
    rows = Signature.objects.filter(document_ref=document_ref).order_by("id")
    names = ("revision", "capacity", "user__display_name", "card__subject", "card__issuer_kind", "card__serial")
    columns = (*names, "card__card_no", "card__valid_to", "signing_time", "signed_at", "token_at")
    return tuple(
        SignatureFacts(revision, capacity, holder, subject, kind, str(IssuerKind(kind).label), serial, card_no, *times)
        for revision, capacity, holder, subject, kind, serial, card_no, *times in rows.values_list(*columns)
    )


def digests_of(references: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """The digests (64 hexadecimal digits) of the sealed ones among many documents, in one query."""
    wanted = set(references)
    rows = ElectronicPaymentDocument.objects.filter(document_ref__in={reference for reference, _ in wanted})
    digests = {
        (document_ref, revision): bytes(digest).hex()
        for document_ref, revision, digest in rows.values_list("document_ref", "revision", "digest")
    }
    return {reference: digest for reference, digest in digests.items() if reference in wanted}


def messages_of(*, document_ref: str, revision: int) -> tuple[bytes, ...]:
    """The messages (DER) of the signatures so far, accountant before head: what the releaser's content names."""
    found = dict(
        Signature.objects.filter(document_ref=document_ref, revision=revision)
        .exclude(capacity="releaser")
        .values_list("capacity", "message")
    )
    return tuple(bytes(found[capacity]) for capacity in CAPACITIES if capacity in found)


def cards_active(
    *, agency_code: str | None = None, user_ids: Sequence[int] | None = None, at: datetime | None = None
) -> QuerySet[Card]:
    """Cards whose registration is in force at a moment (now), of an agency or of persons."""
    at = at or clock.now()
    found = Card.objects.filter(active_from__lte=at).filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at))
    if agency_code is not None:
        found = found.filter(agency_code=agency_code)
    if user_ids is not None:
        found = found.filter(user_id__in=list(user_ids))
    return found.filter(valid_to__gte=at).order_by("agency_code", "capacity", "-valid_from")


def card_for(*, user_id: int, capacity: str) -> Card | None:
    """The card with which a person signs in a capacity now: the newest that is in force."""
    return cards_active(user_ids=[user_id]).filter(capacity=capacity, state=CardState.ACTIVE).first()


def card_numbers(*, user_id: int, capacity: str) -> list[str]:
    """The numbers of every card with which a person may sign in a capacity now, the newest first."""
    rows = cards_active(user_ids=[user_id]).filter(capacity=capacity, state=CardState.ACTIVE)
    return list(rows.values_list("card_no", flat=True))


def cards_of(user_id: int) -> QuerySet[Card]:
    """Every card registered to a person, those in force first."""
    return Card.objects.filter(user_id=user_id).order_by("state", "capacity", "-valid_to").defer("certificate")


def cards_registered(*, agency_code: str = "") -> QuerySet[Card]:
    """Every card registered at an agency (empty: anywhere) with its holder, the soonest to expire first."""
    rows = Card.objects.select_related("user").defer("certificate").order_by("valid_to", "id")
    return rows.filter(agency_code=agency_code) if agency_code else rows


def voucher_signed(*, document_ref: str, revision: int) -> dict[str, Any]:
    """The voucher object that a sealed revision's signatures cover, read from the stored bytes; Problem
    `document_unknown` without one. It verifies nothing: that is `document_verify`."""
    sealed = document_of(document_ref=document_ref, revision=revision)
    if sealed is None:
        raise Problem("document_unknown", f"{document_ref} revision {revision} was never sealed")
    body = SignedBody.objects.get(signatures__pk=sealed.signature_ids[0])
    voucher: dict[str, Any] = json.loads(bytes(body.body))
    return voucher


def revision_sealed(*, document_ref: str) -> int | None:
    """The newest revision of a document that was sealed, whose evidence can be exported."""
    rows = ElectronicPaymentDocument.objects.filter(document_ref=document_ref).order_by("-revision")
    return rows.values_list("revision", flat=True).first()


def document_of(*, document_ref: str, revision: int) -> ElectronicPaymentDocument | None:
    """The sealed document of a revision."""
    return ElectronicPaymentDocument.objects.filter(document_ref=document_ref, revision=revision).first()
