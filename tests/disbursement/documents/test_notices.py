"""憑單退件通知書: the eleven reasons, what was found where, and how to mend it."""

import pytest

from disbursement.documents import notice_shapes, notices_of
from disbursement.documents.notices import remedy
from disbursement.services.examination import voucher_decide
from disbursement.services.reception import voucher_receive
from disbursement.services.returns import voucher_return
from tests.core.documents.reading import pages, squeezed
from tests.factories import OFFICE, ON, Desk, by_force, fresh
from tests.vouchers.examples import changed, remittance
from treasury.core.amounts import to_chinese_amount
from treasury.core.documents import render
from vouchers.reasons import Reason
from vouchers.rules import CATALOGUE
from vouchers.services.preparation import voucher_change, voucher_correct

TOO_MUCH_TWD = 3_000_001
PLACES = ("/total_twd", "/account_lines/0/amount_twd", "/payee_lines/0/amount_twd")


def _returned(desk: Desk) -> None:
    """A voucher sent back because its balance does not suffice."""
    voucher = desk.brought("received", changed(remittance(), dict.fromkeys(PLACES, TOO_MUCH_TWD)))
    voucher_decide(voucher=voucher, actor=desk.treasurer("examiner"))


def test_a_notice_names_reason_finding_and_remedy(desk: Desk) -> None:
    _returned(desk)

    (shape,) = notice_shapes(notices_of(on=ON))
    text = "".join(pages(render(shape)))

    assert [(one.code, one.text) for one in shape.reasons] == [(reason.value, reason.zh) for reason in Reason]
    assert [one.code for one in shape.reasons if one.is_marked] == ["R01"]
    for value in (
        "憑單退件通知書",
        "114-0000001",
        "0003010000行政院",
        "P0310-001",
        "付款憑單",
        "晨曦文具有限公司",
        to_chinese_amount(TOO_MUCH_TWD, mode="voucher"),
        "3,000,001",
        "114年3月份辦公文具採購",
        "科目清單",
        f"科目{OFFICE}支用3,000,001元，可用餘額3,000,000元",
        "俟次期分配或更換科目",
        "B-23.2.1",
        desk.treasurer("examiner").name,
        "中華民國114年3月10日",
    ):
        assert squeezed(value) in text, value
    for reason in Reason:
        assert squeezed(reason.zh) in text


def test_a_rejection_at_the_door_is_the_systems_and_says_why(desk: Desk) -> None:
    voucher = desk.brought("released")
    by_force("UPDATE signing_electronicpaymentdocument SET digest = sha256('other')")
    voucher_receive(voucher_id=voucher.pk)

    (shape,) = notice_shapes(notices_of(on=ON))

    assert [one.code for one in shape.reasons if one.is_marked] == ["R11"]
    assert (shape.examiner, shape.findings) == ("系統", ())
    assert shape.note and squeezed(shape.note) in "".join(pages(render(shape)))


def test_a_notice_stands_for_the_revision_that_went_back(desk: Desk) -> None:
    voucher = desk.brought("received")
    voucher_return(voucher=voucher, actor=desk.treasurer("examiner"), reasons=["R07", "R11"], note="機關來電")
    voucher_correct(voucher=voucher, actor=desk.actor("clerk"))
    content = changed(fresh(voucher).content, {"/purpose": "更正後之用途"})
    voucher_change(voucher=fresh(voucher), content=content, actor=desk.actor("clerk"))

    (shape,) = notice_shapes(notices_of(on=ON))

    assert (shape.revision, shape.purpose, shape.note) == (1, "114年3月份辦公文具採購", "機關來電")
    assert [one.code for one in shape.reasons if one.is_marked] == ["R07", "R11"]


def test_every_rule_has_a_remedy_for_the_vouchers_it_binds() -> None:
    for rule in CATALOGUE:
        kind = "轉帳憑單" if rule.binds.name == "TRANSFER" else "付款憑單"
        assert rule.remedy.zh in remedy(rule=rule.requirement, reason=rule.reason, kind=kind)


@pytest.mark.parametrize(
    ("rule", "reason", "kind", "expected"),
    [
        ("B-24.5", "R05", "付款憑單", "更正科目清單或憑單金額；或更正受款人清單或憑單金額"),
        ("B-20", "R05", "轉帳憑單", "更正借貸雙方金額"),
        ("B-20", "R05", "付款憑單", ""),
        ("B-99", "R05", "付款憑單", ""),
    ],
)
def test_rules_that_share_article_and_reason_share_their_remedies(
    rule: str, reason: str, kind: str, expected: str
) -> None:
    assert remedy(rule=rule, reason=reason, kind=kind) == expected
