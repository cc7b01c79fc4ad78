"""Signers' applications: who is registered with what, what a change leaves in the gap, go-live (A-2.1, A-2.4, B-12)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from agencies.models import Agency, User
from agencies.readiness import missing
from agencies.selectors import actor_of
from signing import services
from signing.forms import FORMS, card_form
from signing.models import Card, CardState, SignerKind, SignerRegistration
from signing.refusals import Refused
from signing.services.registrations import SignerApplication, issuer_for, signer_register
from signing.signers import cards_ready, gap_signatures, signer_registrations
from tests.core.documents.reading import pages
from tests.signing import forge
from tests.signing.conftest import CABINET, Desk
from tests.signing.documents import document
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.documents import render
from treasury.core.errors import Problem
from treasury.core.parameters import profile_seed

LETTER = "院會字第1140000001號"


@pytest.fixture(autouse=True)
def profile(desk: Desk) -> None:
    """The national treasury's profile."""
    profile_seed("nta")


@pytest.fixture
def admin(desk: Desk) -> Actor:
    """行政院's access administrator."""
    user = User.objects.create_user(f"{CABINET}-admin", agency_code=CABINET, display_name="陳管理")
    desk.holds(user, "admin")
    return actor_of(user, "admin")


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(Problem) as problem:
        call()
    return problem.value.code


def successor(desk: Desk) -> User:
    """A new head."""
    user = User.objects.create_user("new-head", agency_code=CABINET, display_name="林新任")
    desk.holds(user, "head")
    return user


def application(user: User, identity: forge.Identity, **given: Any) -> SignerApplication:
    wanted = {"user_id": user.pk, "capacity": "head", "card_no": " GC8 ", "certificate": identity.der}
    return SignerApplication(**{**wanted, **given})


def registered(desk: Desk, admin: Actor, user: User, name: str = "new card", **given: Any) -> Card:
    identity = given.pop("identity", None) or desk.authorities.gca.issue(name)
    return signer_register(application=application(user, identity, **given), agency_code=CABINET, actor=admin)


def test_a_new_signer_is_applied_for_and_filed_when_the_card_comes_into_force(desk: Desk, admin: Actor) -> None:
    card = registered(desk, admin, successor(desk), letter_no=LETTER)
    row = SignerRegistration.objects.get(card=card)
    assert (row.kind, row.state, row.since_at, card.card_no) == (SignerKind.NEW, "applied", None, "GC8")
    assert str(row) == f"new {CABINET} head"

    desk.into_force(card)

    row.refresh_from_db()
    assert (row.state, row.filed_at, row.filed_by) == ("filed", clock.now(), desk.treasurer.name)
    services.card_end(card=card, actor=admin, because="調職")
    row.refresh_from_db()
    assert row.state == "revoked"
    assert signer_registrations(agency_code=CABINET).first() == row
    assert signer_registrations().count() == 4


def test_the_same_application_again_changes_nothing(desk: Desk, admin: Actor) -> None:
    user, identity = successor(desk), desk.authorities.gca.issue("new card")

    first = registered(desk, admin, user, identity=identity)

    assert registered(desk, admin, user, identity=identity) == first
    assert SignerRegistration.objects.filter(card=first).count() == 1


def test_what_cannot_be_registered_says_why(desk: Desk, admin: Actor) -> None:
    user, stranger = successor(desk), User.objects.create_user("clerk", agency_code=CABINET)
    tomorrow = clock.today() + timedelta(days=1)

    assert code_of(lambda: registered(desk, admin, user, capacity="clerk")) == "capacity_not_asked"
    assert code_of(lambda: registered(desk, admin, stranger)) == "capacity_not_held"
    for card_no in (" ", "GC1\r\nGC2", "GC1\x00", "ＧＣ１"):
        assert code_of(lambda number=card_no: registered(desk, admin, user, card_no=number)) == "card_no_missing"
    assert code_of(lambda: registered(desk, admin, user, since_on=tomorrow)) == "bad_dates"
    assert (
        code_of(lambda: registered(desk, admin, user, replaces_id=desk.people["releaser"].card.pk)) == "replaces_other"
    )
    assert code_of(lambda: registered(desk, desk.treasurer, user)) == "role_missing"
    assert not Card.objects.filter(user=user).exists()


@pytest.mark.threat("issuer-kind-other")
def test_the_agency_s_kind_says_which_authority_issues_its_cards(desk: Desk, admin: Actor) -> None:
    user = successor(desk)
    schools = {"國立臺灣大學": "XCA", "中央警察大學": "GCA", "國防大學": "GCA", "陸軍軍官學校": "GCA"}

    for name, issuer in schools.items():
        Agency.objects.filter(code=CABINET).update(kind="school", name=name)
        assert issuer_for(CABINET) == issuer, name

    Agency.objects.filter(code=CABINET).update(name="國立臺灣大學")
    with pytest.raises(Refused) as refused:
        registered(desk, admin, user)
    assert refused.value.code == "issuer_kind"
    card = registered(desk, admin, user, identity=desk.authorities.xca.issue("school"))
    assert card.issuer_kind == "XCA"


