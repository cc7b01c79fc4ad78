"""Registering cards: which person signs with which card in which capacity of which agency (A-2.1, B-12.1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from signing.algorithms import key_check
from signing.archive import Archive, archive
from signing.certificates import CertificateFacts, certificate_read
from signing.models import Card, CardState
from signing.refusals import Refused
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem


@dataclass(frozen=True, slots=True)
class CardRegistration:
    """A card to be registered; `issuer_kind` (GCA, XCA, MOICA) is the authority that this kind of agency uses."""

    user_id: int
    agency_code: str
    capacity: str
    issuer_kind: str
    certificate: bytes
    card_no: str


def card_register(*, registration: CardRegistration, actor: Actor, activate: bool = False) -> Card:
    """Registers one card; see `cards_register`."""
    return cards_register(registrations=[registration], actor=actor, activate=activate)[0]


def cards_register(*, registrations: Sequence[CardRegistration], actor: Actor, activate: bool = False) -> list[Card]:
    """Registers cards in one statement for all; a card registered the same way before is returned as it is.

    `activate` puts them into force at once (what paper forms do otherwise). Refused for a certificate whose path,
    policy, key usage or revocation is not in order, `issuer_kind` when another authority issued it than the one for
    this kind of agency; Problem `card_taken` (409) when it is registered to another person, agency or capacity.
    """
    trusted = archive()
    facts = [_checked(one, trusted) for one in registrations]
    with transaction.atomic():
        wanted = [one.fingerprint for one in facts]
        found = {bytes(row.fingerprint): row for row in Card.objects.filter(fingerprint__in=wanted)}
        fresh = {
            one.fingerprint: _row(registration, one, actor=actor, activate=activate)
            for one, registration in zip(facts, registrations, strict=True)
            if one.fingerprint not in found
        }
        found |= {bytes(row.fingerprint): row for row in Card.objects.bulk_create(fresh.values())}
    rows = [found[key] for key in wanted]
    for row, one in zip(rows, registrations, strict=True):
        if (row.user_id, row.agency_code, row.capacity) != (one.user_id, one.agency_code, one.capacity):
            raise Problem("card_taken", f"卡片 {row.card_no} 已註冊予他人、他機關或其他職務", status=409)
    return rows


def card_activate(*, card: Card) -> Card:
    """Puts a registered card into force from now on; an active card stays as it is (A-2.4).

    Problem `card_ended` (409) for a registration that has ended.
    """
    with transaction.atomic():
        row = Card.objects.select_for_update().get(pk=card.pk)
        if row.state == CardState.ENDED:
            raise Problem("card_ended", f"卡片 {row.card_no} 之註冊已終止", status=409)
        if row.state != CardState.ACTIVE:
            row.state, row.active_from = CardState.ACTIVE, clock.now()
            row.save(update_fields=["state", "active_from"])
        return row


def card_end(*, card: Card, because: str) -> Card:
    """Ends a card's registration from now on: loss, change of person, renewal (B-12.1); an ended one stays as it is.

    What it signed before stays valid.
    """
    with transaction.atomic():
        row = Card.objects.select_for_update().get(pk=card.pk)
        if row.state != CardState.ENDED:
            row.state, row.ended_at, row.ended_because = CardState.ENDED, clock.now(), because
            row.save(update_fields=["state", "ended_at", "ended_because"])
        return row


def _checked(registration: CardRegistration, trusted: Archive) -> CertificateFacts:
    """The certificate of a registration, its path checked; Refused when it may not be registered."""
    facts = certificate_read(registration.certificate)
    if not facts.signs or facts.is_authority:
        raise Refused("key_usage", facts.subject)
    key_check(facts.public_key)
    at = clock.now()
    issuer = trusted.store(at).path_check(facts, at=at).issuer
    if trusted.issuer_kind(issuer) != registration.issuer_kind:
        raise Refused("issuer_kind", f"{issuer.subject} 非 {registration.issuer_kind}")
    return facts


def _row(registration: CardRegistration, facts: CertificateFacts, *, actor: Actor, activate: bool) -> Card:
    now = clock.now()
    return Card(
        user_id=registration.user_id,
        agency_code=registration.agency_code,
        capacity=registration.capacity,
        card_no=registration.card_no,
        issuer_kind=registration.issuer_kind,
        certificate=facts.der,
        fingerprint=facts.fingerprint,
        spki_sha256=facts.spki_sha256,
        serial=facts.serial,
        subject=facts.subject,
        valid_from=facts.valid_from,
        valid_to=facts.valid_to,
        state=CardState.ACTIVE if activate else CardState.REGISTERED,
        registered_at=now,
        registered_by=actor.name,
        active_from=now if activate else None,
    )
