"""What each business event posts, to the entry; and what is no event at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.world import ADVANCE, CABINET, FUND, OFFICE, TRAVEL, a_booking
from treasury.core.errors import Problem
from treasury.ledger import events
from treasury.ledger.authorities import Draw
from treasury.ledger.bookings import Booking
from treasury.ledger.events import EVENTS, Event

LINE, OTHER = f"budget/114/{OFFICE}", f"budget/114/{TRAVEL}"
CASE, ITS_FUND = f"case/{CABINET}/{ADVANCE}", f"fund/{FUND}"
OFFICE_100, TRAVEL_30 = Draw.budget(OFFICE, 100), Draw.budget(TRAVEL, 30)

OF_DRAWS = [
    (events.DEPOSIT, [Draw.general(7)], "1101D7 3101C7"),
    (events.DEPOSIT, [Draw.fund(FUND, 7)], f"1101D7 3201C7@{ITS_FUND} 8101D7@{ITS_FUND} 8201C7@{ITS_FUND}"),
    (events.RELEASE_ALLOTMENT, [OFFICE_100], f"8101D100@{LINE} 8201C100@{LINE}"),
    (events.LAPSE_ALLOTMENT, [OFFICE_100], f"8101C100@{LINE} 8201D100@{LINE}"),
    (events.APPROVE_CASE, [Draw.case(ADVANCE, 9)], f"8101D9@{CASE} 8201C9@{CASE}"),
    (events.RESERVE, [OFFICE_100], f"8201D100@{LINE} 8202C100@{LINE}"),
    (events.RESERVE, [OFFICE_100, TRAVEL_30], f"8201D100@{LINE} 8201D30@{OTHER} 8202C100@{LINE} 8202C30@{OTHER}"),
    (events.RESERVE, [OFFICE_100, Draw.budget(OFFICE, 5)], f"8201D105@{LINE} 8202C105@{LINE}"),
    (events.RESERVE, [Draw.case(ADVANCE, 9)], f"8201D9@{CASE} 8202C9@{CASE}"),
    (events.RESERVE, [Draw.fund(FUND, 9)], f"8201D9@{ITS_FUND} 8202C9@{ITS_FUND}"),
    (events.VOID, [OFFICE_100], f"8201C100@{LINE} 8202D100@{LINE}"),
    (events.PAY_BY_REMITTANCE, [OFFICE_100], f"2101C100 3101D100 8202D100@{LINE} 8203C100@{LINE}"),
    (events.PAY_BY_CHEQUE, [OFFICE_100], f"2102C100 3101D100 8202D100@{LINE} 8203C100@{LINE}"),
    (
        events.PAY_BY_CHEQUE,
        [Draw.budget(OFFICE, 4, fund_code=FUND), TRAVEL_30],
        f"2102C34 3101D30 3201D4@{ITS_FUND} 8202D4@{LINE} 8202D30@{OTHER} 8202D4@{ITS_FUND}"
        f" 8203C4@{LINE} 8203C30@{OTHER} 8203C4@{ITS_FUND}",
    ),
    (events.RETURN_TO_TREASURY, [OFFICE_100], f"2103D100 3101C100 8201C100@{LINE} 8203D100@{LINE}"),
    (events.PAY_IN_RETURNED, [OFFICE_100], "2103D100 3101C100"),
    (events.PAY_IN_RETURNED, [Draw.fund(FUND, 9)], f"2103D9 3201C9@{ITS_FUND} 8101D9@{ITS_FUND} 8201C9@{ITS_FUND}"),
    (events.RETURN_EXPENDITURE, [OFFICE_100], f"1101D100 3101C100 8201C100@{LINE} 8203D100@{LINE}"),
    (events.PAY_IN_CHEQUE, [OFFICE_100], "2102D100 3101C100"),
    (events.PAY_IN_CHEQUE, [Draw.fund(FUND, 9)], f"2102D9 3201C9@{ITS_FUND} 8101D9@{ITS_FUND} 8201C9@{ITS_FUND}"),
    (events.CANCEL_CHEQUE, [OFFICE_100], f"2102D100 3101C100 8201C100@{LINE} 8203D100@{LINE}"),
]
OF_AMOUNT = [
    (events.DEBIT_BY_BANK, "1101C8 2101D8"),
    (events.CLEAR_CHEQUE, "1101C8 2102D8"),
    (events.RETURN_BY_BANK, "1101D8 2103C8"),
    (events.REJECT_BY_BANK, "2101D8 2103C8"),
    (events.RESEND, "2101C8 2103D8"),
]
OF_TRANSFER = [
    ([TRAVEL_30], [Draw.budget(OFFICE, 30)], f"8201C30@{LINE} 8201D30@{OTHER} 8203C30@{OTHER} 8204D30@{LINE}"),
    ([TRAVEL_30], [Draw.case(ADVANCE, 30)], f"8201D30@{OTHER} 8203C30@{OTHER} 8204D30@{CASE} 8205C30@{CASE}"),
    (
        [TRAVEL_30],
        [Draw.fund(FUND, 30)],
        f"3101D30 3201C30@{ITS_FUND} 8201C30@{ITS_FUND} 8201D30@{OTHER} 8203C30@{OTHER} 8204D30@{ITS_FUND}",
    ),
]


def said(booking: Booking) -> list[str]:
    return sorted(f"{code}{side}{twd}{'@' if key else ''}{key}" for code, key, side, twd in booking.lines)


@pytest.mark.parametrize(("event", "draws", "expected"), OF_DRAWS)
def test_an_event_posts_what_its_draws_say(event: Event, draws: list[Draw], expected: str) -> None:
    assert said(a_booking(event, "v1", draws)) == sorted(expected.split())


@pytest.mark.parametrize(("event", "expected"), OF_AMOUNT)
def test_an_event_between_money_accounts_posts_its_amount(event: Event, expected: str) -> None:
    assert said(a_booking(event, "v1", amount_twd=8)) == sorted(expected.split())


@pytest.mark.parametrize(("draws", "reliefs", "expected"), OF_TRANSFER)
def test_a_transfer_draws_on_one_side_and_relieves_the_other(
    draws: list[Draw], reliefs: list[Draw], expected: str
) -> None:
    assert said(a_booking(events.POST_TRANSFER, "t1", draws, reliefs=reliefs)) == sorted(expected.split())


def test_the_tables_above_leave_no_event_out() -> None:
    tested = {event for event, _, _ in OF_DRAWS} | {event for event, _ in OF_AMOUNT} | {events.POST_TRANSFER}

    assert tested == set(EVENTS)


def test_the_order_of_the_draws_makes_no_difference() -> None:
    one = a_booking(events.RESERVE, "v1", [OFFICE_100, TRAVEL_30])

    assert a_booking(events.RESERVE, "v1", [TRAVEL_30, OFFICE_100]) == one


@pytest.mark.parametrize(
    ("event", "given"),
    [
        (events.RESERVE, {}),
        (events.RESERVE, {"draws": [OFFICE_100], "amount_twd": 100}),
        (events.RESERVE, {"draws": [OFFICE_100], "reliefs": [TRAVEL_30]}),
        (events.DEBIT_BY_BANK, {"amount_twd": 8, "draws": [OFFICE_100]}),
        (events.DEBIT_BY_BANK, {"amount_twd": 8, "reliefs": [OFFICE_100]}),
        (events.POST_TRANSFER, {"draws": [OFFICE_100]}),
        (events.POST_TRANSFER, {"draws": [OFFICE_100], "reliefs": [TRAVEL_30]}),
    ],
)
def test_what_does_not_fit_the_event_is_refused(event: Event, given: dict[str, object]) -> None:
    with pytest.raises(Problem) as refused:
        a_booking(event, "v1", **given)

    assert refused.value.code == "bad_event"


@pytest.mark.parametrize("amount_twd", [0, -1, True, 1.0, "5"])
def test_an_amount_is_a_whole_dollar_at_least(amount_twd: int) -> None:
    with pytest.raises(Problem) as of_a_draw:
        a_booking(events.RESERVE, "v1", [Draw.budget(OFFICE, amount_twd)])
    with pytest.raises(Problem) as of_an_amount:
        a_booking(events.CLEAR_CHEQUE, "v1", amount_twd=amount_twd)

    assert of_a_draw.value.code == of_an_amount.value.code == "bad_amount"


@pytest.mark.parametrize(
    ("ref", "agency_code"), [("", CABINET), ("a\nb", CABINET), ("x" * 121, CABINET), ("v1", "a/b"), ("v1", "a\n")]
)
def test_references_are_single_lines(ref: str, agency_code: str) -> None:
    with pytest.raises(Problem) as refused:
        a_booking(events.RESERVE, ref, [OFFICE_100], agency_code=agency_code)

    assert refused.value.code == "bad_event"


AMOUNTS = st.integers(1, 9_999_999_999_999)
DRAWS = st.one_of(
    st.builds(Draw.budget, st.sampled_from([OFFICE, TRAVEL]), AMOUNTS),
    st.builds(lambda code, twd: Draw.budget(code, twd, fund_code=FUND), st.sampled_from([OFFICE, TRAVEL]), AMOUNTS),
    st.builds(Draw.case, st.just(ADVANCE), AMOUNTS),
    st.builds(Draw.fund, st.just(FUND), AMOUNTS),
)


@given(st.sampled_from([event for event in EVENTS if not event.moves_money_only]), st.lists(DRAWS, min_size=1))
def test_whatever_is_drawn_each_section_balances_for_each_authority(event: Event, draws: list[Draw]) -> None:
    posting = a_booking(event, "v1", draws, reliefs=draws if event.has_reliefs else ())

    sums: dict[str, int] = {}
    for code, key, side, amount_twd in posting.lines:
        assert amount_twd > 0
        part = key if code >= "8" else "money"
        sums[part] = sums.get(part, 0) + (amount_twd if side == "D" else -amount_twd)
    assert set(sums.values()) <= {0}
