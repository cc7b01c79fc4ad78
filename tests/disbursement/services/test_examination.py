"""審核: the rules over what was signed, then acceptance all or nothing."""

import pytest

from disbursement.models import Acceptance, ReturnNotice
from disbursement.services import payment
from disbursement.services.examination import voucher_accept, voucher_decide, voucher_examine
from disbursement.services.returns import voucher_return
from tests.core.threads import at_once
from tests.factories import CABINET, OFFICE, OFFICE_TWD, ON, TRAVEL, Desk, by_force, fresh
from tests.vouchers.examples import Content, advance, changed, remittance, transfer
from treasury.core.errors import Problem
from treasury.ledger import events
from treasury.ledger import selectors as ledger
from treasury.ledger import services as books
from treasury.ledger.authorities import Draw
from vouchers.services import preparation


def _costing(total_twd: int) -> Content:
    places = ("/total_twd", "/account_lines/0/amount_twd", "/payee_lines/0/amount_twd")
    return changed(remittance(), dict.fromkeys(places, total_twd))


def _available(code: str = OFFICE) -> int:
    return ledger.available(114, [code])[code]


def test_acceptance_reserves_the_balance_and_writes_the_register_in_one(desk: Desk) -> None:
    voucher = desk.brought("received")
    examiner = desk.treasurer("examiner")

    acceptance = voucher_accept(voucher=voucher, actor=examiner)

    assert fresh(voucher).state == "accepted"
    assert _available() == OFFICE_TWD - 30_000
    assert (acceptance.voucher_id, acceptance.revision, acceptance.register_no) == (voucher.pk, 1, 1)
    assert (acceptance.accepted_on, acceptance.examiner_id) == (ON, examiner.user_id)
    assert (acceptance.examiner_name, str(acceptance)) == (examiner.name, "114-1")


def test_an_advance_draws_on_its_case_alone(desk: Desk) -> None:
    voucher = desk.brought("received", advance())

    voucher_accept(voucher=voucher, actor=desk.treasurer("examiner"))

    case = ledger.case(CABINET, "ADV114-004")
    assert case is not None
    assert case.left_twd == 3_700_000 - 30_000
    assert _available() == OFFICE_TWD


def test_several_lines_of_one_account_are_one_draw_and_a_fund_is_drawn_on_as_well(desk: Desk) -> None:
    books.fund_open(code="F001", name="行政院公營事業民營化基金", agency_code=CABINET)
    _deposit_to_fund(50_000)
    lines = [
        {"account_code": OFFICE, "amount_twd": 10_000},
        {"account_code": OFFICE, "amount_twd": 5_000},
        {"account_code": TRAVEL, "amount_twd": 15_000, "fund_code": "F001"},
    ]
    voucher = desk.brought("received", changed(remittance(), {"/account_lines": lines}))

    voucher_accept(voucher=voucher, actor=desk.treasurer("examiner"))

    assert (_available(), _available(TRAVEL)) == (OFFICE_TWD - 15_000, OFFICE_TWD - 15_000)
    assert ledger.fund_available(["F001"]) == {"F001": 35_000}


def _deposit_to_fund(amount_twd: int) -> None:
    draws = [Draw.fund("F001", amount_twd)]
    books.book(events.DEPOSIT, event_ref="fund", agency_code="", fiscal_year=114, on=ON, draws=draws)


def test_what_the_books_do_not_cover_is_refused_and_nothing_of_it_is_kept(desk: Desk) -> None:
    voucher = desk.brought("received", _costing(OFFICE_TWD + 1))

    with pytest.raises(Problem) as refused:
        voucher_accept(voucher=voucher, actor=desk.treasurer("examiner"))

    assert refused.value.code == "overdraft"
    assert fresh(voucher).state == "received"
    assert _available() == OFFICE_TWD
    assert not Acceptance.objects.exists()


def test_an_examiner_without_doubts_accepts_what_has_no_findings(desk: Desk) -> None:
    voucher = desk.brought("received", _costing(OFFICE_TWD))

    decision = voucher_decide(voucher=voucher, actor=desk.treasurer("examiner"))

    assert isinstance(decision, Acceptance)
    assert voucher_examine(voucher=fresh(voucher)).findings  # the balance is gone, another such voucher would fail


def test_an_examiner_returns_what_has_findings_with_each_reason_once(desk: Desk) -> None:
    voucher = desk.brought("received", _costing(OFFICE_TWD + 1))

    decision = voucher_decide(voucher=voucher, actor=desk.treasurer("examiner"))

    assert isinstance(decision, ReturnNotice)
    assert decision.reasons == ["R01"]
    assert [finding["reason"] for finding in decision.findings] == ["R01"]
    assert fresh(voucher).state == "returned"


def test_the_entry_rules_are_asked_again_at_the_treasury(desk: Desk) -> None:
    voucher = desk.brought("received")
    books.year_close(fiscal_year=114, on=ON)

    examination = voucher_examine(voucher=voucher)

    assert examination.reasons == ("R06",)


def test_the_rules_look_at_what_was_signed_not_at_the_row_beside_it(desk: Desk) -> None:
    voucher = desk.brought("received")
    by_force("UPDATE vouchers_voucher SET content = jsonb_set(content, '{payee_lines,0,bank_code}', '\"9999999\"')")

    assert voucher_examine(voucher=fresh(voucher)).findings == ()


