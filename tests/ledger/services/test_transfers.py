"""A transfer voucher gives back to spend what was spent, and no more, whatever it credits."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.ledger.world import (
    ADVANCE,
    ADVANCE_TWD,
    BUILDING,
    CABINET,
    DEPOSITED_TWD,
    FUND,
    FUND_DEPOSITED_TWD,
    OFFICE,
    OFFICE_TWD,
    ON,
    TRAVEL,
    book,
    figures,
)
from treasury.core.errors import Problem
from treasury.ledger import events, selectors
from treasury.ledger.authorities import Draw
from treasury.ledger.invariants import CHECKS
from treasury.ledger.models import Posting
from treasury.ledger.services import Booked, transfer_post

pytestmark = pytest.mark.usefixtures("books")


def post(ref: str, draws: list[Draw], reliefs: list[Draw]) -> Booked:
    return transfer_post(event_ref=ref, agency_code=CABINET, fiscal_year=114, on=ON, draws=draws, reliefs=reliefs)


def pay(ref: str, *draws: Draw) -> None:
    book(events.RESERVE, ref, draws)
    book(events.PAY_BY_REMITTANCE, ref, draws)


def found(*checks: Callable[[], Any]) -> list[Any]:
    return [violation for check in checks or CHECKS for violation in check()]


def test_what_was_spent_may_be_spent_again_elsewhere() -> None:
    pay("v1", Draw.budget(OFFICE, 900))

    post("t1", [Draw.budget(TRAVEL, 400)], [Draw.budget(OFFICE, 400)])

    assert figures(OFFICE) == (OFFICE_TWD - 500, 0, 900, 400, 0)
    assert figures(TRAVEL) == (2_600, 0, 400, 0, 0)
    assert found() == []


def test_two_transfers_of_one_original_are_posted_and_give_back_once() -> None:
    pay("v1", Draw.budget(OFFICE, 900))
    post("t1", [Draw.budget(TRAVEL, 900)], [Draw.budget(OFFICE, 900)])

    post("t2", [Draw.budget(TRAVEL, 900)], [Draw.budget(OFFICE, 500), Draw.budget(OFFICE, 400)])

    assert figures(OFFICE) == (OFFICE_TWD, 0, 900, 900, 0)
    balance = selectors.trial_balance()
    assert (balance["8206"], balance["8207"]) == (900, 900)
    assert found() == []


def test_a_line_that_spent_less_gets_back_what_it_spent() -> None:
    pay("v1", Draw.budget(OFFICE, 300))

    post("t1", [Draw.budget(TRAVEL, 1_000)], [Draw.budget(OFFICE, 1_000)])

    assert figures(OFFICE) == (OFFICE_TWD, 0, 300, 300, 0)
    assert selectors.trial_balance()["8206"] == 700
    assert found() == []


def test_an_original_that_drew_on_a_case_leaves_the_line_as_it_was() -> None:
    pay("v1", Draw.case(ADVANCE, ADVANCE_TWD))

    post("t1", [Draw.budget(TRAVEL, 1_000)], [Draw.budget(OFFICE, 1_000)])

    assert figures(OFFICE) == (OFFICE_TWD, 0, 0, 0, 0)
    assert figures(TRAVEL) == (2_000, 0, 1_000, 0, 0)
    assert found() == []


def test_a_reservation_is_no_spending() -> None:
    book(events.RESERVE, "v1", [Draw.budget(OFFICE, 500)])

    post("t1", [Draw.budget(TRAVEL, 500)], [Draw.budget(OFFICE, 500)])

    book(events.VOID, "v1", [Draw.budget(OFFICE, 500)])
    assert figures(OFFICE) == (OFFICE_TWD, 0, 0, 0, 0)
    assert found() == []


def test_a_case_is_settled_and_nothing_of_it_is_spent_again() -> None:
    pay("v1", Draw.case(ADVANCE, ADVANCE_TWD))

    post("t1", [Draw.budget(BUILDING, 300_000)], [Draw.case(ADVANCE, 300_000)])

    assert figures(ADVANCE) == (0, 0, ADVANCE_TWD, 300_000, 300_000)
    assert found() == []


def test_money_that_comes_to_a_fund_may_be_spent_whole() -> None:
    post("t1", [Draw.budget(TRAVEL, 1_000)], [Draw.fund(FUND, 1_000)])

    assert selectors.fund_available([FUND]) == {FUND: FUND_DEPOSITED_TWD + 1_000}
    assert selectors.trial_balance()["3101"] == DEPOSITED_TWD - 1_000
    assert found() == []


def test_the_same_transfer_again_is_posted_once() -> None:
    pay("v1", Draw.budget(OFFICE, 300))
    first = post("t1", [Draw.budget(TRAVEL, 1_000)], [Draw.budget(OFFICE, 1_000)])

    again = post("t1", [Draw.budget(TRAVEL, 1_000)], [Draw.budget(OFFICE, 1_000)])

    assert again == Booked(first.posting_id, False)
    with pytest.raises(Problem) as refused:
        post("t1", [Draw.budget(TRAVEL, 999)], [Draw.budget(OFFICE, 999)])
    assert refused.value.code == "conflict"


def test_it_draws_no_more_than_is_available() -> None:
    with pytest.raises(Problem) as refused:
        post("t1", [Draw.budget(TRAVEL, 3_001)], [Draw.budget(OFFICE, 3_001)])

    assert refused.value.code == "overdraft"
    assert not Posting.objects.filter(event_ref="t1").exists()
