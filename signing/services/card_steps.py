"""A card's life after its registration: file, paper, into force, on hold and back, lost, ended (A-2.4, B-12.1).

Whoever registered a card does not put it into force, nor does its holder; a loss takes effect at once.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from agencies.roles import Role
from signing.models import Card, CardHold, CardState, SignerKind, SignerRegistration
from signing.services.cards import key_lost
from signing.states import CARD, STATES
from signing.validity import day_of
from treasury.core import clock, steps
from treasury.core.actors import Actor
from treasury.core.errors import Problem

_FOR_EVERYBODY = frozenset({Role.ADMIN, Role.TREASURY_ADMIN})


def card_send_file(*, card: Card, actor: Actor) -> Card:
    """The agency hands the certificate's file over to the treasury (A-2.4). Problem `wrong_state` (409), 403."""
    return steps.perform(card, "send_file", actor=actor)


def card_receive_paper(*, card: Card, actor: Actor, letter_no: str) -> Card:
    """The treasury has the paper forms, under the number of the agency's letter (A-2.4, B-12.1).

    Problem `letter_missing`, `wrong_state` (409), 403 when the actor may not.
    """
    if not letter_no.strip():
        raise Problem("letter_missing", "the number of the agency's letter is needed", path="/letter_no")
    with transaction.atomic():
        row = steps.perform(card, "receive_paper", actor=actor, details={"letter_no": letter_no.strip()[:60]})
        SignerRegistration.objects.filter(card=row, filed_at__isnull=True).update(letter_no=letter_no.strip()[:60])
        return row


def card_activate(*, card: Card, actor: Actor) -> Card:
    """Puts a card into force from now on and files its signer's registration; the card that it replaces ends.

    Problem `own_card` (403) for the holder's own hand, `separation_of_duty` (403) for whoever registered it,
    `card_expired` when its certificate has, `key_lost` when its key is a lost card's (409), `wrong_state` (409), 403
    when the actor may not.
    """
    now = clock.now()
    if actor.user_id is not None and actor.user_id == card.user_id:
        raise Problem("own_card", f"{actor.name} holds the card", status=403)
    if card.valid_to < now:
        raise Problem("card_expired", f"the certificate ended {card.valid_to.isoformat()}", status=409)
    with transaction.atomic():
        change = {"active_from": now, "activated_by_id": actor.user_id}
        row = steps.perform(card, "activate", actor=actor, change=change)
        if Card.objects.filter(spki_sha256=bytes(row.spki_sha256), state=CardState.LOST).exists():
            raise key_lost()
        SignerRegistration.objects.filter(card=row, filed_at__isnull=True).update(filed_at=now, filed_by=actor.name)
        if row.replaces is not None and row.replaces.ended_at is None:
            _end(row.replaces, "replace", actor, because=f"換發為 {row.card_no}")
        return row


def card_hold(*, card: Card, actor: Actor, because: str) -> Card:
    """Suspends a card from now on, at our side; its certificate stays what its authority says.

    Problem `reason_missing`, `wrong_state` (409), 403 when the actor may not.
    """
    reason = _reason(because)
    with transaction.atomic():
        row = steps.perform(card, "hold", actor=actor, because=reason)
        CardHold.objects.create(card=row, from_at=clock.now(), because=reason, held_by=actor.name)
        return row


def card_lift_hold(*, card: Card, actor: Actor, because: str = "") -> Card:
    """Lets a suspended card count again from now on; what was signed meanwhile stays refused.

    Problem `wrong_state` (409), 403 when the actor may not.
    """
    with transaction.atomic():
        row = steps.perform(card, "lift_hold", actor=actor, because=because.strip())
        CardHold.objects.filter(card=row, to_at__isnull=True).update(to_at=clock.now(), lifted_by=actor.name)
        return row


def card_report_loss(*, card: Card, actor: Actor, because: str, since_at: datetime | None = None) -> Card:
    """Ends a lost card at once, whoever says so: its holder, or an administrator (B-12.1: LOSS).

    `since_at` is when it was lost, as far as known (default: now). Its signer's registration is revoked, and an
    application for the loss is on file. Problem `not_found` (404) for somebody else's card, `bad_dates` for a moment
    to come, `reason_missing`, `wrong_state` (409), 403 when the actor may not.
    """
    now = clock.now()
    lost_at = since_at or now
    if actor.role not in _FOR_EVERYBODY and actor.user_id != card.user_id:
        raise Problem("not_found", f"there is no card {card.pk}", status=404)
    if lost_at > now:
        raise Problem("bad_dates", "a card is not lost in days to come", path="/since_on")
    with transaction.atomic():
        row = _end(
            card, "report_loss", actor, because=_reason(because), details={"from_on": day_of(lost_at).isoformat()}
        )
        made = SignerRegistration.of(row, SignerKind.LOSS, applied_at=now, applied_by=actor.name)
        made.since_at, made.filed_at, made.filed_by = lost_at, now, actor.name
        made.save()
        return row


def card_end(*, card: Card, actor: Actor, because: str) -> Card:
    """Ends a card's registration from now on: change of person, a mistake (B-12.1). What it signed before stays valid.

    Problem `reason_missing`, `wrong_state` (409), 403 when the actor may not.
    """
    return _end(card, "end", actor, because=_reason(because))


def card_step_take(
    *, card: Card, verb: str, actor: Actor, because: str = "", letter_no: str = "", since_on: date | None = None
) -> Card:
    """Takes the step that a button asks for; Problem `not_found` (404) for a verb without a button."""
    if verb == "report_loss":
        since_at = None if since_on is None else clock.start_of(since_on)
        return card_report_loss(card=card, actor=actor, because=because, since_at=since_at)
    if verb == "receive_paper":
        return card_receive_paper(card=card, actor=actor, letter_no=letter_no)
    if verb in _PLAIN:
        return _PLAIN[verb](card=card, actor=actor)
    if verb in _WITH_REASON:
        return _WITH_REASON[verb](card=card, actor=actor, because=because)
    raise Problem("not_found", f"there is no step {verb}", status=404)


def card_offers(*, card: Card, actor: Actor) -> list[str]:
    """The verbs that an actor could take on a card now, as far as role, state and holder say; the steps decide."""
    found = []
    for step in CARD.steps_from(str(card.state)):
        try:
            steps.authorize(actor=actor, permission=step.permission, agency_code=card.agency_code, earlier=())
        except Problem:
            continue
        is_theirs = actor.role in _FOR_EVERYBODY or actor.user_id == card.user_id
        if step.verb != "replace" and (step.verb != "report_loss" or is_theirs):
            found.append(step.verb)
    return found


def _end(card: Card, verb: str, actor: Actor, *, because: str, details: dict[str, Any] | None = None) -> Card:
    """Takes one of the steps after which a card never counts again."""
    now = clock.now()
    with transaction.atomic():
        change = {"ended_at": now, "ended_because": because or STATES[CARD.step(verb).target][0]}
        row = steps.perform(card, verb, actor=actor, because=because, details=details, change=change)
        SignerRegistration.objects.filter(card=row, revoked_at__isnull=True).update(revoked_at=now)
        return row


def _reason(because: str) -> str:
    if not because.strip():
        raise Problem("reason_missing", "say why", path="/because")
    return because.strip()[:500]


_PLAIN: Final[Mapping[str, Callable[..., Card]]] = {"send_file": card_send_file, "activate": card_activate}
_WITH_REASON: Final[Mapping[str, Callable[..., Card]]] = {
    "hold": card_hold,
    "lift_hold": card_lift_hold,
    "end": card_end,
}
