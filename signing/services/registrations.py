"""A signer's application: the card of a person in a capacity, registered by their agency (A-2.4, B-12.1)."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from agencies.delegations import signers_of
from agencies.issuers import card_issuer
from agencies.selectors import agency_by_code
from signing.certificates import pem_or_der
from signing.models import Card, SignerKind, SignerRegistration
from signing.services.cards import CardRegistration, card_register
from signing.states import IN_USE
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.parameters import parameters_on


@dataclass(frozen=True, slots=True)
class SignerApplication:
    """What an agency applies for: `certificate` is PEM or DER; `since_on` the day of a change of signer (B-12.2);
    `replaces_id` the card that this one is to replace (a renewal has the same holder)."""

    user_id: int
    capacity: str
    card_no: str
    certificate: bytes
    letter_no: str = ""
    since_on: date | None = None
    replaces_id: int | None = None


def issuer_for(agency_code: str) -> str:
    """Which authority issues the cards of an agency: GCA, XCA or MOICA (A-2.1); Problem `unknown_agency` (404)."""
    agency = agency_by_code(agency_code)
    return card_issuer(kind=agency.kind, name=agency.name, profile=parameters_on(clock.today()).profile)


def signer_register(*, application: SignerApplication, agency_code: str, actor: Actor) -> Card:
    """Registers a signer's card as its agency applies for it; the treasury puts it into force (A-2.4, B-12.1).

    The authority is the one for this kind of agency. A card with the key of an older one of the same person in the
    same capacity is that one renewed, whatever was said. The same application again returns the card as it is.
    Problems: those of `card_register`, `capacity_not_asked`, `capacity_not_held` for somebody who neither holds the
    capacity nor is delegated, `replaces_other` for a card that is not in force in the same capacity, `card_no_missing`,
    `bad_dates` for a change to come, 403.
    """
    if application.capacity not in parameters_on(clock.today()).required_capacities:
        raise Problem("capacity_not_asked", f"nobody signs as {application.capacity} here", path="/signer")
    signers = {(one[0], one[2]) for one in signers_of(agency_code, [application.capacity], clock.today())}
    if (application.user_id, application.capacity) not in signers:
        raise Problem("capacity_not_held", "the person does not sign in this capacity", path="/signer")
    card_no = application.card_no.strip()
    if not (card_no and card_no.isascii() and card_no.isprintable()):
        raise Problem("card_no_missing", "the number on the card is needed, as the card says it", path="/card_no")
    if application.since_on is not None and application.since_on > clock.today():
        raise Problem("bad_dates", "a change is reported once it has happened", path="/since_on")
    with transaction.atomic():
        registration = CardRegistration(
            user_id=application.user_id,
            agency_code=agency_code,
            capacity=application.capacity,
            issuer_kind=issuer_for(agency_code),
            certificate=pem_or_der(application.certificate),
            card_no=card_no,
        )
        card = card_register(registration=registration, actor=actor)
        if not card.registrations.exists():
            _apply(card, application, actor)
    return card


def _apply(card: Card, application: SignerApplication, actor: Actor) -> None:
    """The application itself: new, or a change of the signer or of their card since a day."""
    old = _renewed(card) or _replaced(card, application.replaces_id)
    since_at = None
    if application.since_on is not None or old is not None:
        since_at = min(clock.start_of(application.since_on or clock.today()), clock.now())
    if old is not None:
        card.replaces = old
        card.save(update_fields=["replaces"])
    kind = SignerKind.NEW if since_at is None else SignerKind.CHANGE
    made = SignerRegistration.of(card, kind, applied_at=clock.now(), applied_by=actor.name)
    made.letter_no, made.since_at = application.letter_no.strip()[:60], since_at
    made.save()


def _renewed(card: Card) -> Card | None:
    """The older card with the same key that a card renews: the same person's in the same capacity, or nobody's."""
    rows = Card.objects.filter(spki_sha256=bytes(card.spki_sha256), state__in=IN_USE, pk__lt=card.pk)
    return rows.filter(replaced_by__isnull=True).order_by("-pk").first()


def _replaced(card: Card, replaces_id: int | None) -> Card | None:
    """The card named as the one that ends; Problem `replaces_other` unless it is in force in this capacity."""
    if replaces_id is None:
        return None
    rows = Card.objects.filter(pk=replaces_id, agency_code=card.agency_code, capacity=card.capacity, state__in=IN_USE)
    old = rows.exclude(pk=card.pk).filter(replaced_by__isnull=True).first()
    if old is None:
        raise Problem("replaces_other", f"card {replaces_id} is not one to be replaced here", path="/replaces_id")
    return old
