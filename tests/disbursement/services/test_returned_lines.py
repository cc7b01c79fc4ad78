"""退匯: corrected by one person and sent again by another, or given back; each attempt and dollar stays on record."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import DatabaseError, transaction

from agencies.models import RoleAssignment, User
from disbursement.models import InstructionAttempt, PaymentInstruction, ReturnSlip
from disbursement.services import returned_lines
from disbursement.services.batches import batch_send
from disbursement.services.reconciliation import day_reconcile
from disbursement.services.returned_lines import PayeeAccount
from disbursement.services.statements import statement_apply, statement_fetch
from tests.core.threads import at_once
from tests.disbursement.bank.bank_process import BankProcess
from tests.factories import (
    CABINET,
    GRANTS,
    MUSEUM,
    OFFICE,
    ON,
    OPENING_TWD,
    TRAVEL,
    Desk,
    answered,
    fresh,
    lines_of,
    many_payees,
    verbs,
)
from tests.vouchers.examples import Content, advance, changed, entrusted, remittance
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.models import History
from treasury.invariants import violations
from treasury.ledger import chart, events
from treasury.ledger import selectors as ledger
from treasury.ledger import services as books
from treasury.ledger.authorities import Draw

StartBank = Callable[..., BankProcess]
RIGHT = PayeeAccount("0130017", "555555555555", "林小美")
BY_LETTER = "機關更正函第1140310號"


def _returned(
    desk: Desk, start: StartBank, content: Content | None = None, *, account_no: str = "000000000002"
) -> tuple[PaymentInstruction, BankProcess]:
    """A line that the bank has returned and whose money is back."""
    bank = start(returns={account_no: "04"})
    voucher = desk.brought("paying", content or many_payees(3))
    batch_send(batch_id=desk.batch().pk)
    answered(bank)
    statement_apply(message=statement_fetch(on=ON), on=ON)
    return PaymentInstruction.objects.get(voucher=voucher, account_no=account_no), bank


def _correct(desk: Desk, line: PaymentInstruction, payee: PayeeAccount = RIGHT, role: str = "clerk") -> object:
    actor = desk.actor(role) if role == "clerk" else desk.treasurer(role)
    return returned_lines.instruction_correct(instruction=line, payee=payee, actor=actor, because=BY_LETTER)


def _resend(desk: Desk, line: PaymentInstruction) -> PaymentInstruction:
    return returned_lines.instruction_resend(instruction=line, actor=desk.treasurer("payer"))


def _give_back(desk: Desk, line: PaymentInstruction, *draws: Draw, because: str = "受款人已歇業") -> ReturnSlip:
    return returned_lines.instruction_return_to_treasury(
        instruction=line, actor=desk.treasurer("payer"), because=because, draws=draws
    )


def test_a_corrected_line_goes_out_again_as_a_new_attempt_and_is_credited(
    desk: Desk, start_agent_bank: StartBank
) -> None:
    line, bank = _returned(desk, start_agent_bank)
    first = fresh(line)

    _correct(desk, line)
    again = _resend(desk, line)

    assert (again.state, again.attempt, again.batch_id, again.returned_on) == ("ready", 2, None, None)
    assert again.end_to_end_id == "114-00000001-00002-2"
    assert (again.account_no, again.amount_twd, again.return_code) == ("555555555555", 200, "")
    balance = ledger.trial_balance()
    assert (balance[chart.RETURNED], balance[chart.IN_TRANSIT]) == (0, 200)
    batch_send(batch_id=desk.batch().pk)
    answered(bank, 2)
    assert fresh(line).state == "credited"
    assert bank.balance_twd() == OPENING_TWD - 600
    assert day_reconcile(on=ON, message=statement_fetch(on=ON)).differences == []
    attempt = InstructionAttempt.objects.get()
    assert (attempt.instruction_id, attempt.attempt, str(attempt)) == (line.pk, 1, first.end_to_end_id)
    assert (attempt.account_no, attempt.return_code, attempt.batch_id) == (first.account_no, "04", first.batch_id)
    assert list(violations()) == []


def test_a_line_may_come_back_and_go_out_more_than_once(desk: Desk, start_agent_bank: StartBank) -> None:
    line, bank = _returned(desk, start_agent_bank)
    for expected in (2, 3):
        # The clerk corrects to an account that is returned as well, then to a good one.
        wrong = PayeeAccount("0130017", "000000000002", "林小美")
        _correct(desk, line, wrong if expected == 2 else RIGHT)
        _resend(desk, line)
        batch_send(batch_id=desk.batch().pk)
        answered(bank, expected)
        statement_apply(message=statement_fetch(on=ON), on=ON)

    now = fresh(line)
    assert (now.state, now.attempt, now.end_to_end_id) == ("credited", 3, "114-00000001-00002-3")
    assert list(InstructionAttempt.objects.order_by("attempt").values_list("attempt", "end_to_end_id")) == [
        (1, "114-00000001-00002-1"),
        (2, "114-00000001-00002-2"),
    ]
    assert ledger.trial_balance()[chart.MASTER_DEPOSIT] == bank.balance_twd() == OPENING_TWD - 600
    assert list(violations()) == []


def test_a_return_booked_before_the_line_was_sent_again_is_known_when_the_statement_comes_once_more(
    desk: Desk, start_agent_bank: StartBank
) -> None:
    line, _ = _returned(desk, start_agent_bank)
    _correct(desk, line)
    _resend(desk, line)

    left_over = statement_apply(message=statement_fetch(on=ON), on=ON)

    assert left_over == []
    assert fresh(line).state == "ready"
    assert ledger.trial_balance()[chart.RETURNED] == 0


def test_a_correction_may_come_before_the_money_but_nothing_is_sent_without_it(
    desk: Desk, start_agent_bank: StartBank
) -> None:
    bank = start_agent_bank(returns={"000000000002": "04"})
    voucher = desk.brought("paying", many_payees(2))
    batch_send(batch_id=desk.batch().pk)
    answered(bank)
    line = lines_of(voucher)[1]
    _correct(desk, line)

    with pytest.raises(Problem) as early:
        _resend(desk, line)
    assert (early.value.code, early.value.status) == ("money_not_back", 409)
    assert (fresh(line).state, fresh(line).attempt) == ("corrected", 1)

    statement_apply(message=statement_fetch(on=ON), on=ON)
    assert fresh(line).returned_on == ON
    assert _resend(desk, line).state == "ready"


def test_whoever_corrects_where_money_goes_does_not_send_it_there(desk: Desk, start_agent_bank: StartBank) -> None:
    line, _ = _returned(desk, start_agent_bank)
    payer = desk.treasurer("payer")
    _correct(desk, line, role="payer")

    with pytest.raises(Problem) as refused:
        _resend(desk, line)

    assert (refused.value.code, refused.value.status) == ("separation_of_duty", 403)
    other = _second_payer(payer)
    assert returned_lines.instruction_resend(instruction=line, actor=other).state == "ready"


def _second_payer(payer: Actor) -> Actor:
    user = User.objects.create_user("treasury-payer-2", display_name="第二支付人員", agency_code="")
    RoleAssignment.objects.create(user=user, role="payer", valid_from_on=ON, granted_by="system")
    return Actor(user.pk, user.display_name, payer.role)


def test_the_clerk_of_another_agency_corrects_nothing(desk: Desk, start_agent_bank: StartBank) -> None:
    line, _ = _returned(desk, start_agent_bank)

    with pytest.raises(Problem) as refused:
        returned_lines.instruction_correct(
            instruction=line, payee=RIGHT, actor=desk.actor("clerk", MUSEUM), because=BY_LETTER
        )

    assert (refused.value.code, refused.value.status) == ("other_agency", 403)
    assert not InstructionAttempt.objects.exists()


def test_a_correction_may_be_corrected_until_it_is_sent(desk: Desk, start_agent_bank: StartBank) -> None:
    line, _ = _returned(desk, start_agent_bank)
    _correct(desk, line, PayeeAccount("0040059", "66666666", "林小梅"))

    _correct(desk, line)

    now = fresh(line)
    assert (now.state, now.account_no, now.network) == ("corrected", "555555555555", "fisc")
    assert InstructionAttempt.objects.get().account_no == "000000000002"
    steps = History.objects.filter(machine="instruction", subject_id=line.pk, verb="correct_payee").order_by("id")
    assert [step.details["account_no"] for step in steps] == ["66666666", "555555555555"]
    assert {step.because for step in steps} == {BY_LETTER}


def test_the_network_follows_the_bank(desk: Desk, start_agent_bank: StartBank) -> None:
    line, _ = _returned(desk, start_agent_bank)

    _correct(desk, line, PayeeAccount("0040059", "66666666", "林小美"))

    assert fresh(line).network == "intra_bank"


def test_an_entrusted_transfer_sent_again_takes_its_roster_along(desk: Desk, start_agent_bank: StartBank) -> None:
    delivered = {"/entrusted/roster/delivered_at": "2025-03-10T10:00:00+08:00"}
    line, bank = _returned(desk, start_agent_bank, changed(entrusted(), delivered), account_no="061400974691")

    _correct(desk, line, PayeeAccount("0040107", "061400974692", "行政院委託劃帳"))
    _resend(desk, line)
    batch = desk.batch()
    batch_send(batch_id=batch.pk)
    answered(bank, 2)

    assert (fresh(line).network, fresh(line).state) == ("entrusted", "credited")
    assert bank.client().roster_outcome(batch.message_id)["payee_count"] == 2


@pytest.mark.parametrize(
    ("payee", "because", "code", "path"),
    [
        (PayeeAccount("9999999", "555555555555", "林小美"), BY_LETTER, "bank_unknown", "/bank_code"),
        (PayeeAccount("0130017", "1234", "林小美"), BY_LETTER, "account_no_wrong", "/account_no"),
        (PayeeAccount("0130017", "12345-6789", "林小美"), BY_LETTER, "account_no_wrong", "/account_no"),
        (PayeeAccount("0130017", "555555555555", ""), BY_LETTER, "account_name_wrong", "/account_name"),
        (PayeeAccount("0130017", "555555555555", "林" * 81), BY_LETTER, "account_name_wrong", "/account_name"),
        (PayeeAccount("0130017", "555555555555", " 林小美"), BY_LETTER, "account_name_wrong", "/account_name"),
        (PayeeAccount("0130017", "555555555555", "林小\U0001f600"), BY_LETTER, "account_name_wrong", "/account_name"),
        (RIGHT, "  ", "reason_missing", "/because"),
    ],
)
def test_a_correction_is_checked_like_a_payee(
    desk: Desk, payee: PayeeAccount, because: str, code: str, path: str
) -> None:
    line = lines_of(desk.brought("paying"))[0]

    with pytest.raises(Problem) as refused:
        returned_lines.instruction_correct(instruction=line, payee=payee, actor=desk.actor("clerk"), because=because)

    assert (refused.value.code, refused.value.path) == (code, path)


def test_a_line_that_was_not_returned_is_neither_corrected_nor_sent_again_nor_given_back(desk: Desk) -> None:
    line = lines_of(desk.brought("paying"))[0]

    for act in (_correct, _resend, _give_back):
        with pytest.raises(Problem) as refused:
            act(desk, line)  # type: ignore[operator]
        assert (refused.value.code, refused.value.status) == ("wrong_state", 409)

    assert fresh(line).end_to_end_id == line.end_to_end_id


def test_money_that_cannot_be_sent_goes_back_to_its_account_in_the_same_year(
    desk: Desk, start_agent_bank: StartBank
) -> None:
    line, _ = _returned(desk, start_agent_bank)
    available_twd = ledger.available(114, [GRANTS])[GRANTS]

    slip = _give_back(desk, line)

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
    line, _ = _returned(desk, start_agent_bank)
    available_twd = ledger.available(114, [GRANTS])

    with clock.frozen(datetime(2026, 1, 5, 9, tzinfo=clock.ZONE)):
        slip = _give_back(desk, line)

    assert (slip.form, slip.fiscal_year, slip.slip_no) == ("payment_in", 115, 1)
    assert ledger.available(114, [GRANTS]) == available_twd
    balance = ledger.trial_balance()
    assert (balance[chart.RETURNED], balance[chart.GENERAL]) == (0, OPENING_TWD - 400)


@pytest.mark.parametrize("year", [2025, 2026])
def test_an_advance_gets_its_money_back_in_whatever_year(desk: Desk, start_agent_bank: StartBank, year: int) -> None:
    line, _ = _returned(desk, start_agent_bank, advance(), account_no="012345678901")

    with clock.frozen(datetime(year, 3, 16 if year == 2026 else 10, 10, tzinfo=clock.ZONE)):
        slip = _give_back(desk, line)

    assert slip.form == "expenditure_return"
    case = ledger.case(CABINET, "ADV114-004")
    assert case is not None
    assert case.left_twd == 3_700_000


def test_a_funds_money_goes_back_to_the_fund(desk: Desk, start_agent_bank: StartBank) -> None:
    books.fund_open(code="F001", name="行政院公營事業民營化基金", agency_code=CABINET)
    fund = [Draw.fund("F001", 50_000)]
    books.book(events.DEPOSIT, event_ref="fund", agency_code="", fiscal_year=114, on=ON, draws=fund)
    content = changed(remittance(), {"/account_lines/0/fund_code": "F001"})
    line, _ = _returned(desk, start_agent_bank, content, account_no="012345678901")
    assert ledger.fund_available(["F001"]) == {"F001": 20_000}

    with clock.frozen(datetime(2026, 1, 5, 9, tzinfo=clock.ZONE)):
        _give_back(desk, line)

    assert ledger.fund_available(["F001"]) == {"F001": 50_000}


def _of_two_accounts() -> Content:
    """Three payees of 200, paid by two accounts: 400 and 200."""
    lines = [{"account_code": OFFICE, "amount_twd": 400}, {"account_code": TRAVEL, "amount_twd": 200}]
    return many_payees(3) | {"account_lines": lines}


def test_where_a_voucher_draws_on_several_accounts_somebody_says_which_get_it_back(
    desk: Desk, start_agent_bank: StartBank
) -> None:
    line, _ = _returned(desk, start_agent_bank, _of_two_accounts())

    slip = _give_back(desk, line, Draw.budget(OFFICE, 150), Draw.budget(TRAVEL, 50))

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
    line, _ = _returned(desk, start_agent_bank, _of_two_accounts())

    with pytest.raises(Problem) as refused:
        _give_back(desk, line, *draws)

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
    _give_back(desk, first, Draw.budget(TRAVEL, 200))

    with pytest.raises(Problem) as refused:
        _give_back(desk, second, Draw.budget(TRAVEL, 200))

    assert refused.value.code == "split_wrong"
    assert _give_back(desk, second, Draw.budget(OFFICE, 200)).slip_no == 2


def test_of_two_who_give_back_at_once_only_one_gets_an_accounts_last_dollars(
    shared_desk: Desk, start_agent_bank: StartBank
) -> None:
    bank = start_agent_bank(returns={"000000000001": "04", "000000000002": "04"})
    voucher = shared_desk.brought("paying", _of_two_accounts())
    batch_send(batch_id=shared_desk.batch().pk)
    answered(bank)
    statement_apply(message=statement_fetch(on=ON), on=ON)
    lines = lines_of(voucher)[:2]

    outcomes = at_once(*(lambda row=row: _give_back(shared_desk, row, Draw.budget(TRAVEL, 200)) for row in lines))

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
            _give_back(desk, line, because=because)
        codes.append(refused.value.code)

    assert codes == ["reason_missing", "money_not_back"]
    assert fresh(line).state == "returned_by_bank"


def test_a_line_of_a_rejected_batch_is_sent_again_like_any_other(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(opening_twd=100)
    voucher = desk.brought("paying", many_payees(1))
    batch_send(batch_id=desk.batch().pk)
    answered(bank)
    (line,) = lines_of(voucher)
    bank.ask("POST", "/deposits", {"deposit_id": "D1", "amount_twd": 900, "text": "補足"})

    _correct(desk, line, PayeeAccount(line.bank_code, line.account_no, line.account_name))
    _resend(desk, line)
    batch_send(batch_id=desk.batch().pk)
    answered(bank, 2)

    assert (fresh(line).state, fresh(line).attempt) == ("credited", 2)
    assert bank.balance_twd() == 800
    assert verbs(line, "instruction") == ["correct_payee", "ready_again"]


def test_postgresql_keeps_attempts_and_slips_as_they_are(desk: Desk, start_agent_bank: StartBank) -> None:
    line, _ = _returned(desk, start_agent_bank)
    _correct(desk, line)
    _give_back(desk, line)

    for model in (InstructionAttempt, ReturnSlip):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            model.objects.all().delete()
    assert ReturnSlip.objects.count() == InstructionAttempt.objects.count() == 1


def test_a_corrected_line_may_be_given_back_after_all(desk: Desk, start_agent_bank: StartBank) -> None:
    line, _ = _returned(desk, start_agent_bank)
    _correct(desk, line)

    _give_back(desk, line)

    assert fresh(line).state == "returned_to_treasury"
    day_reconcile(on=ON, message=statement_fetch(on=ON))
    assert list(violations()) == []
