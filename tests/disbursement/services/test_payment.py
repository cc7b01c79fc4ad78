"""From an accepted voucher to money on its way: by date, once, one instruction per payee or one cheque each."""

from datetime import date, datetime, timedelta

import pytest

from disbursement.models import Cheque, PaymentInstruction
from disbursement.services import payment
from tests.core.threads import at_once
from tests.factories import CABINET, OFFICE, ON, Desk, fresh, lines_of, many_payees
from tests.vouchers.examples import Content, advance, changed, cheque, entrusted, foreign_currency, remittance
from treasury.core import clock
from treasury.core.actors import SYSTEM
from treasury.core.errors import Problem
from treasury.core.models import History
from treasury.ledger import chart
from treasury.ledger import selectors as ledger
from treasury.ledger.models import Posting

DELIVERED = {"/entrusted/roster/delivered_at": "2025-03-10T10:00:00+08:00"}


def test_every_payee_gets_an_instruction_in_the_order_of_the_list(desk: Desk) -> None:
    voucher = desk.brought("scheduled", many_payees(3, amount_twd=500))

    paying = payment.voucher_begin_payment(voucher=voucher, actor=desk.treasurer("payer"))

    assert paying.state == "paying"
    lines = lines_of(voucher)
    assert [(line.seq, line.account_no, line.amount_twd) for line in lines] == [
        (1, "000000000001", 500),
        (2, "000000000002", 500),
        (3, "000000000003", 500),
    ]
    assert {(line.bank_code, line.account_name, line.network) for line in lines} == {("0130017", "林小美", "fisc")}
    assert [line.end_to_end_id for line in lines] == [f"114-00000001-0000{seq}-1" for seq in (1, 2, 3)]
    assert {(line.state, line.attempt, line.batch_id, line.return_code) for line in lines} == {("ready", 1, None, "")}
    assert (str(lines[0]), lines[0].agency_code) == ("114-00000001-00001-1", CABINET)


def test_what_was_reserved_is_spent_and_lies_in_transit(desk: Desk) -> None:
    voucher = desk.brought("scheduled")
    before = ledger.trial_balance()

    payment.voucher_begin_payment(voucher=voucher, actor=desk.treasurer("payer"))

    after = ledger.trial_balance()
    assert after[chart.IN_TRANSIT] == before[chart.IN_TRANSIT] + 30_000
    assert after[chart.GENERAL] == before[chart.GENERAL] - 30_000
    position = next(row for row in ledger.positions(114) if row.account_code == OFFICE)
    assert (position.reserved_twd, position.expended_twd) == (0, 30_000)


@pytest.mark.parametrize("content", [advance(), foreign_currency()], ids=["advance", "foreign currency"])
def test_whatever_it_is_for_a_remittance_is_one_instruction_per_payee(desk: Desk, content: Content) -> None:
    voucher = desk.brought("paying", content)

    (line,) = lines_of(voucher)

    assert line.amount_twd == voucher.total_twd


def test_an_entrusted_transfer_is_one_instruction_to_the_disbursement_account(desk: Desk) -> None:
    voucher = desk.brought("paying", changed(entrusted(), DELIVERED))

    (line,) = lines_of(voucher)

    assert (line.network, line.amount_twd) == ("entrusted", 60_000)
    assert (line.bank_code, line.account_no, line.account_name) == ("0040107", "061400974691", f"{CABINET}委託劃帳")


def test_an_entrusted_transfer_waits_for_its_rosters_delivery(desk: Desk) -> None:
    waiting = desk.brought("accepted", entrusted())
    delivered = desk.brought("accepted", changed(entrusted(), DELIVERED))
    payer = desk.treasurer("payer")

    outcomes = [payment.voucher_schedule(voucher=row, actor=payer) for row in (waiting, delivered)]

    assert outcomes[0] is None
    assert fresh(waiting).state == "accepted"
    assert fresh(delivered).state == "scheduled"


def test_a_voucher_is_payable_once_every_date_on_it_has_come(desk: Desk) -> None:
    due = desk.brought("accepted")
    later = desk.brought("accepted", changed(remittance(), {"/legal_pay_date": "2025-03-12"}))
    desk.brought("received")

    assert list(payment.vouchers_payable(on=ON)) == [due]
    assert list(payment.vouchers_payable(on=date(2025, 3, 11))) == [due]
    assert list(payment.vouchers_payable(on=date(2025, 3, 12))) == [due, later]


def test_nothing_is_paid_before_its_date_whoever_asks(desk: Desk) -> None:
    voucher = desk.brought("scheduled", changed(remittance(), {"/legal_pay_date": "2025-03-12"}))

    for actor in (desk.treasurer("payer"), SYSTEM):
        with pytest.raises(Problem) as early:
            payment.voucher_begin_payment(voucher=voucher, actor=actor)
        assert (early.value.code, early.value.status) == ("not_yet_due", 409)
    assert fresh(voucher).state == "scheduled"
    assert not PaymentInstruction.objects.exists()

    with clock.frozen(datetime(2025, 3, 12, 9, tzinfo=clock.ZONE)):
        payment.voucher_begin_payment(voucher=voucher, actor=desk.treasurer("payer"))
    assert fresh(voucher).state == "paying"


