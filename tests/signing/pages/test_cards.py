"""The pages of cards: one's own, how the PIN works, those of an agency's people."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agencies.models import Agency, User
from agencies.selectors import actor_for
from agencies.services import staff_provide, treasury_staff_provide
from signing import services
from signing.models import Card
from signing.refusals import REFUSALS, Refused
from signing.remedies import WORDINGS
from signing.services import CardRegistration
from tests.pages import client_of, words
from tests.signing import forge
from treasury.core import clock
from treasury.core.actors import SYSTEM, Actor
from treasury.core.pages.wording import remedy_of, title_of

CABINET, MUSEUM = "0003010000", "0061400000"


@pytest.fixture(autouse=True)
def people(db: None, day: datetime, trust: Path) -> None:
    """行政院, 國立臺灣美術館 and the treasury with their people, and the authorities."""
    for code, name in ((CABINET, "行政院"), (MUSEUM, "國立臺灣美術館")):
        Agency.objects.create(code=code, name=name)
    staff_provide(agency_codes=[CABINET, MUSEUM])
    treasury_staff_provide()
    services.trust_import(folder=trust)


def treasurer() -> Actor:
    """The treasury's administrator at work."""
    return actor_for("", "treasury_admin", clock.today())


def register(agency_code: str, capacity: str, *, number: str = "", **given: Any) -> Card:
    """A card of somebody at an agency, in force."""
    user = User.objects.get(username=f"{agency_code}-{capacity}")
    number = number or f"GC{user.pk:014}"
    identity = forge.pki().gca.issue(f"{number} {agency_code}", on=forge.key(f"{agency_code} {capacity}"), **given)
    registration = CardRegistration(
        user_id=user.pk,
        agency_code=agency_code,
        capacity=capacity,
        issuer_kind="GCA",
        certificate=identity.der,
        card_no=number,
    )
    return services.card_register(registration=registration, actor=SYSTEM, activate=True)


def test_a_signer_sees_the_cards_registered_in_their_own_name() -> None:
    own, other = register(CABINET, "head"), register(CABINET, "accountant")

    page = words(client_of(f"{CABINET}-head").get("/cards/"))

    assert own.card_no in page and own.serial in page
    assert "機關長官" in page and "政府憑證管理中心" in page and "有效" in page and "啟用" in page
    assert other.card_no not in page


def test_an_ended_card_says_why() -> None:
    services.card_end(card=register(CABINET, "head"), actor=treasurer(), because="調職")

    page = words(client_of(f"{CABINET}-head").get("/cards/"))

    assert "終止" in page and "調職" in page


def test_somebody_without_a_card_is_told_whom_to_ask() -> None:
    page = words(client_of(f"{CABINET}-clerk").get("/cards/"))

    assert "您沒有註冊的卡片" in page and "權限管理者" in page


def test_how_the_pin_works_is_read_in_both_languages() -> None:
    chinese = words(client_of(f"{CABINET}-head").get("/cards/pin/"))
    english = words(client_of(f"{CABINET}-head", language="en").get("/cards/pin/"))

    assert "連續三次錯誤，卡片即鎖" in chinese
    assert "Three wrong ones in a row lock the card." in english


def test_the_administrator_of_an_agency_sees_its_people_s_cards_only() -> None:
    own, other = register(CABINET, "head"), register(MUSEUM, "accountant")

    page = words(client_of(f"{CABINET}-admin").get("/cards/registered/"))
    asked = words(client_of(f"{CABINET}-admin").get(f"/cards/registered/?agency={MUSEUM}"))

    assert own.card_no in page and other.card_no not in page + asked


@pytest.mark.parametrize("role", ["treasury_admin", "auditor"])
def test_the_treasury_sees_every_agency_s_cards(role: str) -> None:
    cards = [register(CABINET, "head"), register(MUSEUM, "accountant")]
    client = client_of(User.objects.get(role_assignments__role=role).username)

    page = words(client.get("/cards/registered/"))
    one = words(client.get(f"/cards/registered/?agency={MUSEUM}"))

    assert all(card.card_no in page for card in cards)
    assert [card.card_no in one for card in cards] == [False, True]


@pytest.mark.parametrize("role", ["clerk", "reviewer", "accountant", "head", "releaser"])
def test_other_roles_do_not_open_the_list_of_people_s_cards(role: str) -> None:
    assert client_of(f"{CABINET}-{role}").get("/cards/registered/").status_code == 403


def test_it_is_filtered_by_validity_and_taken_away_as_a_file(day: datetime) -> None:
    late = register(CABINET, "head")
    soon = register(CABINET, "accountant", valid=(day - timedelta(days=300), day + timedelta(days=30)))
    client = client_of(f"{CABINET}-admin")

    page = words(client.get("/cards/registered/?validity=soon"))
    rows = list(csv.DictReader(io.StringIO(client.get("/cards/registered/?format=csv").content.decode("utf-8-sig"))))

    assert soon.card_no in page and "即將到期" in page and late.card_no not in page
    assert [row["卡號"] for row in rows] == [soon.card_no, late.card_no]


def test_the_list_makes_as_many_queries_for_many_cards_as_for_one(statements: Callable[..., int]) -> None:
    client = client_of(f"{CABINET}-admin")
    register(CABINET, "head")
    client.get("/cards/registered/")

    few = statements(lambda: client.get("/cards/registered/"))
    for number in range(20):
        register(CABINET, "head", number=f"GC{number:014}")
    many = statements(lambda: client.get("/cards/registered/"))

    assert many == few


def test_a_person_s_numbers_are_those_in_force_in_the_capacity() -> None:
    first, second = register(CABINET, "head"), register(CABINET, "head", number="GC99999999999999")
    holder = first.user_id
    assert set(services.card_numbers(user_id=holder, capacity="head")) == {first.card_no, second.card_no}

    services.card_end(card=first, actor=treasurer(), because="換卡")

    assert services.card_numbers(user_id=holder, capacity="head") == [second.card_no]
    assert services.card_numbers(user_id=holder, capacity="accountant") == []


def test_every_refusal_of_the_gate_has_words_and_something_to_do() -> None:
    assert set(WORDINGS) == set(REFUSALS)

    for code, (title_zh, _) in REFUSALS.items():
        assert title_of(Refused(code)) == title_zh
        assert remedy_of(Refused(code)).endswith("。")


@pytest.mark.parametrize(
    ("starts", "ends", "said", "filters"),
    [
        (-400, -1, "已逾期", ["expired"]),
        (1, 400, "尚未生效", ["valid"]),
        (-1, 59, "即將到期", ["soon", "valid"]),
        (-1, 400, "有效", ["valid"]),
    ],
)
def test_each_validity_has_its_word_and_its_filter(
    starts: int, ends: int, said: str, filters: list[str], day: datetime
) -> None:
    card = register(CABINET, "head")
    dates = {"valid_from": day + timedelta(days=starts), "valid_to": day + timedelta(days=ends)}
    Card.objects.filter(pk=card.pk).update(**dates)
    client = client_of("treasury-auditor")

    assert said in words(client_of(f"{CABINET}-head").get("/cards/"))
    asked = ["expired", "soon", "valid"]
    shown = [value for value in asked if card.card_no in words(client.get(f"/cards/registered/?validity={value}"))]
    assert shown == filters
