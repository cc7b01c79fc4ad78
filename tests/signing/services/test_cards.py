"""Cards: whose they are, who issued them, from when to when they count."""

from datetime import timedelta

import pytest

from agencies.models import User
from signing import services
from signing.models import Card, CardState
from signing.refusals import Refused
from signing.services import CardRegistration
from tests.signing import forge
from tests.signing.conftest import CABINET, Desk
from treasury.core import clock
from treasury.core.actors import SYSTEM
from treasury.core.errors import Problem


def registration(identity: forge.Identity, **given: object) -> CardRegistration:
    user = User.objects.get_or_create(username="newcomer", agency_code=CABINET)[0]
    wanted = {"user_id": user.pk, "agency_code": CABINET, "capacity": "head", "issuer_kind": "GCA", "card_no": "GC7"}
    return CardRegistration(certificate=identity.der, **{**wanted, **given})  # type: ignore[arg-type]


def refusal(identity: forge.Identity, **given: object) -> str:
    with pytest.raises(Refused) as refused:
        services.card_register(registration=registration(identity, **given), actor=SYSTEM)
    return refused.value.code


def test_it_is_registered_first_and_in_force_when_activated(desk: Desk) -> None:
    card = services.card_register(registration=registration(desk.authorities.gca.issue("new")), actor=SYSTEM)
    assert (card.state, card.active_from) == (CardState.REGISTERED, None)

    active = desk.into_force(card)

    assert (active.state, active.active_from) == (CardState.ACTIVE, clock.now())
    assert str(card) == f"GC7 {CABINET} head"


def test_registering_the_same_card_again_changes_nothing(desk: Desk) -> None:
    wanted = registration(desk.authorities.gca.issue("new"))
    first = services.card_register(registration=wanted, actor=SYSTEM)

    assert services.card_register(registration=wanted, actor=SYSTEM) == first


def test_a_card_has_one_owner_and_one_capacity(desk: Desk) -> None:
    accountant = desk.people["accountant"].identity

    with pytest.raises(Problem) as problem:
        services.card_register(registration=registration(accountant), actor=SYSTEM)

    assert (problem.value.code, problem.value.status) == ("card_taken", 409)


def test_many_cards_are_registered_in_a_few_statements(desk: Desk, statements) -> None:  # type: ignore[no-untyped-def]
    wanted = [
        registration(desk.authorities.gca.issue(f"card {number}", on=forge.key("many")), card_no=f"GC{number}")
        for number in range(20)
    ]

    count = statements(lambda: services.cards_register(registrations=wanted, actor=SYSTEM))

    assert count <= 8
    assert Card.objects.filter(card_no__in=[one.card_no for one in wanted]).count() == 20


@pytest.mark.threat("encipherment", "issuer-kind-other")
def test_only_a_signing_certificate_of_the_right_authority_is_registered(desk: Desk) -> None:
    authorities = desk.authorities

    assert refusal(authorities.gca.issue("encipherment", bits=("key_encipherment",))) == "key_usage"
    assert refusal(authorities.gca.issue("ca", ca=True, bits=("digital_signature", "key_cert_sign"))) == "key_usage"
    assert refusal(authorities.gca.issue("small", on=forge.key("small", "rsa1024"))) == "key_refused"
    assert refusal(authorities.xca.issue("school")) == "issuer_kind"
    assert refusal(authorities.gca.issue("school"), issuer_kind="XCA") == "issuer_kind"
    assert refusal(authorities.gca.issue("class 1", policies=("2.16.886.101.0.3.1",))) == "policy_missing"
    assert refusal(forge.root("stray").issue("stray's")) == "untrusted"


def test_a_citizen_s_certificate_serves_where_the_treasury_asks_for_it(desk: Desk) -> None:
    citizen = desk.authorities.moica.issue("citizen")

    card = services.card_register(registration=registration(citizen, issuer_kind="MOICA"), actor=SYSTEM)

    assert card.issuer_kind == "MOICA"


@pytest.mark.threat("expired", "not-yet-valid")
@pytest.mark.parametrize(
    ("valid_from", "valid_to", "code"),
    [
        (timedelta(seconds=1), timedelta(days=1), "certificate_not_yet_valid"),
        (timedelta(days=-2), timedelta(seconds=-1), "certificate_expired"),
    ],
)
def test_a_card_out_of_its_time_is_refused_to_the_second(
    desk: Desk, valid_from: timedelta, valid_to: timedelta, code: str
) -> None:
    identity = desk.authorities.gca.issue("timed", valid=(forge.AT + valid_from, forge.AT + valid_to))
    exact = desk.authorities.gca.issue("exact", valid=(forge.AT, forge.AT))

    assert refusal(identity) == code
    assert services.card_register(registration=registration(exact), actor=SYSTEM).valid_to == forge.AT


def test_the_newest_card_in_force_is_found(desk: Desk) -> None:
    head = desk.people["head"]
    renewed = desk.authorities.gca.issue("renewed", valid=(forge.AT, forge.AT + timedelta(days=100)))
    card = desk.register(head.user, "head", renewed, card_no="GC8")

    assert services.card_for(user_id=head.user.pk, capacity="head") == card
    assert services.card_for(user_id=head.user.pk, capacity="accountant") is None
    assert services.cards_active(agency_code=CABINET).count() == 4

    ended = services.card_end(card=card, actor=desk.treasurer, because="換人")
    assert (ended.state, ended.ended_because) == (CardState.REVOKED, "換人")
    assert services.card_for(user_id=head.user.pk, capacity="head") == head.card
    with pytest.raises(Problem) as problem:
        services.card_end(card=card, actor=desk.treasurer, because="again")
    assert problem.value.code == "wrong_state"
