"""退匯 that cannot be corrected: the money goes back to its account, its case or its fund, by a numbered slip."""

from datetime import datetime

import pytest
from django.db import DatabaseError, transaction

from disbursement.models import InstructionAttempt, ReturnSlip
from disbursement.services.batches import batch_send
from disbursement.services.reconciliation import day_reconcile
from disbursement.services.statements import statement_apply, statement_fetch
from tests.core.threads import at_once
from tests.disbursement.services.came_back import StartBank, came_back, correct, give_back
from tests.factories import (
    CABINET,
    GRANTS,
    OFFICE,
    ON,
    OPENING_TWD,
    TRAVEL,
    Desk,
    answered,
    fresh,
    lines_of,
    many_payees,
)
from tests.vouchers.examples import Content, advance, changed, remittance
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.models import History
from treasury.invariants import violations
from treasury.ledger import chart, events
from treasury.ledger import selectors as ledger
from treasury.ledger import services as books
from treasury.ledger.authorities import Draw


def test_money_that_cannot_be_sent_goes_back_to_its_account_in_the_same_year(
    desk: Desk, start_agent_bank: StartBank
) -> None:
    line, _ = came_back(desk, start_agent_bank)
    available_twd = ledger.available(114, [GRANTS])[GRANTS]

    slip = give_back(desk, line)

    assert fresh(line).state == "returned_to_treasury"
    assert (slip.form, slip.fiscal_year, slip.slip_no, str(slip)) == ("expenditure_return", 114, 1, "114-1")
    assert slip.draws == [{"kind": "budget", "code": GRANTS, "amount_twd": 200, "fund_code": ""}]
    assert (slip.made_on, slip.made_by) == (ON, desk.treasurer("payer").name)
    assert ledger.available(114, [GRANTS]) == {GRANTS: available_twd + 200}
    balance = ledger.trial_balance()
    assert (balance[chart.RETURNED], balance[chart.GENERAL]) == (0, OPENING_TWD - 400)
    assert History.objects.get(verb="return_to_treasury").because == "受款人已歇業"
    assert day_reconcile(on=ON, message=statement_fetch(on=ON)).is_balanced
    assert list(violations()) == []


def test_in_a_later_year_the_money_is_paid_in_and_the_old_year_stays_as_it_is(
    desk: Desk, start_agent_bank: StartBank
) -> None:
    line, _ = came_back(desk, start_agent_bank)
    available_twd = ledger.available(114, [GRANTS])

    with clock.frozen(datetime(2026, 1, 5, 9, tzinfo=clock.ZONE)):
        slip = give_back(desk, line)

    assert (slip.form, slip.fiscal_year, slip.slip_no) == ("payment_in", 115, 1)
    assert ledger.available(114, [GRANTS]) == available_twd
    balance = ledger.trial_balance()
    assert (balance[chart.RETURNED], balance[chart.GENERAL]) == (0, OPENING_TWD - 400)


@pytest.mark.parametrize("year", [2025, 2026])
def test_an_advance_gets_its_money_back_in_whatever_year(desk: Desk, start_agent_bank: StartBank, year: int) -> None:
    line, _ = came_back(desk, start_agent_bank, advance(), account_no="012345678901")

    with clock.frozen(datetime(year, 3, 16 if year == 2026 else 10, 10, tzinfo=clock.ZONE)):
        slip = give_back(desk, line)

    assert slip.form == "expenditure_return"
    case = ledger.case(CABINET, "ADV114-004")
    assert case is not None
    assert case.left_twd == 3_700_000


def test_a_funds_money_goes_back_to_the_fund(desk: Desk, start_agent_bank: StartBank) -> None:
    books.fund_open(code="F001", name="行政院公營事業民營化基金", agency_code=CABINET)
    fund = [Draw.fund("F001", 50_000)]
    books.book(events.DEPOSIT, event_ref="fund", agency_code="", fiscal_year=114, on=ON, draws=fund)
    content = changed(remittance(), {"/account_lines/0/fund_code": "F001"})
    line, _ = came_back(desk, start_agent_bank, content, account_no="012345678901")
    assert ledger.fund_available(["F001"]) == {"F001": 20_000}

    with clock.frozen(datetime(2026, 1, 5, 9, tzinfo=clock.ZONE)):
        give_back(desk, line)

    assert ledger.fund_available(["F001"]) == {"F001": 50_000}


def _of_two_accounts() -> Content:
    """Three payees of 200, paid by two accounts: 400 and 200."""
    lines = [{"account_code": OFFICE, "amount_twd": 400}, {"account_code": TRAVEL, "amount_twd": 200}]
    return many_payees(3) | {"account_lines": lines}


