"""收件: what was sealed is verified byte by byte before anybody examines it, once."""

import pytest

from disbursement.models import Reception, ReturnNotice
from disbursement.services.reception import voucher_receive
from signing.models import Signature
from tests.core.threads import at_once
from tests.factories import CABINET, ON, Desk, by_force, fresh, verbs
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.models import History
from vouchers.services.preparation import voucher_withdraw

BODY = "UPDATE signing_signedbody SET body = convert_to(replace(convert_from(body, 'UTF8'), '30000', '90000'), 'UTF8')"
TAMPERED = {
    "the voucher that was signed": BODY,
    "the names around it": "UPDATE signing_signature SET head = convert_to("
    "replace(convert_from(head, 'UTF8'), '\"fiscal_year\":114', '\"fiscal_year\":113'), 'UTF8')",
    "a signature": "UPDATE signing_signature SET message = set_byte(message, length(message) - 1,"
    " get_byte(message, length(message) - 1) # 1) WHERE capacity = 'head'",
    "who signed": "UPDATE signing_signature SET user_id = (SELECT user_id FROM signing_signature"
    " WHERE capacity = 'accountant') WHERE capacity = 'head'",
    "the number of signatures": "DELETE FROM signing_signature WHERE capacity = 'releaser'",
    "the seal": "UPDATE signing_electronicpaymentdocument SET digest = sha256('other')",
    "that it was sealed": "DELETE FROM signing_electronicpaymentdocument",
    "the voucher beside the document": "UPDATE vouchers_voucher SET content = jsonb_set(content,"
    " '{payee_lines,0,account_no}', '\"99999999\"')",
}


def test_a_released_voucher_is_taken_in_with_a_number_and_the_verdict_on_its_signatures(desk: Desk) -> None:
    voucher = desk.brought("released")

    voucher_receive(voucher_id=voucher.pk)

    assert fresh(voucher).state == "received"
    reception = Reception.objects.get()
    assert (reception.voucher_id, reception.revision, reception.receipt_no) == (voucher.pk, 1, 1)
    assert (reception.received_on, str(reception)) == (ON, "114-1")
    verdict = reception.verdict
    assert (verdict["ok"], verdict["code"], len(verdict["digest"])) == (True, "ok", 64)
    assert [one["capacity"] for one in verdict["signatures"]] == ["accountant", "head", "releaser"]
    assert {one["user_id"] for one in verdict["signatures"]} == {row.user_id for row in Signature.objects.all()}
    assert not ReturnNotice.objects.exists()


@pytest.mark.parametrize("what", TAMPERED)
def test_whatever_was_changed_behind_our_back_sends_the_voucher_back_with_a_notice(desk: Desk, what: str) -> None:
    voucher = desk.brought("released")
    by_force(TAMPERED[what])

    voucher_receive(voucher_id=voucher.pk)

    assert fresh(voucher).state == "returned"
    notice = ReturnNotice.objects.get()
    assert (notice.voucher_id, notice.revision, notice.reasons, notice.notice_no) == (voucher.pk, 1, ["R11"], 1)
    assert notice.note
    assert (notice.examiner_name, notice.returned_on, str(notice)) == ("system", ON, "114-1")
    last = History.objects.filter(machine="voucher", subject_id=voucher.pk).latest("id")
    assert (last.verb, last.actor_role) == ("reject", "system")
    assert Reception.objects.get().verdict["ok"] == (what == "the voucher beside the document")


def test_news_that_comes_twice_takes_a_voucher_in_once(desk: Desk) -> None:
    voucher = desk.brought("released")

    voucher_receive(voucher_id=voucher.pk)
    voucher_receive(voucher_id=voucher.pk)

    assert verbs(voucher).count("receive") == Reception.objects.count() == 1


def test_two_workers_at_once_take_a_voucher_in_once(shared_desk: Desk) -> None:
    voucher = shared_desk.brought("released")

    outcomes = at_once(*[lambda: voucher_receive(voucher_id=voucher.pk)] * 2)

    assert outcomes == [None, None]
    assert verbs(voucher).count("receive") == Reception.objects.count() == 1


def test_a_voucher_taken_back_meanwhile_is_left_to_its_agency(desk: Desk) -> None:
    voucher = desk.brought("released")
    voucher_withdraw(voucher=voucher, actor=desk.actor("clerk"), because="金額有誤")

    voucher_receive(voucher_id=voucher.pk)

    assert fresh(voucher).state == "draft"
    assert not Reception.objects.exists()


def test_each_revision_is_taken_in_under_a_number_of_its_own(desk: Desk) -> None:
    first = desk.brought("released")
    voucher_withdraw(voucher=first, actor=desk.actor("clerk"), because="補正")
    again = fresh(first)
    while again.state != "received":
        again = desk.moved(again)
    desk.brought("received")

    receptions = Reception.objects.order_by("receipt_no")

    assert [(row.voucher_id == first.pk, row.revision, row.receipt_no) for row in receptions] == [
        (True, 2, 1),
        (False, 1, 2),
    ]


def test_a_card_that_ends_after_the_signature_does_not_undo_it(desk: Desk) -> None:
    voucher = desk.brought("released")
    by_force(
        "UPDATE signing_card SET state = 'ended', ended_at = %s, ended_because = '遺失' WHERE agency_code = %s",
        clock.now(),
        CABINET,
    )

    voucher_receive(voucher_id=voucher.pk)

    assert fresh(voucher).state == "received"


def test_news_of_a_voucher_that_is_not_there_is_a_problem(desk: Desk) -> None:
    with pytest.raises(Problem) as unknown:
        voucher_receive(voucher_id=4711)

    assert (unknown.value.code, unknown.value.status) == ("voucher_unknown", 404)
