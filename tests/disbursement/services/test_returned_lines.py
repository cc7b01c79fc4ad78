"""退匯: corrected by one person and sent again by another, or given back; each attempt and dollar stays on record."""

import pytest

from agencies.models import RoleAssignment, User
from disbursement.models import InstructionAttempt
from disbursement.services import returned_lines
from disbursement.services.batches import batch_send
from disbursement.services.reconciliation import day_reconcile
from disbursement.services.returned_lines import PayeeAccount
from disbursement.services.statements import statement_apply, statement_fetch
from tests.disbursement.services.came_back import BY_LETTER, RIGHT, StartBank, came_back, correct, give_back, resend
from tests.factories import (
    MUSEUM,
    ON,
    OPENING_TWD,
    Desk,
    answered,
    fresh,
    lines_of,
    many_payees,
    verbs,
)
from tests.vouchers.examples import changed, entrusted
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.models import History
from treasury.invariants import violations
from treasury.ledger import chart
from treasury.ledger import selectors as ledger


def test_a_corrected_line_goes_out_again_as_a_new_attempt_and_is_credited(
    desk: Desk, start_agent_bank: StartBank
) -> None:
    line, bank = came_back(desk, start_agent_bank)
    first = fresh(line)

    correct(desk, line)
    again = resend(desk, line)

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
    line, bank = came_back(desk, start_agent_bank)
    for expected in (2, 3):
        # The clerk corrects to an account that is returned as well, then to a good one.
        wrong = PayeeAccount("0130017", "000000000002", "林小美")
        correct(desk, line, wrong if expected == 2 else RIGHT)
        resend(desk, line)
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
    line, _ = came_back(desk, start_agent_bank)
    correct(desk, line)
    resend(desk, line)

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
    correct(desk, line)

    with pytest.raises(Problem) as early:
        resend(desk, line)
    assert (early.value.code, early.value.status) == ("money_not_back", 409)
    assert (fresh(line).state, fresh(line).attempt) == ("corrected", 1)

    statement_apply(message=statement_fetch(on=ON), on=ON)
    assert fresh(line).returned_on == ON
    assert resend(desk, line).state == "ready"


def test_whoever_corrects_where_money_goes_does_not_send_it_there(desk: Desk, start_agent_bank: StartBank) -> None:
    line, _ = came_back(desk, start_agent_bank)
    payer = desk.treasurer("payer")
    correct(desk, line, role="payer")

    with pytest.raises(Problem) as refused:
        resend(desk, line)

    assert (refused.value.code, refused.value.status) == ("separation_of_duty", 403)
    other = _second_payer(payer)
    assert returned_lines.instruction_resend(instruction=line, actor=other).state == "ready"


def _second_payer(payer: Actor) -> Actor:
    user = User.objects.create_user("treasury-payer-2", display_name="第二支付人員", agency_code="")
    RoleAssignment.objects.create(user=user, role="payer", valid_from_on=ON, granted_by="system")
    return Actor(user.pk, user.display_name, payer.role)


def test_the_clerk_of_another_agency_corrects_nothing(desk: Desk, start_agent_bank: StartBank) -> None:
    line, _ = came_back(desk, start_agent_bank)

    with pytest.raises(Problem) as refused:
        returned_lines.instruction_correct(
            instruction=line, payee=RIGHT, actor=desk.actor("clerk", MUSEUM), because=BY_LETTER
        )

    assert (refused.value.code, refused.value.status) == ("other_agency", 403)
    assert not InstructionAttempt.objects.exists()


def test_a_correction_may_be_corrected_until_it_is_sent(desk: Desk, start_agent_bank: StartBank) -> None:
    line, _ = came_back(desk, start_agent_bank)
    correct(desk, line, PayeeAccount("0040059", "66666666", "林小梅"))

    correct(desk, line)

    now = fresh(line)
    assert (now.state, now.account_no, now.network) == ("corrected", "555555555555", "fisc")
    assert InstructionAttempt.objects.get().account_no == "000000000002"
    steps = History.objects.filter(machine="instruction", subject_id=line.pk, verb="correct_payee").order_by("id")
    assert [step.details["account_no"] for step in steps] == ["66666666", "555555555555"]
    assert {step.because for step in steps} == {BY_LETTER}


def test_the_network_follows_the_bank(desk: Desk, start_agent_bank: StartBank) -> None:
    line, _ = came_back(desk, start_agent_bank)

    correct(desk, line, PayeeAccount("0040059", "66666666", "林小美"))

    assert fresh(line).network == "intra_bank"


def test_an_entrusted_transfer_sent_again_takes_its_roster_along(desk: Desk, start_agent_bank: StartBank) -> None:
    delivered = {"/entrusted/roster/delivered_at": "2025-03-10T10:00:00+08:00"}
    line, bank = came_back(desk, start_agent_bank, changed(entrusted(), delivered), account_no="061400974691")

    correct(desk, line, PayeeAccount("0040107", "061400974692", "行政院委託劃帳"))
    resend(desk, line)
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

    for act in (correct, resend, give_back):
        with pytest.raises(Problem) as refused:
            act(desk, line)  # type: ignore[operator]
        assert (refused.value.code, refused.value.status) == ("wrong_state", 409)

    assert fresh(line).end_to_end_id == line.end_to_end_id


def test_a_line_of_a_rejected_batch_is_sent_again_like_any_other(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(opening_twd=100)
    voucher = desk.brought("paying", many_payees(1))
    batch_send(batch_id=desk.batch().pk)
    answered(bank)
    (line,) = lines_of(voucher)
    bank.ask("POST", "/deposits", {"deposit_id": "D1", "amount_twd": 900, "text": "補足"})

    correct(desk, line, PayeeAccount(line.bank_code, line.account_no, line.account_name))
    resend(desk, line)
    batch_send(batch_id=desk.batch().pk)
    answered(bank, 2)

    assert (fresh(line).state, fresh(line).attempt) == ("credited", 2)
    assert bank.balance_twd() == 800
    assert verbs(line, "instruction") == ["correct_payee", "ready_again"]
