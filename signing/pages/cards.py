"""Pages of cards: one's own, how the PIN works, and those of an agency's people with their validity."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.pages.access import actor_in, may, needs
from agencies.roles import TREASURY_ROLES
from signing.models import Card
from signing.selectors import cards_of, cards_registered
from signing.signers import notices_of
from signing.states import STATES
from signing.templatetags.cards import capacity_name, card_state_name, issuer_name
from treasury.core import clock
from treasury.core.pages.listing import Filter, ListColumn, Listing, by_agency

_SOON: Final = timedelta(days=60)
_NOTICES_SHOWN: Final = 5
# Where PINs are reset and cards renewed: at the authorities, never here.
ISSUER_SITES: Final = (
    ("GCA", "https://gca.nat.gov.tw/"),
    ("XCA", "https://xca.nat.gov.tw/"),
    ("MOICA", "https://moica.nat.gov.tw/"),
)
_STATES: Final = [(state, zh, en) for state, (zh, en) in STATES.items()]
_VALIDITIES: Final = (
    ("valid", "有效", "valid"),
    ("soon", "60 日內到期", "expires within 60 days"),
    ("expired", "已逾期", "expired"),
)


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card with the word for its validity (`expired`, `soon`, `not_yet`, `valid`) today."""

    card: Card
    validity: str


@needs("")
def mine(request: HttpRequest) -> HttpResponse:
    """The cards registered to the person logged in."""
    user_id = actor_in(request).user_id
    rows = [] if user_id is None else list(cards_of(user_id))
    notices = [] if user_id is None else list(notices_of(user_id)[:_NOTICES_SHOWN])
    return render(request, "signing/mine.html", {"cards": _shown(rows), "notices": notices})


@needs("")
def pin(request: HttpRequest) -> HttpResponse:
    """How tries are counted, what a locked card needs, what the messages mean."""
    return render(request, "signing/pin.html", {"issuers": ISSUER_SITES})


@needs("signing.view_card")
def registered(request: HttpRequest) -> HttpResponse:
    """The cards of an agency's people; the treasury sees every agency's (A-2.4)."""
    actor = actor_in(request)
    is_treasury = actor.role in TREASURY_ROLES
    rows = cards_registered(agency_code="" if is_treasury else actor.agency_code)
    listing = Listing(
        request,
        rows,
        name="cards",
        filters=[*(_AGENCY if is_treasury else ()), *_FILTERS],
        columns=_COLUMNS,
    )
    if file := listing.export():
        return file
    context = {
        "listing": listing,
        "cards": _shown(listing.shown),
        "is_treasury": is_treasury,
        "can_register": may(actor, "signing.create_card"),
    }
    return render(request, "signing/registered.html", context)


def _shown(rows: Iterable[Card]) -> list[ShownCard]:
    return [ShownCard(card, validity_of(card)) for card in rows]


def validity_of(card: Card) -> str:
    """The word for a card's validity now: `expired`, `not_yet`, `soon`, `valid`."""
    now = clock.now()
    if card.valid_to < now:
        return "expired"
    if card.valid_from > now:
        return "not_yet"
    return "soon" if card.valid_to < now + _SOON else "valid"


def _by_validity(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    now = clock.now()
    if value == "expired":
        return rows.filter(valid_to__lt=now)
    if value == "soon":
        return rows.filter(valid_to__gte=now, valid_to__lt=now + _SOON)
    return rows.filter(valid_to__gte=now)


_AGENCY = (by_agency("agency_code"),)
_FILTERS = (
    Filter("state", "註冊狀態", "Registration", lambda rows, value: rows.filter(state=value), choices=_STATES),
    Filter("validity", "效期", "Validity", _by_validity, choices=_VALIDITIES),
    Filter("holder", "持卡人", "Holder", lambda rows, value: rows.filter(user__display_name__contains=value)),
)
_COLUMNS = (
    ListColumn("機關代號", "Agency code", lambda card: card.agency_code),
    ListColumn("持卡人", "Holder", lambda card: card.user.display_name),
    ListColumn("職務", "Capacity", lambda card: capacity_name(card.capacity)),
    ListColumn("卡號", "Card number", lambda card: card.card_no),
    ListColumn("憑證機構", "Issuer", lambda card: issuer_name(card.issuer_kind)),
    ListColumn("憑證序號", "Certificate serial", lambda card: card.serial),
    ListColumn("生效日", "Valid from", lambda card: card.valid_from),
    ListColumn("到期日", "Valid to", lambda card: card.valid_to),
    ListColumn("註冊狀態", "Registration", lambda card: card_state_name(card.state)),
)
