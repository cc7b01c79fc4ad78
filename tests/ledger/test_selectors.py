import pytest
from pytest_django import DjangoAssertNumQueries

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
    TRAVEL,
    book,
)
from treasury.ledger import events, selectors
from treasury.ledger.authorities import Draw
from treasury.ledger.chart import CODES

pytestmark = pytest.mark.usefixtures("books")


def test_accounts_tell_whose_they_are_and_their_gate(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        accounts = selectors.accounts(114)

    assert accounts[BUILDING] == (CABINET, "capital", "其他設備")
    assert accounts[EXHIBITION].agency_code == MUSEUM
    assert selectors.accounts(113) == {}


def test_available_leaves_unknown_codes_out() -> None:
    assert selectors.available(114, [OFFICE, "0/0", FUND]) == {OFFICE: 3_000}
    assert selectors.available(113, [OFFICE]) == {}


def test_a_case_tells_what_is_left_of_it() -> None:
    book(events.RESERVE, "v1", [Draw.case(ADVANCE, 700_000)])

    case = selectors.case(CABINET, ADVANCE)

    assert case is not None
    assert (case.approved_twd, case.left_twd) == (ADVANCE_TWD, ADVANCE_TWD - 700_000)
    assert selectors.case(MUSEUM, ADVANCE) is None


def test_many_cases_are_told_in_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    book(events.RESERVE, "v1", [Draw.case(ADVANCE, 700_000)])

    with django_assert_num_queries(2):
        found = selectors.cases([(CABINET, ADVANCE), (MUSEUM, ADVANCE), (CABINET, "unheard of")])

    assert found == {(CABINET, ADVANCE): selectors.case(CABINET, ADVANCE)}


def test_a_year_s_budget_is_told_by_account(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        facts = selectors.budget_facts(114)

    assert (facts[BUILDING]["agency_code"], facts[BUILDING]["gate"]) == (CABINET, "capital")
    assert selectors.budget_facts(113) == {}


def test_the_money_section_balances_as_in_the_trial_balance() -> None:
    book(events.RESERVE, "v1", [Draw.budget(OFFICE, 1_000)])
    book(events.PAY_BY_CHEQUE, "v1", [Draw.budget(OFFICE, 1_000)])

    money = selectors.money_balances()

    assert money == {code: twd for code, twd in selectors.trial_balance().items() if code in money}
    assert money["2102"] == 1_000


def test_the_trial_balance_shows_every_account_on_its_normal_side() -> None:
    book(events.RESERVE, "v1", [Draw.budget(OFFICE, 1_000)])
    book(events.PAY_BY_CHEQUE, "v1", [Draw.budget(OFFICE, 1_000)])

    balance = selectors.trial_balance()

    assert tuple(balance) == CODES
    assert balance["1101"] == selectors.master_balance() == DEPOSITED_TWD + FUND_DEPOSITED_TWD
    assert (balance["2102"], balance["3101"], balance["3201"]) == (1_000, DEPOSITED_TWD - 1_000, FUND_DEPOSITED_TWD)
    assert balance["8101"] == balance["8201"] + balance["8202"] + balance["8203"]
    assert balance["8204"] == 0


def test_positions_tell_how_each_line_stands() -> None:
    book(events.RESERVE, "v1", [Draw.budget(OFFICE, 900)])
    book(events.PAY_BY_CHEQUE, "v1", [Draw.budget(OFFICE, 900)])
    book(events.POST_TRANSFER, "t1", [Draw.budget(TRAVEL, 400)], reliefs=[Draw.budget(OFFICE, 400)])

    office = next(one for one in selectors.positions(114) if one.account_code == OFFICE)

    assert (office.annual_twd, office.released_twd, office.available_twd) == (12_000, 3_000, 2_500)
    assert (office.expended_twd, office.relieved_twd, office.net_expended_twd) == (900, 400, 500)
    assert [one.agency_code for one in selectors.positions(114, agency_code=MUSEUM)] == [MUSEUM, MUSEUM]
    assert selectors.positions(113) == []


def test_an_agency_has_the_name_its_newest_budget_gives_it() -> None:
    assert selectors.agency_name(MUSEUM) == "國立臺灣美術館"
    assert selectors.agency_name("0000000000") == ""


def test_funds_have_names() -> None:
    assert selectors.fund_names([FUND, "F99"]) == {FUND: "行政院公營事業民營化基金"}