def test_a_renewed_card_with_the_same_key_is_recognised_and_ends_the_old_one(desk: Desk, admin: Actor) -> None:
    head = desk.people["head"]
    again = desk.authorities.gca.issue("renewed", on=head.identity.key)

    card = registered(desk, admin, head.user, identity=again)
    assert card.replaces == head.card
    assert SignerRegistration.objects.get(card=card).kind == SignerKind.CHANGE
    desk.into_force(card)

    old = Card.objects.get(pk=head.card.pk)
    assert (old.state, old.ended_at) == (CardState.REPLACED, clock.now())
    head.card, head.identity = Card.objects.get(pk=card.pk), again
    assert desk.accept("head").card_id == card.pk
    # A loss of the old one in between is no hindrance
    third = registered(desk, admin, head.user, "third", replaces_id=card.pk, card_no="GC9")
    services.card_report_loss(card=card, actor=admin, because="遺失")
    assert desk.into_force(third).state == CardState.ACTIVE
    assert Card.objects.get(pk=card.pk).state == CardState.LOST


def test_what_was_signed_between_change_and_filing_is_reported(desk: Desk, admin: Actor) -> None:
    old = desk.people["head"]
    desk.accept("head", desk.content("head", document=document() | {"revision": 2}))
    with clock.frozen(forge.AT + timedelta(days=1)):
        before_change = desk.accept("head", desk.content("head", document=document() | {"revision": 3}))
    user = successor(desk)
    with clock.frozen(forge.AT + timedelta(days=2)):
        changed_on = clock.today() - timedelta(days=1)
        named = registered(desk, admin, user, replaces_id=old.card.pk, since_on=changed_on)
        unnamed = registered(desk, admin, user, "second", since_on=changed_on, card_no="GC9")
        in_gap = desk.accept("head", desk.content("head", document=document() | {"revision": 4}))
        by_accountant = desk.accept("accountant", desk.content("accountant", document=document() | {"revision": 4}))
    with clock.frozen(forge.AT + timedelta(days=3)):
        desk.into_force(named)
        waiting = {one.revision for one in gap_signatures(SignerRegistration.objects.get(card=unnamed))}

    row = SignerRegistration.objects.get(card=named)
    found = {one.revision for one in gap_signatures(row)}
    assert found == {before_change.revision, in_gap.revision} == waiting == {3, 4}
    assert by_accountant.pk not in {one.pk for one in gap_signatures(row)}
    new = SignerRegistration.objects.get(card=old.card, kind="new")
    assert list(gap_signatures(new)) == []


def test_what_a_lost_card_signed_since_it_was_lost_is_reported(desk: Desk, admin: Actor) -> None:
    desk.accept("accountant")
    with clock.frozen(forge.AT + timedelta(hours=1)):
        lost_card = desk.people["accountant"].card
        services.card_report_loss(card=lost_card, actor=admin, because="遺失", since_at=forge.AT - timedelta(minutes=1))

    row = SignerRegistration.objects.get(kind="loss")
    assert [one.card_id for one in gap_signatures(row)] == [lost_card.pk]


def test_an_agency_is_ready_when_each_signer_has_a_card_in_force(desk: Desk, admin: Actor) -> None:
    def open_lines(on: date) -> list[str]:
        return [item.title_zh for item in missing(CABINET, on) if item.requirement == "A-2.1"]

    assert open_lines(clock.today()) == []
    assert [item.is_there for item in cards_ready(CABINET, clock.today())] == [True] * 3

    services.card_hold(card=desk.people["head"].card, actor=desk.treasurer, because="查證")
    services.card_report_loss(card=desk.people["releaser"].card, actor=admin, because="遺失")

    assert open_lines(clock.today()) == ["機關長官之憑證卡已啟用", "放行人之憑證卡已啟用"]


def test_the_forms_say_who_what_card_and_why(desk: Desk, admin: Actor) -> None:
    old = desk.people["head"]
    card = registered(
        desk, admin, successor(desk), replaces_id=old.card.pk, since_on=date(2025, 3, 3), letter_no=LETTER
    )

    texts = {kind: "".join(pages(render(card_form(card=card, kind=kind)))) for kind in FORMS}

    assert "電子支付作業憑證註冊單" in texts["registration"] and "國庫電子支付作業申請表" in texts["application"]
    for words in ("行政院", "林新任", "機關長官", "GC8", "政府憑證管理中心", card.serial.upper()):
        assert all(words in text for text in texts.values()), words
    for words in ("變更", "114/03/03", LETTER, old.card.card_no):
        assert words in texts["application"] and words in texts["signer"], words
    bare = card_form(card=old.card, kind="application")
    assert bare.parts[1].fields[1].value == ""
    assert code_of(lambda: card_form(card=card, kind="cheque")) == "not_found"
