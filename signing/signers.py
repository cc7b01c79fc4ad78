"""Reading signers' registrations, what was signed in a gap, whether an agency's cards are there, and notices."""

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet

from agencies.delegations import signers_of
from agencies.readiness import Item
from agencies.roles import Role
from signing.models import Card, CardNotice, Signature, SignerKind, SignerRegistration
from treasury.core import clock
from treasury.core.parameters import parameters_on


def signer_registrations(*, agency_code: str = "") -> QuerySet[SignerRegistration]:
    """Every signer's registration of an agency (empty: of all) with person and card, the newest first (B-12.1)."""
    rows = SignerRegistration.objects.select_related("user", "card").defer("card__certificate").order_by("-pk")
    return rows.filter(agency_code=agency_code) if agency_code else rows


def gap_signatures(registration: SignerRegistration) -> QuerySet[Signature]:
    """What was signed between a change or a loss and its filing, which the agency answers for itself (B-12.2).

    After a loss it is what that card signed; after a change what its predecessor's holder signed, or whoever signed
    in the capacity but the new one, where no card is named that it replaces. Nothing for a new registration.
    """
    rows = Signature.objects.select_related("user", "card").defer("head", "message", "card__certificate").order_by("pk")
    if registration.since_at is None:
        return rows.none()
    rows = rows.filter(
        agency_code=registration.agency_code,
        capacity=registration.capacity,
        signed_at__gte=registration.since_at,
        signed_at__lt=registration.filed_at or clock.now(),
    )
    if registration.kind == SignerKind.LOSS:
        return rows.filter(card_id=registration.card_id)
    replaced = registration.card.replaces
    if replaced is not None and replaced.user_id != registration.user_id:
        return rows.filter(user_id=replaced.user_id)
    return rows.exclude(user_id=registration.user_id)


def cards_ready(agency_code: str, on: date) -> Iterator[Item]:
    """One line for each capacity that the profile asks for: its holder has a card in force on a day (A-2.1, A-2.6)."""
    wanted = parameters_on(on).required_capacities
    signers = {(user_id, capacity) for user_id, _, capacity, _ in signers_of(agency_code, wanted, on)}
    rows = Card.objects.filter(agency_code=agency_code, state="active", valid_to__gte=clock.now())
    there = {
        capacity for user_id, capacity in rows.values_list("user_id", "capacity") if (user_id, capacity) in signers
    }
    for capacity in wanted:
        role = Role(capacity)
        title_en = f"the {role.title_en}'s card is in force"
        yield Item(f"{role.label}之憑證卡已啟用", title_en, capacity in there, "A-2.1")


def notices_of(user_id: int) -> QuerySet[CardNotice]:
    """Every notice to a person with card and holder, the newest first (A-3.2)."""
    rows = CardNotice.objects.filter(user_id=user_id).select_related("card__user").defer("card__certificate")
    return rows.order_by("-pk")


def notices_unread(user_id: int | None) -> list[CardNotice]:
    """The notices that a person has not read and whose card is still in use, those that expire first before others."""
    rows = notices_of(user_id or 0).filter(read_at__isnull=True, card__ended_at__isnull=True)
    return list(rows.order_by("expires_on", "pk")[:5])
