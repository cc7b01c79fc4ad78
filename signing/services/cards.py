"""Registering cards: which person signs with which card in which capacity of which agency (A-2.1, B-12.1).

Every step of a card's life after that is in `card_steps`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from signing.algorithms import key_check
from signing.archive import Archive, archive
from signing.certificates import CertificateFacts, certificate_read
from signing.models import Card, CardState, SignerKind, SignerRegistration
from signing.refusals import Refused
from treasury.core import clock, steps
from treasury.core.actors import Actor
from treasury.core.errors import Problem

# What paper forms do otherwise, in this order; only the set-up of books takes them all at once.
_WAY_IN = ("send_file", "receive_paper", "activate")
_PLACE = ("user_id", "agency_code", "capacity")


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
    """Registers cards in a fixed number of statements; a card registered the same way before is returned as it is.

    `activate` puts them into force at once, for which the actor needs the right to every step on the way (the set-up
    of books has it, no person). Refused for a certificate whose path, policy, key usage or revocation is not in
    order, `issuer_kind` when another authority issued it than the one for this kind of agency; Problem `card_taken`
    (409) when it is registered to another person, agency or capacity, `key_taken` (409) when another card has its
    key there, `key_lost` (409) when a lost one has it, 403 when the actor may not.
    """
    for agency_code in {one.agency_code for one in registrations}:
        steps.authorize(actor=actor, permission="signing.create_card", agency_code=agency_code, earlier=())
    trusted = archive()
    facts = [_checked(one, trusted) for one in registrations]
    wanted = [one.fingerprint for one in facts]
    with transaction.atomic():
        _require_keys(registrations, facts)
        found = {bytes(row.fingerprint): row for row in Card.objects.filter(fingerprint__in=wanted)}
        fresh = {
            one.fingerprint: _row(registration, one, actor=actor)
            for one, registration in zip(facts, registrations, strict=True)
            if one.fingerprint not in found
        }
        made = Card.objects.bulk_create(fresh.values())
        steps.born_each(Card, [row.pk for row in made], actor=actor)
        if activate and made:
            made = _into_force(made, actor)
        found |= {bytes(row.fingerprint): row for row in made}
    rows = [found[key] for key in wanted]
    for row, one in zip(rows, registrations, strict=True):
        if _place(row) != _place(one):
            raise Problem("card_taken", f"卡片 {row.card_no} 已註冊予他人、他機關或其他職務", status=409)
    return rows


def _into_force(made: Sequence[Card], actor: Actor) -> list[Card]:
    """Takes every step on the way in for new cards and files their signers' registrations."""
    now = clock.now()
    rows = Card.objects.filter(pk__in=[row.pk for row in made])
    for verb in _WAY_IN:
        steps.perform_many(rows, verb, actor=actor, change={"active_from": now} if verb == "activate" else None)
    filed = [SignerRegistration.of(row, SignerKind.NEW, applied_at=now, applied_by=actor.name) for row in made]
    for one in filed:
        one.filed_at, one.filed_by = now, actor.name
    SignerRegistration.objects.bulk_create(filed)
    return list(rows)


def _require_keys(registrations: Sequence[CardRegistration], facts: Sequence[CertificateFacts]) -> None:
    """Problem `key_taken` for a key that another person has, or the same person in another capacity or agency; the
    same key in a renewed card of the same person is no surprise. Problem `key_lost` for the key of a lost card."""
    places = {one.spki_sha256: _place(where) for one, where in zip(facts, registrations, strict=True)}
    fingerprints = {one.fingerprint for one in facts}
    known = Card.objects.filter(spki_sha256__in=list(places)).only("spki_sha256", "state", *_PLACE)
    for row in known.exclude(fingerprint__in=fingerprints):
        if _place(row) != places[bytes(row.spki_sha256)]:
            raise Problem("key_taken", "此卡之金鑰已註冊予他人、他機關或其他職務", path="/certificate", status=409)
        if row.state == CardState.LOST:
            raise key_lost()


def key_lost() -> Problem:
    """The refusal of a key that a lost card has: whoever found that card could sign with it."""
    return Problem("key_lost", "此卡之金鑰屬於已報遺失之卡片", path="/certificate", status=409)


def _place(one: Card | CardRegistration) -> tuple[int, str, str]:
    return one.user_id, one.agency_code, one.capacity


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


def _row(registration: CardRegistration, facts: CertificateFacts, *, actor: Actor) -> Card:
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
        registered_at=clock.now(),
        registered_by=actor.name,
        registered_by_id=actor.user_id,
    )
