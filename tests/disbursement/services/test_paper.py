"""紙本: held until sealed paper has come, or on paper from the beginning; what does not agree goes back."""

import pytest

from disbursement.invariants import payments_are_signed
from disbursement.models import Reception, ReturnNotice
from disbursement.services.examination import voucher_accept, voucher_examine
from disbursement.services.paper import (
    PaperCheck,
    voucher_hold_for_paper,
    voucher_receive_paper,
    voucher_resume,
)
from disbursement.services.returns import voucher_return
from tests.disbursement.on_paper import IN_ORDER, WITHOUT_HEAD, mailed
from tests.factories import OFFICE, OFFICE_TWD, Desk, by_force, fresh, verbs
from tests.vouchers.examples import remittance
from treasury.core.errors import Problem
from treasury.core.models import History
from treasury.ledger import selectors as ledger
from vouchers.services.preparation import voucher_correct


def test_a_voucher_in_doubt_waits_for_sealed_paper_and_goes_on_when_it_agrees(desk: Desk) -> None:
    voucher, examiner = desk.brought("received"), desk.treasurer("examiner")

    voucher_hold_for_paper(voucher=voucher, actor=examiner, because="受款人戶名存疑")
    assert fresh(voucher).state == "on_hold_paper"
    assert ledger.available(114, [OFFICE])[OFFICE] == OFFICE_TWD
    voucher_resume(voucher=fresh(voucher), actor=examiner, check=IN_ORDER)

    assert fresh(voucher).state == "received"
    kept = History.objects.get(subject_id=voucher.pk, machine="voucher", verb="resume").details
    assert kept == {"paper": {"seals": {"accountant": True, "head": True}, "is_content_same": True}}
    assert voucher_accept(voucher=fresh(voucher), actor=examiner).register_no == 1


def test_whoever_asks_for_paper_says_why(desk: Desk) -> None:
    voucher = desk.brought("received")

    with pytest.raises(Problem) as refused:
        voucher_hold_for_paper(voucher=voucher, actor=desk.treasurer("examiner"), because=" ")

    assert (refused.value.code, refused.value.path) == ("reason_missing", "/because")
    assert fresh(voucher).state == "received"


def test_paper_that_differs_lets_nothing_go_on(desk: Desk) -> None:
    voucher, examiner = desk.brought("received"), desk.treasurer("examiner")
    voucher_hold_for_paper(voucher=voucher, actor=examiner, because="存疑")

    with pytest.raises(Problem, match="退件") as refused:
        voucher_resume(voucher=fresh(voucher), actor=examiner, check=WITHOUT_HEAD)

    assert refused.value.code == "paper_differs"
    assert fresh(voucher).state == "on_hold_paper"


def test_nobody_holds_or_resumes_another_revision_than_the_one_looked_at(desk: Desk) -> None:
    voucher, examiner = desk.brought("received"), desk.treasurer("examiner")
    voucher_return(voucher=voucher, actor=examiner, reasons=["R04"])
    voucher_correct(voucher=voucher, actor=desk.actor("clerk"))
    again = fresh(voucher)
    while again.state != "received":
        again = desk.moved(again)

    with pytest.raises(Problem) as refused:
        voucher_hold_for_paper(voucher=voucher, actor=examiner, because="存疑")

    assert (refused.value.code, refused.value.status) == ("revision_changed", 409)
    assert fresh(voucher).state == "received"


def test_a_paper_voucher_is_received_with_its_seals_and_paid_without_a_card(desk: Desk) -> None:
    voucher, examiner = mailed(desk), desk.treasurer("examiner")

    voucher_receive_paper(voucher=voucher, actor=examiner, check=IN_ORDER)

    reception = Reception.objects.get(voucher_id=voucher.pk)
    assert (reception.receipt_no, reception.verdict["ok"], reception.verdict["signatures"]) == (1, True, [])
    assert reception.verdict["paper"]["checked_by"] == examiner.name
    received = fresh(voucher)
    assert received.state == "paper_received"
    assert voucher_examine(voucher=received).findings == ()
    voucher_accept(voucher=received, actor=examiner)
    for state in ("scheduled", "paying"):
        received = desk.moved(fresh(received))
        assert received.state == state
    assert list(payments_are_signed()) == []