def test_where_a_voucher_draws_on_several_accounts_somebody_says_which_get_it_back(
    desk: Desk, start_agent_bank: StartBank
) -> None:
    line, _ = came_back(desk, start_agent_bank, _of_two_accounts())

    slip = give_back(desk, line, Draw.budget(OFFICE, 150), Draw.budget(TRAVEL, 50))

    assert [(draw["code"], draw["amount_twd"]) for draw in slip.draws] == [(OFFICE, 150), (TRAVEL, 50)]
    spent = {row.account_code: row.expended_twd for row in ledger.positions(114)}
    assert (spent[OFFICE], spent[TRAVEL]) == (250, 150)


@pytest.mark.parametrize(
    ("draws", "code"),
    [
        ((), "split_missing"),
        ((Draw.budget(OFFICE, 199),), "split_wrong"),
        ((Draw.budget(OFFICE, 201), Draw.budget(TRAVEL, -1)), "split_wrong"),
        ((Draw.budget(GRANTS, 200),), "split_wrong"),
        ((Draw.budget(OFFICE, 200, fund_code="F001"),), "split_wrong"),
    ],
)
def test_a_split_is_of_the_vouchers_own_accounts_and_adds_up(
    desk: Desk, start_agent_bank: StartBank, draws: tuple[Draw, ...], code: str
) -> None:
    line, _ = came_back(desk, start_agent_bank, _of_two_accounts())

    with pytest.raises(Problem) as refused:
        give_back(desk, line, *draws)

    assert (refused.value.code, refused.value.path) == (code, "/draws")
    assert fresh(line).state == "returned_by_bank"
    assert not ReturnSlip.objects.exists()


def test_an_account_gets_back_no_more_than_the_voucher_took_from_it(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(returns={"000000000001": "04", "000000000002": "04"})
    voucher = desk.brought("paying", _of_two_accounts())
    batch_send(batch_id=desk.batch().pk)
    answered(bank)
    statement_apply(message=statement_fetch(on=ON), on=ON)
    first, second, _ = lines_of(voucher)
    give_back(desk, first, Draw.budget(TRAVEL, 200))

    with pytest.raises(Problem) as refused:
        give_back(desk, second, Draw.budget(TRAVEL, 200))

    assert refused.value.code == "split_wrong"
    assert give_back(desk, second, Draw.budget(OFFICE, 200)).slip_no == 2


def test_of_two_who_give_back_at_once_only_one_gets_an_accounts_last_dollars(
    shared_desk: Desk, start_agent_bank: StartBank
) -> None:
    bank = start_agent_bank(returns={"000000000001": "04", "000000000002": "04"})
    voucher = shared_desk.brought("paying", _of_two_accounts())
    batch_send(batch_id=shared_desk.batch().pk)
    answered(bank)
    statement_apply(message=statement_fetch(on=ON), on=ON)
    lines = lines_of(voucher)[:2]

    outcomes = at_once(*(lambda row=row: give_back(shared_desk, row, Draw.budget(TRAVEL, 200)) for row in lines))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Problem", "ReturnSlip"]
    assert ReturnSlip.objects.count() == 1


def test_whoever_gives_up_a_payment_says_why_and_waits_for_the_money(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(returns={"000000000002": "04"})
    voucher = desk.brought("paying", many_payees(2))
    batch_send(batch_id=desk.batch().pk)
    answered(bank)
    line = lines_of(voucher)[1]
    codes = []

    for because in ("", "受款人已歇業"):
        with pytest.raises(Problem) as refused:
            give_back(desk, line, because=because)
        codes.append(refused.value.code)

    assert codes == ["reason_missing", "money_not_back"]
    assert fresh(line).state == "returned_by_bank"


def test_postgresql_keeps_attempts_and_slips_as_they_are(desk: Desk, start_agent_bank: StartBank) -> None:
    line, _ = came_back(desk, start_agent_bank)
    correct(desk, line)
    give_back(desk, line)

    for model in (InstructionAttempt, ReturnSlip):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            model.objects.all().delete()
    assert ReturnSlip.objects.count() == InstructionAttempt.objects.count() == 1


def test_a_corrected_line_may_be_given_back_after_all(desk: Desk, start_agent_bank: StartBank) -> None:
    line, _ = came_back(desk, start_agent_bank)
    correct(desk, line)

    give_back(desk, line)

    assert fresh(line).state == "returned_to_treasury"
    day_reconcile(on=ON, message=statement_fetch(on=ON))
    assert list(violations()) == []
