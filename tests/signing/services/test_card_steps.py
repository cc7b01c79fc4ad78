"""A card's life: who takes which step, what a hold and a loss do to signatures, what PostgreSQL refuses too."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from agencies.models import RoleAssignment, User
from agencies.selectors import actor_of
from signing import services
from signing.models import Card, CardHold, CardState, SignerRegistration
from signing.refusals import Refused
from signing.services.card_steps import card_offers, card_step_take
from tests.signing import forge
from tests.signing.conftest import CABINET, Desk, by_force
from tests.signing.documents import REF, document
from treasury.core import clock
from treasury.core.actors import SYSTEM, Actor
from treasury.core.errors import Problem
from treasury.core.models import History

LETTER = "院會字第1140000001號"


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(Problem) as problem:
        call()
    return problem.value.code


def admin(desk: Desk) -> Actor:
    """行政院's access administrator."""
    user = User.objects.get_or_create(username=f"{CABINET}-admin", agency_code=CABINET, display_name="陳管理")[0]
    if not user.role_assignments.exists():
        desk.holds(user, "admin")
    return actor_of(user, "admin")


def holder(desk: Desk, capacity: str) -> Actor:
    return actor_of(desk.people[capacity].user, capacity)


def newcomer(desk: Desk, actor: Actor, **given: Any) -> Card:
    """A second head's card, just registered."""
    user = User.objects.create_user("newcomer", agency_code=CABINET, display_name="林新任")
    desk.holds(user, "head")
    identity = given.pop("identity", None) or desk.authorities.gca.issue("newcomer")
    registration = services.CardRegistration(user.pk, CABINET, "head", "GCA", identity.der, "GC7")
    return services.card_register(registration=registration, actor=actor)


def test_it_goes_its_way_by_agency_and_treasury_with_every_step_remembered(desk: Desk) -> None:
    card = newcomer(desk, admin(desk))

    services.card_send_file(card=card, actor=admin(desk))
    services.card_receive_paper(card=card, actor=desk.treasurer, letter_no=LETTER)
    active = services.card_activate(card=card, actor=desk.treasurer)

    assert (active.state, active.active_from, active.activated_by_id) == (
        CardState.ACTIVE,
        clock.now(),
        desk.treasurer.user_id,
    )
    rows = History.objects.filter(machine="card", subject_id=card.pk).order_by("id")
    assert list(rows.values_list("verb", "actor_role")) == [
        ("create", "admin"),
        ("send_file", "admin"),
        ("receive_paper", "treasury_admin"),
        ("activate", "treasury_admin"),
    ]


@pytest.mark.threat("card-activated-by-own-hand")
def test_whoever_registered_or_holds_a_card_does_not_put_it_into_force(desk: Desk) -> None:
    card = newcomer(desk, admin(desk))
    services.card_send_file(card=card, actor=admin(desk))
    services.card_receive_paper(card=card, actor=desk.treasurer, letter_no=LETTER)

    assert code_of(lambda: services.card_activate(card=card, actor=admin(desk))) == "role_missing"
    # Somebody of the treasury who had a hand in the registration, or who holds the card
    History.objects.create(
        at=clock.now(),
        machine="card",
        subject_id=card.pk,
        verb="create",
        source="",
        target="registered",
        **desk.treasurer.remembered,
    )
    assert code_of(lambda: services.card_activate(card=card, actor=desk.treasurer)) == "separation_of_duty"
    own = replace(desk.treasurer, user_id=card.user_id)
    assert code_of(lambda: services.card_activate(card=card, actor=own)) == "own_card"
    for user_id in (card.user_id, card.registered_by_id):
        with pytest.raises(IntegrityError, match="card_activated_by_another"), transaction.atomic():
            Card.objects.filter(pk=card.pk).update(activated_by_id=user_id)


def test_a_letter_and_a_reason_are_asked_for_and_the_order_is_kept(desk: Desk) -> None:
    card = newcomer(desk, admin(desk))

    assert code_of(lambda: services.card_activate(card=card, actor=desk.treasurer)) == "wrong_state"
    services.card_send_file(card=card, actor=admin(desk))
    assert (
        code_of(lambda: services.card_receive_paper(card=card, actor=desk.treasurer, letter_no=" ")) == "letter_missing"
    )
    assert code_of(lambda: services.card_end(card=card, actor=desk.treasurer, because=" ")) == "reason_missing"