def test_a_payment_put_off_keeps_its_reservation_until_it_is_scheduled_again(desk: Desk) -> None:
    voucher = desk.brought("scheduled")
    supervisor, payer = desk.treasurer("supervisor"), desk.treasurer("payer")
    available_twd = ledger.available(114, [OFFICE])

    postponed = payment.voucher_postpone(voucher=voucher, actor=supervisor, because="本日庫款不足支應")
    with pytest.raises(Problem) as not_now:
        payment.voucher_begin_payment(voucher=voucher, actor=payer)

    assert postponed.state == "postponed"
    assert not_now.value.code == "wrong_state"
    assert ledger.available(114, [OFFICE]) == available_twd
    assert History.objects.filter(verb="postpone").get().because == "本日庫款不足支應"
    payment.voucher_schedule(voucher=voucher, actor=payer)
    assert payment.voucher_begin_payment(voucher=voucher, actor=payer).state == "paying"


def test_whoever_puts_a_payment_off_says_why(desk: Desk) -> None:
    voucher = desk.brought("accepted")

    with pytest.raises(Problem) as refused:
        payment.voucher_postpone(voucher=voucher, actor=desk.treasurer("supervisor"), because=" ")

    assert (refused.value.code, refused.value.path) == ("reason_missing", "/because")
    assert fresh(voucher).state == "accepted"


def test_two_payers_at_once_pay_a_voucher_once(shared_desk: Desk) -> None:
    voucher = shared_desk.brought("scheduled")
    payer = shared_desk.treasurer("payer")

    outcomes = at_once(*[lambda: payment.voucher_begin_payment(voucher=voucher, actor=payer)] * 2)

    assert [outcome.code for outcome in outcomes if isinstance(outcome, Problem)] == ["wrong_state"]
    assert PaymentInstruction.objects.count() == 1
    assert Posting.objects.filter(event_type="pay_by_remittance").count() == 1


def test_each_payee_of_a_cheque_voucher_gets_the_lowest_blank_and_the_voucher_is_paid(desk: Desk) -> None:
    desk.stock(4)
    voucher = desk.brought("scheduled", _cheques(2))

    paid = payment.voucher_begin_payment(voucher=voucher, actor=desk.treasurer("payer"))

    assert paid.state == "paid"
    issued = list(Cheque.objects.exclude(state="blank").order_by("serial"))
    assert [(row.cheque_no, row.payee_seq, row.payee_name, row.amount_twd) for row in issued] == [
        ("NT0000001", 1, "林小美", 15_000),
        ("NT0000002", 2, "陳大文", 15_000),
    ]
    assert {(row.state, row.voucher_id, row.issued_on, row.is_crossed) for row in issued} == {
        ("issued", voucher.pk, ON, True)
    }
    assert ledger.trial_balance()[chart.CHEQUES_OUTSTANDING] == 30_000
    assert not PaymentInstruction.objects.exists()


def test_without_enough_blanks_nothing_of_the_payment_is_kept(desk: Desk) -> None:
    desk.stock(1)
    voucher = desk.brought("scheduled", _cheques(2))
    before = ledger.trial_balance()

    with pytest.raises(Problem) as refused:
        payment.voucher_begin_payment(voucher=voucher, actor=desk.treasurer("payer"))

    assert (refused.value.code, refused.value.status) == ("no_blank_cheque", 409)
    assert fresh(voucher).state == "scheduled"
    assert Cheque.objects.get().state == "blank"
    assert ledger.trial_balance() == before


def test_an_instructions_name_fits_iso_20022_however_many_there_are(desk: Desk) -> None:
    acceptance = desk.brought("accepted").acceptances.get()
    acceptance.register_no = 99_999_999

    name = payment.end_to_end_id(acceptance, 20_000, 12)

    assert name == "114-99999999-20000-12"
    assert len(name) <= 35


def test_payable_means_the_latest_of_all_dates(desk: Desk) -> None:
    dates = {"/legal_pay_date": "2025-03-11", "/remit_date": "2025-03-20", "/distribution_date": "2025-03-17"}

    voucher = desk.draft(changed(remittance(), dates))

    assert voucher.payable_on == ON + timedelta(days=10)


def _cheques(count: int) -> Content:
    payees = [
        cheque()["payee_lines"][0] | {"name": name, "amount_twd": 30_000 // count} for name in ("林小美", "陳大文")
    ][:count]
    slips = [{"no": f"CS11400000{seq}", "payee_seq": seq} for seq in range(1, count + 1)]
    return changed(cheque(), {"/payee_lines": payees, "/collection_slips": slips})
