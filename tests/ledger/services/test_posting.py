"""Booking: what changes, what is refused, and that one round trip does it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from tests.core.threads import WAIT_SECONDS, alone, wait_for_a_waiter
from tests.ledger.world import (
    ADVANCE,
    ADVANCE_TWD,
    BUILDING,
    CABINET,
    DEPOSITED_TWD,
    EXHIBITION,
    FUND,
    FUND_DEPOSITED_TWD,
    MUSEUM,
    OFFICE,
    OFFICE_TWD,
    ON,
    TRAVEL,
    a_booking,
    book,
    figures,
)
from treasury.core.errors import Problem
from treasury.ledger import events, invariants, selectors, services
from treasury.ledger.authorities import Draw, budget_key, fund_key
from treasury.ledger.models import Entry, Posting


def sound() -> bool:
    return not [violation for check in invariants.CHECKS for violation in check()]


def refusal(event: events.Event, ref: str, draws: list[Draw], **other: object) -> Problem:
    with pytest.raises(Problem) as refused:
        book(event, ref, draws, **other)
    return refused.value


@pytest.mark.usefixtures("books")
class TestAVouchersLife:
    def test_it_reserves_then_pays(self) -> None:
        book(events.RESERVE, "v1", [Draw.budget(OFFICE, 1_000)])
        assert figures(OFFICE) == (2_000, 1_000, 0, 0, 0)

        book(events.PAY_BY_REMITTANCE, "v1", [Draw.budget(OFFICE, 1_000)])

        assert figures(OFFICE) == (2_000, 0, 1_000, 0, 0)
        assert selectors.trial_balance()["2101"] == 1_000
        assert sound()

    def test_it_gives_a_returned_vouchers_reservation_back(self) -> None:
        book(events.RESERVE, "v1", [Draw.budget(OFFICE, OFFICE_TWD)])

        book(events.VOID, "v1", [Draw.budget(OFFICE, OFFICE_TWD)])

        assert figures(OFFICE) == (OFFICE_TWD, 0, 0, 0, 0)
        assert sound()

    def test_money_goes_out_comes_back_and_goes_out_again(self) -> None:
        draws = [Draw.budget(OFFICE, 900)]
        book(events.RESERVE, "v1", draws)
        book(events.PAY_BY_REMITTANCE, "v1", draws)
        book(events.DEBIT_BY_BANK, "b1", amount_twd=900)
        book(events.RETURN_BY_BANK, "i1", amount_twd=900)
        assert selectors.trial_balance()["2103"] == 900
        assert selectors.master_balance() == DEPOSITED_TWD + FUND_DEPOSITED_TWD

        book(events.RESEND, "i1", amount_twd=400)
        book(events.RETURN_TO_TREASURY, "i1", [Draw.budget(OFFICE, 500)])

        balance = selectors.trial_balance()
        assert (balance["2101"], balance["2103"]) == (400, 0)
        assert balance["3101"] == DEPOSITED_TWD - 400
        assert figures(OFFICE) == (OFFICE_TWD - 400, 0, 400, 0, 0)
        assert sound()

    def test_a_cheque_clears_or_is_cancelled(self) -> None:
        book(events.RESERVE, "v1", [Draw.budget(OFFICE, 900)])
        book(events.PAY_BY_CHEQUE, "v1", [Draw.budget(OFFICE, 900)])

        book(events.CLEAR_CHEQUE, "AA0000001", amount_twd=600)
        book(events.CANCEL_CHEQUE, "AA0000002", [Draw.budget(OFFICE, 300)])

        assert selectors.trial_balance()["2102"] == 0
        assert selectors.master_balance() == DEPOSITED_TWD + FUND_DEPOSITED_TWD - 600
        assert figures(OFFICE) == (OFFICE_TWD - 600, 0, 600, 0, 0)
        assert sound()

    def test_an_advance_draws_on_its_case_and_is_settled_by_a_transfer(self) -> None:
        book(events.RESERVE, "v1", [Draw.case(ADVANCE, ADVANCE_TWD)])
        book(events.PAY_BY_REMITTANCE, "v1", [Draw.case(ADVANCE, ADVANCE_TWD)])
        assert figures(ADVANCE) == (0, 0, ADVANCE_TWD, 0, 0)

        book(events.POST_TRANSFER, "t1", [Draw.budget(BUILDING, 300_000)], reliefs=[Draw.case(ADVANCE, 300_000)])

        assert figures(ADVANCE) == (0, 0, ADVANCE_TWD, 300_000, 300_000)
        assert figures(BUILDING) == (0, 0, 300_000, 0, 0)
        assert figures(OFFICE) == (OFFICE_TWD, 0, 0, 0, 0)
        assert sound()

    def test_a_fund_pays_from_its_own_money(self) -> None:
        draws = [Draw.budget(OFFICE, 700, fund_code=FUND), Draw.fund(FUND, 300)]
        book(events.RESERVE, "v1", draws)
        assert selectors.fund_available([FUND]) == {FUND: FUND_DEPOSITED_TWD - 1_000}
        assert selectors.fund_balances() == {FUND: FUND_DEPOSITED_TWD}

        book(events.PAY_BY_CHEQUE, "v1", draws)

        assert selectors.fund_balances() == {FUND: FUND_DEPOSITED_TWD - 1_000}
        assert selectors.trial_balance()["3101"] == DEPOSITED_TWD
        assert figures(OFFICE) == (OFFICE_TWD - 700, 0, 700, 0, 0)
        assert sound()


@pytest.mark.usefixtures("books")
class TestATransfer:
    def test_it_may_relieve_a_voucher_not_yet_paid_and_the_relief_may_be_spent(self) -> None:
        book(events.RESERVE, "v1", [Draw.budget(OFFICE, OFFICE_TWD)])

        book(events.POST_TRANSFER, "t1", [Draw.budget(TRAVEL, 500)], reliefs=[Draw.budget(OFFICE, 500)])

        assert figures(OFFICE) == (500, OFFICE_TWD, 0, 500, 0)
        book(events.PAY_BY_REMITTANCE, "v1", [Draw.budget(OFFICE, OFFICE_TWD)])
        book(events.RESERVE, "v2", [Draw.budget(OFFICE, 500)])
        assert figures(OFFICE) == (0, 500, OFFICE_TWD, 500, 0)
        assert sound()

    def test_it_relieves_no_more_than_was_reserved_or_spent(self) -> None:
        book(events.RESERVE, "v1", [Draw.budget(OFFICE, 500)])

        problem = refusal(events.POST_TRANSFER, "t1", [Draw.budget(TRAVEL, 501)], reliefs=[Draw.budget(OFFICE, 501)])

        assert problem.code == "relief_above_spending"
        assert "501 asked, 500 left" in problem.detail
        assert figures(TRAVEL)[0] == 3_000

    def test_what_was_relieved_cannot_be_voided_away(self) -> None:
        book(events.RESERVE, "v1", [Draw.budget(OFFICE, 500)])
        book(events.POST_TRANSFER, "t1", [Draw.budget(TRAVEL, 500)], reliefs=[Draw.budget(OFFICE, 500)])

        assert refusal(events.VOID, "v1", [Draw.budget(OFFICE, 500)]).code == "relief_above_spending"

    def test_it_draws_no_more_than_is_available(self) -> None:
        book(events.RESERVE, "v1", [Draw.budget(OFFICE, OFFICE_TWD)])

        problem = refusal(
            events.POST_TRANSFER, "t1", [Draw.budget(TRAVEL, 3_001)], reliefs=[Draw.budget(OFFICE, 3_001)]
        )

        assert problem.code == "overdraft"


@pytest.mark.usefixtures("books")
class TestRefusals:
    def test_exactly_the_balance_is_allowed_and_one_dollar_more_is_not(self) -> None:
        problem = refusal(events.RESERVE, "v1", [Draw.budget(OFFICE, OFFICE_TWD + 1)])

        assert (problem.code, problem.path) == ("overdraft", "/0")
        assert problem.detail == f"budget/114/{OFFICE}: 3001 asked, 3000 left"
        assert not Posting.objects.filter(event_ref="v1").exists()
        book(events.RESERVE, "v1", [Draw.budget(OFFICE, OFFICE_TWD)])
        assert figures(OFFICE) == (0, OFFICE_TWD, 0, 0, 0)

    def test_one_line_without_balance_refuses_the_whole_voucher(self) -> None:
        problem = refusal(events.RESERVE, "v1", [Draw.budget(OFFICE, 1), Draw.budget(TRAVEL, 3_001)])

        assert problem.code == "overdraft"
        assert TRAVEL in problem.detail
        assert figures(OFFICE) == (OFFICE_TWD, 0, 0, 0, 0)

    def test_a_fund_without_balance_refuses_a_line_that_has_one(self) -> None:
        book(events.RESERVE, "v1", [Draw.fund(FUND, FUND_DEPOSITED_TWD)])

        problem = refusal(events.RESERVE, "v2", [Draw.budget(OFFICE, 1, fund_code=FUND)])

        assert problem.code == "overdraft"
        assert fund_key(FUND) in problem.detail

    def test_nothing_is_paid_or_voided_that_was_not_reserved(self) -> None:
        book(events.RESERVE, "v1", [Draw.budget(OFFICE, 100)])

        assert refusal(events.VOID, "v1", [Draw.budget(OFFICE, 101)]).code == "not_reserved"
        assert refusal(events.PAY_BY_CHEQUE, "v1", [Draw.budget(OFFICE, 101)]).code == "not_reserved"

    def test_nothing_comes_back_that_was_not_spent(self) -> None:
        book(events.RESERVE, "v1", [Draw.budget(OFFICE, 100)])
        book(events.PAY_BY_CHEQUE, "v1", [Draw.budget(OFFICE, 100)])

        assert refusal(events.CANCEL_CHEQUE, "c1", [Draw.budget(OFFICE, 101)]).code == "not_expended"

    def test_an_authority_that_is_not_in_the_books(self) -> None:
        problem = refusal(events.RESERVE, "v1", [Draw.budget(OFFICE, 1), Draw.budget("0000000000", 1)])

        assert problem.code == "unknown_authority"
        assert "budget/114/0000000000" in problem.detail

    def test_another_years_line_of_the_same_code_is_not_in_the_books(self) -> None:
        assert refusal(events.RESERVE, "v1", [Draw.budget(OFFICE, 1)], fiscal_year=113).code == "unknown_authority"


@pytest.mark.usefixtures("books")
class TestTheSameEvent:
    def test_it_is_posted_once_and_returns_its_first_posting(self) -> None:
        first = book(events.RESERVE, "v1", [Draw.budget(OFFICE, 2_000)])

        again = book(events.RESERVE, "v1", [Draw.budget(OFFICE, 2_000)])

        assert first.is_new
        assert (again.posting_id, again.is_new) == (first.posting_id, False)
        assert figures(OFFICE) == (1_000, 2_000, 0, 0, 0)
        assert sound()

    def test_the_day_of_the_repetition_does_not_matter(self) -> None:
        first = book(events.RESERVE, "v1", [Draw.budget(OFFICE, 1)])

        again = book(events.RESERVE, "v1", [Draw.budget(OFFICE, 1)], on=ON.replace(day=10))

        assert again.posting_id == first.posting_id

    @pytest.mark.parametrize("other", [{"agency_code": MUSEUM}, {"fiscal_year": 113, "draws": [Draw.fund(FUND, 1)]}])
    def test_with_other_content_it_is_refused(self, other: dict[str, object]) -> None:
        book(events.RESERVE, "v1", [Draw.budget(OFFICE, 1)])

        problem = refusal(events.RESERVE, "v1", **({"draws": [Draw.budget(OFFICE, 1)]} | other))  # type: ignore[arg-type]

        assert (problem.code, problem.status) == ("conflict", 409)
        assert refusal(events.RESERVE, "v1", [Draw.budget(OFFICE, 2)]).code == "conflict"

    def test_another_event_may_have_the_same_reference(self) -> None:
        book(events.RESERVE, "v1", [Draw.budget(OFFICE, 1)])

        assert book(events.PAY_BY_CHEQUE, "v1", [Draw.budget(OFFICE, 1)]).is_new


@pytest.mark.usefixtures("books")
class TestManyAtOnce:
    def test_they_are_one_statement_whatever_their_number(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        many = [a_booking(events.RESERVE, f"v{number}", [Draw.budget(OFFICE, 1)]) for number in range(500)]

        with django_assert_num_queries(1):
            booked = services.book_many(many)

        assert len({one.posting_id for one in booked}) == 500
        assert figures(OFFICE) == (2_500, 500, 0, 0, 0)
        assert sound()

    def test_they_spread_over_agencies_years_and_days(self) -> None:
        services.book_many(
            [
                a_booking(events.RESERVE, "v1", [Draw.budget(OFFICE, 1)]),
                a_booking(events.RESERVE, "v2", [Draw.budget(EXHIBITION, 2)], agency_code=MUSEUM),
                a_booking(events.RESERVE, "v3", [Draw.fund(FUND, 3)], fiscal_year=113, on=ON.replace(day=10)),
                a_booking(events.PAY_BY_CHEQUE, "v1", [Draw.budget(OFFICE, 1)]),
                a_booking(events.CLEAR_CHEQUE, "c1", amount_twd=1, agency_code=""),
            ]
        )

        assert figures(EXHIBITION)[1] == 2
        assert Posting.objects.get(event_ref="v3").booked_on == ON.replace(day=10)
        assert sound()

    def test_the_first_that_does_not_fit_is_named_and_none_is_posted(self) -> None:
        many = [a_booking(events.RESERVE, f"v{number}", [Draw.budget(OFFICE, 1_400)]) for number in range(4)]

        with pytest.raises(Problem) as refused:
            services.book_many(many)

        assert (refused.value.code, refused.value.path) == ("overdraft", "/2")
        assert refused.value.detail.endswith("1400 asked, 200 left")
        assert figures(OFFICE) == (OFFICE_TWD, 0, 0, 0, 0)

    def test_old_and_new_ones_may_stand_together(self) -> None:
        first = book(events.RESERVE, "v1", [Draw.budget(OFFICE, 2_000)])

        booked = services.book_many(
            [
                a_booking(events.RESERVE, "v2", [Draw.budget(OFFICE, 500)]),
                a_booking(events.RESERVE, "v1", [Draw.budget(OFFICE, 2_000)]),
                a_booking(events.RESERVE, "v3", [Draw.budget(OFFICE, 500)]),
            ]
        )

        assert [one.is_new for one in booked] == [True, False, True]
        assert booked[1].posting_id == first.posting_id
        assert figures(OFFICE) == (0, 3_000, 0, 0, 0)
        assert sound()

    def test_a_repeated_booking_counts_once(self) -> None:
        one = a_booking(events.RESERVE, "v1", [Draw.budget(OFFICE, 2_000)])
        same = a_booking(events.RESERVE, "v1", [Draw.budget(OFFICE, 2_000)])

        booked = services.book_many([one, same, one])

        assert booked[0] == booked[1] == booked[2]
        assert figures(OFFICE) == (1_000, 2_000, 0, 0, 0)

    def test_two_contents_under_one_name_are_refused(self) -> None:
        one = a_booking(events.RESERVE, "v1", [Draw.budget(OFFICE, 1)])
        other = a_booking(events.RESERVE, "v1", [Draw.budget(OFFICE, 2)])

        with pytest.raises(Problem) as refused:
            services.book_many([one, other])

        assert refused.value.code == "conflict"

    def test_none_is_nothing(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        with django_assert_num_queries(0):
            assert services.book_many([]) == []


@pytest.mark.usefixtures("books")
class TestWhatPostgresItselfRefuses:
    def test_a_posting_that_does_not_balance(self) -> None:
        good = a_booking(events.CLEAR_CHEQUE, "c1", amount_twd=5)
        bad = good._replace(lines=(("1101", "", "C", 5), ("2102", "", "D", 6)))

        with pytest.raises(DatabaseError, match="does not balance"), transaction.atomic():
            services.book_many([bad])

    def test_a_posting_that_moves_money_between_authorities(self) -> None:
        good = a_booking(events.RESERVE, "v1", [Draw.budget(OFFICE, 5)])
        lines = (("8201", budget_key(114, OFFICE), "D", 5), ("8201", budget_key(114, TRAVEL), "C", 5))

        with pytest.raises(DatabaseError, match="from one authority to another"), transaction.atomic():
            services.book_many([good._replace(lines=lines)])

    def test_an_account_outside_the_chart(self) -> None:
        good = a_booking(events.CLEAR_CHEQUE, "c1", amount_twd=5)
        lines = (("1101", "", "C", 5), ("1999", "", "D", 5))

        with pytest.raises(IntegrityError, match="entry_account_of_chart"), transaction.atomic():
            services.book_many([good._replace(lines=lines)])


@pytest.mark.usefixtures("books")
def test_book_is_one_booking() -> None:
    booked = services.book(
        events.RESERVE,
        event_ref="v1",
        agency_code=CABINET,
        fiscal_year=114,
        on=ON,
        draws=[Draw.budget(OFFICE, 40)],
    )

    assert booked.is_new
    assert Entry.objects.filter(posting_id=booked.posting_id).count() == 2


@pytest.mark.usefixtures("books")
def test_available_can_be_held_before_it_is_booked() -> None:
    held = services.available_lock([budget_key(114, OFFICE), fund_key(FUND), "budget/114/none"])

    assert held == {budget_key(114, OFFICE): OFFICE_TWD, fund_key(FUND): FUND_DEPOSITED_TWD}


@pytest.mark.usefixtures("shared_books")
def test_two_at_once_under_one_name_but_of_two_agencies_are_a_conflict() -> None:
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            book(events.RESERVE, "v1", [Draw.budget(OFFICE, 1)])
            other = pool.submit(
                alone, lambda: book(events.RESERVE, "v1", [Draw.budget(EXHIBITION, 1)], agency_code=MUSEUM)
            )
            wait_for_a_waiter()
        refused = other.result(WAIT_SECONDS)

    assert isinstance(refused, Problem)
    assert refused.code == "conflict"
    assert sound()


@pytest.mark.usefixtures("shared_books")
def test_two_at_once_with_one_content_are_one_posting() -> None:
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = book(events.RESERVE, "v1", [Draw.budget(OFFICE, 2_000)])
            other = pool.submit(alone, lambda: book(events.RESERVE, "v1", [Draw.budget(OFFICE, 2_000)]))
            wait_for_a_waiter()
        again = other.result(WAIT_SECONDS)

    assert (again.posting_id, again.is_new) == (first.posting_id, False)
    assert figures(OFFICE) == (1_000, 2_000, 0, 0, 0)