def test_a_card_that_expired_on_the_way_does_not_come_into_force(desk: Desk) -> None:
    ends = forge.AT + timedelta(hours=1)
    identity = desk.authorities.gca.issue("short", valid=(forge.AT - timedelta(days=1), ends))
    card = newcomer(desk, admin(desk), identity=identity)
    services.card_send_file(card=card, actor=admin(desk))
    services.card_receive_paper(card=card, actor=desk.treasurer, letter_no=LETTER)

    with clock.frozen(ends + timedelta(seconds=1)):
        assert code_of(lambda: services.card_activate(card=card, actor=desk.treasurer)) == "card_expired"


@pytest.mark.threat("card-on-hold")
def test_a_card_on_hold_signs_nothing_and_what_was_signed_meanwhile_stays_refused(desk: Desk) -> None:
    card = desk.people["head"].card
    before = desk.accept("accountant")
    services.card_hold(card=card, actor=desk.treasurer, because="查證中")

    with pytest.raises(Refused) as refused:
        desk.accept("head")
    assert refused.value.code == "card_on_hold"

    with clock.frozen(forge.AT + timedelta(minutes=1)):
        lifted = services.card_lift_hold(card=card, actor=desk.treasurer, because="查無異常")
        assert lifted.state == CardState.ACTIVE
        signed = desk.accept("head")
    assert Card.objects.get(pk=before.card_id).holds.count() == 0

    # A signature that claims the time of the hold is judged by it, although it was lifted since
    at = clock.now()
    by_force("UPDATE signing_cardhold SET from_at = %s, to_at = %s", at, at + timedelta(minutes=5))
    with clock.frozen(forge.AT + timedelta(minutes=2)):
        desk.accept("releaser")
        services.document_seal(document_ref=REF, revision=1, required_capacities=("accountant", "head", "releaser"))
    verdict = services.document_verify(
        document_ref=REF, revision=1, required_capacities=("accountant", "head", "releaser")
    )
    assert (signed.capacity, verdict.code) == ("head", "card_on_hold")


@pytest.mark.threat("card-lost")
def test_a_loss_takes_effect_at_once_and_what_was_signed_before_stays_good(desk: Desk) -> None:
    desk.sign_all()
    services.document_seal(document_ref=REF, revision=1, required_capacities=("accountant", "head", "releaser"))
    card = desk.people["head"].card

    with clock.frozen(forge.AT + timedelta(minutes=1)):
        lost = services.card_report_loss(card=card, actor=holder(desk, "head"), because="公務包遺失")
        content = desk.content("head", document=document() | {"revision": 2})
        with pytest.raises(Refused) as refused:
            desk.accept("head", content)

    assert (lost.state, lost.ended_because) == (CardState.LOST, "公務包遺失")
    assert refused.value.code == "card_inactive"
    filed = SignerRegistration.objects.get(kind="loss")
    assert (filed.card_id, filed.filed_at, filed.revoked_at) == (card.pk, filed.applied_at, None)
    assert SignerRegistration.objects.get(kind="new", card=card).revoked_at == lost.ended_at
    verdict = services.document_verify(
        document_ref=REF, revision=1, required_capacities=("accountant", "head", "releaser")
    )
    assert verdict.ok


def test_a_holder_reports_their_own_loss_only_and_an_administrator_everybody_s(desk: Desk) -> None:
    card = desk.people["head"].card
    ahead = clock.now() + timedelta(days=1)

    def report(actor: Actor, **given: Any) -> str:
        return code_of(lambda: services.card_report_loss(card=card, actor=actor, because="遺失", **given))

    assert report(holder(desk, "accountant")) == "not_found"
    assert report(replace(admin(desk), agency_code="0061400000")) == "role_missing"
    assert report(admin(desk), since_at=ahead) == "bad_dates"

    assert services.card_report_loss(card=card, actor=admin(desk), because="遺失").state == CardState.LOST