def test_a_transfer_voucher_is_posted_when_it_is_accepted(desk: Desk) -> None:
    paid = desk.brought("paying")
    content = changed(transfer(), {"/originals/0/number": paid.number, "/account_lines/0/account_code": TRAVEL})
    voucher = desk.brought("received", content)

    decision = voucher_decide(voucher=voucher, actor=desk.treasurer("examiner"))

    assert isinstance(decision, Acceptance)
    assert fresh(voucher).state == "posted"
    assert (_available(), _available(TRAVEL)) == (OFFICE_TWD, OFFICE_TWD - 30_000)


def test_a_transfer_that_corrects_what_was_never_paid_is_returned(desk: Desk) -> None:
    voucher = desk.brought("received", transfer())

    decision = voucher_decide(voucher=voucher, actor=desk.treasurer("examiner"))

    assert isinstance(decision, ReturnNotice)


def test_of_two_vouchers_examined_at_once_only_one_gets_the_last_of_the_balance(shared_desk: Desk) -> None:
    one, other = (shared_desk.brought("received", _costing(2_000_000)) for _ in range(2))
    examiner = shared_desk.treasurer("examiner")

    decisions = at_once(
        lambda: voucher_decide(voucher=one, actor=examiner), lambda: voucher_decide(voucher=other, actor=examiner)
    )

    assert {type(decision) for decision in decisions} == {Acceptance, ReturnNotice}
    assert sorted([fresh(one).state, fresh(other).state]) == ["accepted", "returned"]
    assert next(row for row in decisions if isinstance(row, ReturnNotice)).reasons == ["R01"]
    assert _available() == OFFICE_TWD - 2_000_000


def test_two_examiners_at_once_accept_a_voucher_once(shared_desk: Desk) -> None:
    voucher = shared_desk.brought("received")
    examiner = shared_desk.treasurer("examiner")

    outcomes = at_once(*[lambda: voucher_accept(voucher=voucher, actor=examiner)] * 2)

    refused = [outcome for outcome in outcomes if isinstance(outcome, Problem)]
    assert [problem.code for problem in refused] == ["wrong_state"]
    assert Acceptance.objects.count() == 1
    assert _available() == OFFICE_TWD - 30_000


def test_a_balance_that_vanishes_again_and_again_is_left_for_another_look(desk: Desk) -> None:
    # The rules see what was signed, the books what stands in the row: here the row asks for more.
    voucher = desk.brought("received")
    by_force("UPDATE vouchers_voucher SET content = jsonb_set(content, '{account_lines,0,amount_twd}', '9000000')")

    with pytest.raises(Problem) as refused:
        voucher_decide(voucher=fresh(voucher), actor=desk.treasurer("examiner"))

    assert (refused.value.code, refused.value.status) == ("overdraft", 409)
    assert fresh(voucher).state == "received"


def test_a_refusal_that_is_no_overdraft_is_not_taken_for_one(desk: Desk) -> None:
    voucher = desk.brought("received")

    with pytest.raises(Problem) as refused:
        voucher_decide(voucher=voucher, actor=desk.treasurer("payer"))

    assert (refused.value.code, refused.value.status) == ("role_missing", 403)


def test_register_numbers_have_no_gap_whatever_fails_between(desk: Desk) -> None:
    examiner = desk.treasurer("examiner")
    first, failing, last = (desk.brought("received", _costing(twd)) for twd in (30_000, 4_000_000, 30_000))

    voucher_accept(voucher=first, actor=examiner)
    with pytest.raises(Problem):
        voucher_accept(voucher=failing, actor=examiner)
    voucher_accept(voucher=last, actor=examiner)

    assert list(Acceptance.objects.order_by("register_no").values_list("register_no", flat=True)) == [1, 2]


def test_nobody_decides_on_a_revision_that_was_not_looked_at(desk: Desk) -> None:
    seen = desk.brought("received")
    examiner = desk.treasurer("examiner")
    voucher_return(voucher=seen, actor=examiner, reasons=["R07"])
    preparation.voucher_correct(voucher=seen, actor=desk.actor("clerk"))
    now = fresh(seen)
    while now.state != "received":
        now = desk.moved(now)
    codes = []

    for decide in (
        lambda: voucher_accept(voucher=seen, actor=examiner),
        lambda: voucher_return(voucher=seen, actor=examiner, reasons=["R07"]),
    ):
        with pytest.raises(Problem) as refused:
            decide()
        codes.append((refused.value.code, refused.value.status))

    assert codes == [("revision_changed", 409)] * 2
    assert fresh(seen).state == "received"
    assert voucher_accept(voucher=now, actor=examiner).revision == 2


def test_a_returned_voucher_corrected_and_signed_anew_is_accepted_and_paid_under_its_number(desk: Desk) -> None:
    voucher = desk.brought("accepted")
    voucher_return(voucher=voucher, actor=desk.treasurer("examiner"), reasons=["R07"])
    preparation.voucher_correct(voucher=voucher, actor=desk.actor("clerk"))
    again = fresh(voucher)
    while again.state != "accepted":
        again = desk.moved(again)

    payment.voucher_schedule(voucher=again, actor=desk.treasurer("payer"))
    paying = payment.voucher_begin_payment(voucher=again, actor=desk.treasurer("payer"))

    assert (paying.state, paying.revision, paying.number) == ("paying", 2, voucher.number)
    assert list(Acceptance.objects.order_by("register_no").values_list("revision", "register_no")) == [(1, 1), (2, 2)]
    assert _available() == OFFICE_TWD - 30_000