def test_a_paper_voucher_is_examined_by_the_same_rules(desk: Desk) -> None:
    voucher, examiner = mailed(desk, remittance() | {"total_twd": 30_000}), desk.treasurer("examiner")
    voucher_receive_paper(voucher=voucher, actor=examiner, check=IN_ORDER)
    by_force("UPDATE ledger_authority SET available_twd = 1 WHERE code = %s", OFFICE)

    assert voucher_examine(voucher=fresh(voucher)).reasons == ("R01",)


def test_a_seal_that_differs_sends_the_paper_straight_back(desk: Desk) -> None:
    voucher, examiner = mailed(desk), desk.treasurer("examiner")

    reception = voucher_receive_paper(voucher=voucher, actor=examiner, check=WITHOUT_HEAD)

    assert fresh(voucher).state == "returned"
    assert verbs(voucher)[-2:] == ["receive_paper", "return_to_agency"]
    notice = ReturnNotice.objects.get()
    assert (notice.reasons, notice.note, notice.examiner_name) == (["R11"], WITHOUT_HEAD.note, examiner.name)
    assert (reception.verdict["ok"], reception.verdict["code"]) == (False, "paper_seal_differs")


@pytest.mark.parametrize(
    ("check", "code"),
    [
        (IN_ORDER, "ok"),
        (WITHOUT_HEAD, "paper_seal_differs"),
        (PaperCheck(seals={"accountant": True, "head": True}), "paper_content_differs"),
        (PaperCheck(), "paper_content_differs"),
    ],
)
def test_a_check_says_what_differs_first(check: PaperCheck, code: str) -> None:
    assert (check.code, check.is_ok) == (code, code == "ok")


def test_whoever_finds_a_difference_says_where(desk: Desk) -> None:
    voucher = mailed(desk)

    with pytest.raises(Problem) as refused:
        voucher_receive_paper(voucher=voucher, actor=desk.treasurer("examiner"), check=PaperCheck())

    assert (refused.value.code, refused.value.path) == ("note_missing", "/note")
    assert fresh(voucher).state == "mailed"
    assert not Reception.objects.exists()


@pytest.mark.parametrize("who", ["clerk", "releaser", "payer", "supervisor", "auditor", "treasury_admin"])
def test_only_an_examiner_takes_paper_in(desk: Desk, who: str) -> None:
    voucher = mailed(desk)
    actor = desk.actor(who) if who in ("clerk", "releaser") else desk.treasurer(who)

    with pytest.raises(Problem) as refused:
        voucher_receive_paper(voucher=voucher, actor=actor, check=IN_ORDER)

    assert refused.value.status == 403
    assert fresh(voucher).state == "mailed"


# What is done by force to a paper voucher that is being paid, each of which breaks invariant 4.
FORCED = {
    "no seals": "UPDATE disbursement_reception SET verdict = jsonb_set(verdict, '{paper,seals,head}', 'false')",
    "no comparison": "UPDATE disbursement_reception SET verdict = verdict #- '{paper,is_content_same}'",
    "another purpose": "UPDATE vouchers_voucher SET content = jsonb_set(content, '{purpose}', '\"other\"')",
    "nobody took it in": "DELETE FROM core_history WHERE verb = 'receive_paper'",
    "somebody else": "UPDATE disbursement_reception SET verdict = jsonb_set(verdict, '{paper,user_id}', '0')",
}


@pytest.mark.parametrize("statement", FORCED.values(), ids=FORCED.keys())
def test_check_books_holds_paper_to_its_check(desk: Desk, statement: str) -> None:
    voucher, examiner = mailed(desk), desk.treasurer("examiner")
    voucher_receive_paper(voucher=voucher, actor=examiner, check=IN_ORDER)
    voucher_accept(voucher=fresh(voucher), actor=examiner)
    assert list(payments_are_signed()) == []

    by_force(statement)

    assert [violation.invariant for violation in payments_are_signed()] == [4]


def test_an_electronic_voucher_cannot_pass_for_paper(desk: Desk) -> None:
    desk.brought("accepted")

    by_force('UPDATE disbursement_reception SET verdict = verdict || \'{"paper": {"user_id": 1}}\'')

    assert [violation.invariant for violation in payments_are_signed()] == [4]