def test_a_button_s_verb_takes_its_step_and_offers_are_what_role_and_state_allow(desk: Desk) -> None:
    card = newcomer(desk, admin(desk))
    assert card_offers(card=card, actor=admin(desk)) == ["send_file", "report_loss", "end"]
    assert card_offers(card=card, actor=desk.treasurer) == ["report_loss", "end"]
    assert card_offers(card=card, actor=holder(desk, "accountant")) == []

    card = card_step_take(card=card, verb="send_file", actor=admin(desk))
    card = card_step_take(card=card, verb="receive_paper", actor=desk.treasurer, letter_no=LETTER)
    card = card_step_take(card=card, verb="activate", actor=desk.treasurer)
    card = card_step_take(card=card, verb="hold", actor=desk.treasurer, because="查證")
    assert card_offers(card=card, actor=desk.treasurer) == ["lift_hold", "report_loss", "end"]
    card = card_step_take(card=card, verb="lift_hold", actor=desk.treasurer)
    card = card_step_take(
        card=card, verb="report_loss", actor=admin(desk), because="遺失", since_on=clock.today() - timedelta(days=2)
    )

    assert card.state == CardState.LOST
    assert card_offers(card=card, actor=desk.treasurer) == []
    assert code_of(lambda: card_step_take(card=card, verb="replace", actor=desk.treasurer)) == "not_found"


def test_what_stands_is_not_changed_by_plain_sql(desk: Desk) -> None:
    card = desk.people["head"].card
    services.card_hold(card=card, actor=desk.treasurer, because="查證")
    hold = CardHold.objects.get()
    services.card_lift_hold(card=card, actor=desk.treasurer)
    later = clock.now() + timedelta(days=1)
    changes: list[Callable[[], Any]] = [
        lambda: Card.objects.filter(pk=card.pk).update(active_from=later),
        lambda: CardHold.objects.filter(pk=hold.pk).update(to_at=later),
        lambda: CardHold.objects.filter(pk=hold.pk).update(because="nothing"),
        lambda: CardHold.objects.filter(pk=hold.pk).delete(),
        lambda: SignerRegistration.objects.filter(card=card).update(filed_at=later),
        lambda: SignerRegistration.objects.filter(card=card).update(capacity="accountant"),
        lambda: SignerRegistration.objects.filter(card=card).delete(),
    ]

    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert str(hold).startswith(str(card.pk))


@pytest.mark.threat("same-key-other-holder")
def test_a_key_is_one_person_s_in_one_capacity_and_the_renewed_card_may_have_it_again(desk: Desk) -> None:
    head, accountant = desk.people["head"], desk.people["accountant"]
    renewed = desk.authorities.gca.issue("renewed", on=head.identity.key)

    def registered(user: User, capacity: str, agency_code: str = CABINET) -> Card:
        wanted = services.CardRegistration(user.pk, agency_code, capacity, "GCA", renewed.der, "GC9")
        return services.card_register(registration=wanted, actor=SYSTEM)

    assert code_of(lambda: registered(accountant.user, "head")) == "key_taken"
    assert code_of(lambda: registered(head.user, "accountant")) == "key_taken"
    assert code_of(lambda: registered(head.user, "head", "0061400000")) == "key_taken"
    with pytest.raises(DatabaseError, match="is registered in another capacity"), transaction.atomic():
        row = registered(head.user, "head")
        row.pk, row.user_id, row.fingerprint = None, accountant.user.pk, bytes(32)
        row.save(force_insert=True)

    assert registered(head.user, "head").spki_sha256 == head.card.spki_sha256
    assert RoleAssignment.objects.filter(user=head.user).count() == 1


@pytest.mark.threat("lost-key-again")
def test_the_key_of_a_lost_card_never_counts_again(desk: Desk) -> None:
    head = desk.people["head"]

    def renewal(name: str) -> Card:
        identity = desk.authorities.gca.issue(name, on=head.identity.key)
        wanted = services.CardRegistration(head.user.pk, CABINET, "head", "GCA", identity.der, f"GC-{name}")
        return services.card_register(registration=wanted, actor=admin(desk))

    pending = renewal("before")
    services.card_send_file(card=pending, actor=admin(desk))
    services.card_receive_paper(card=pending, actor=desk.treasurer, letter_no=LETTER)
    services.card_report_loss(card=head.card, actor=admin(desk), because="皮夾遺失")

    assert code_of(lambda: services.card_activate(card=pending, actor=desk.treasurer)) == "key_lost"
    assert code_of(lambda: renewal("after")) == "key_lost"
