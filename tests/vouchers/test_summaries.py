"""A voucher in one line, each revision as it was signed."""

from disbursement.services.returns import voucher_return
from tests.factories import OFFICE, TRAVEL, Desk, fresh, many_payees
from tests.vouchers.examples import changed, remittance, transfer
from vouchers.services.preparation import voucher_change, voucher_correct
from vouchers.summaries import voucher_summaries


def test_the_first_payee_and_account_stand_for_all(desk: Desk) -> None:
    one, many, moved = desk.draft(), desk.draft(many_payees(3)), desk.draft(transfer())

    summaries = voucher_summaries((row.pk, 1) for row in (one, many, moved))

    assert [summaries[row.pk, 1].payee for row in (one, many, moved)] == ["晨曦文具有限公司", "林小美等 3 戶", ""]
    assert [summaries[row.pk, 1].account for row in (one, moved)] == [OFFICE, f"{TRAVEL} 等"]
    assert [summaries[row.pk, 1].kind for row in (one, moved)] == ["付款憑單", "轉帳憑單"]
    assert [summaries[row.pk, 1].method for row in (one, moved)] == ["電匯存帳", ""]
    assert summaries[one.pk, 1].reference == one.reference
    assert summaries[one.pk, 1].agency_name == "行政院"


def test_a_revision_gone_by_says_what_was_signed_then(desk: Desk) -> None:
    voucher = desk.brought("received")
    voucher_return(voucher=voucher, actor=desk.treasurer("examiner"), reasons=["R07"])
    voucher_correct(voucher=voucher, actor=desk.actor("clerk"))
    content = changed(
        voucher.content,
        {
            "/total_twd": 50_000,
            "/purpose": "更正後之用途",
            "/account_lines": [{"account_code": TRAVEL, "amount_twd": 50_000}],
            "/payee_lines": [remittance()["payee_lines"][0] | {"name": "另一商號", "amount_twd": 50_000}],
        },
    )
    voucher_change(voucher=fresh(voucher), content=content, actor=desk.actor("clerk"))

    summaries = voucher_summaries([(voucher.pk, 1), (voucher.pk, 2)])

    before, after = summaries[voucher.pk, 1], summaries[voucher.pk, 2]
    assert (before.total_twd, before.purpose, before.payee, before.account) == (
        30_000,
        "114年3月份辦公文具採購",
        "晨曦文具有限公司",
        OFFICE,
    )
    assert (after.total_twd, after.purpose, after.payee, after.account) == (
        50_000,
        "更正後之用途",
        "另一商號",
        TRAVEL,
    )


def test_a_revision_that_was_never_signed_says_what_the_voucher_says_now(desk: Desk) -> None:
    voucher = desk.draft()

    assert voucher_summaries([(voucher.pk, 7)])[voucher.pk, 7].total_twd == 30_000


def test_a_voucher_nobody_knows_is_left_out(desk: Desk) -> None:
    assert voucher_summaries([(0, 1)]) == {}
