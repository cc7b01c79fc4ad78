"""Back and forth: sent back, returned, corrected, given up; the number stays, the revision counts."""

from playwright.sync_api import expect

from tests.browser import contents
from tests.browser.way import Way

REASON = "附件影本不清晰，請補正後再送"


def _changed_purpose(way: Way, voucher_id: int, purpose: str) -> None:
    """The clerk edits the draft's purpose in the form and sends it to review again."""
    clerk = way.at_agency("clerk")
    page = clerk.open(f"/vouchers/{voucher_id}/edit/")
    page.fill("[name=purpose]", purpose)
    page.locator("button[name=action][value=check]").last.click()
    expect(page.get_by_role("heading", name="送覆核前檢查")).to_be_visible()
    clerk.press("送覆核")
    clerk.sees("已完成：送覆核")


def test_the_accountant_sends_back_and_signs_what_was_mended(way: Way) -> None:
    (voucher_id,) = way.handed_in(contents.remittance("P0311-9101"))
    way.reviewed(voucher_id)
    accountant = way.at_agency("accountant")
    page = accountant.open(f"/vouchers/{voucher_id}/")
    page.get_by_text("退回承辦", exact=True).first.click()
    page.fill("#because-send_back", REASON)
    accountant.press("退回承辦")
    accountant.sees("已完成：退回承辦")
    assert way.state(voucher_id) == "draft"

    clerk = way.at_agency("clerk")
    clerk.open(f"/vouchers/{voucher_id}/")
    clerk.sees(REASON)
    _changed_purpose(way, voucher_id, "114年3月份辦公文具採購（補附清晰影本）")
    way.reviewed(voucher_id)

    accountant.open(f"/vouchers/{voucher_id}/diff/")
    accountant.sees("補附清晰影本")
    accountant.is_clean()
    way.signed(voucher_id, "accountant")
    assert way.state(voucher_id) == "awaiting_head"


def test_the_treasury_returns_and_gets_the_same_number_again_with_what_changed(way: Way) -> None:
    (voucher_id,) = way.handed_in(contents.remittance("P0311-9111"))
    way.received(voucher_id)
    examiner = way.sits("treasury-examiner")
    page = examiner.open(f"/desk/examination/{voucher_id}/")
    page.locator("details.decision summary").filter(has_text="勾選退回原因").click()
    page.locator("#reason-R11, input[name=reason]").last.check()
    page.locator("#form-return_to_agency textarea[name=because]").fill(REASON)
    page.locator("#form-return_to_agency button[type=submit]").click()
    page.wait_for_load_state()
    assert way.state(voucher_id) == "returned"

    clerk = way.at_agency("clerk")
    page = clerk.open(f"/vouchers/{voucher_id}/")
    clerk.sees(REASON)
    clerk.is_clean()
    notice = page.locator("a[href*='/desk/notices/']").first.get_attribute("href")
    assert notice is not None
    assert clerk.context.request.get(notice).body().startswith(b"%PDF-")
    clerk.press("更正")
    clerk.sees("已完成：更正")
    _changed_purpose(way, voucher_id, "114年3月份辦公文具採購（依退件通知更正）")
    way.received(voucher_id)

    page = examiner.open(f"/desk/examination/{voucher_id}/")
    examiner.sees("依退件通知更正")
    examiner.sees("P0311-9111")
    examiner.sees(REASON)
    rows = way.served.books.fetch(f"SELECT number, revision FROM vouchers_voucher WHERE id = {voucher_id}")
    assert rows == [("P0311-9111", 2)]


def test_what_was_sent_back_in_the_agency_may_be_given_up_and_its_number_stays_used(way: Way) -> None:
    (voucher_id,) = way.handed_in(contents.remittance("P0311-9121"))
    reviewer = way.at_agency("reviewer")
    page = reviewer.open(f"/vouchers/{voucher_id}/")
    page.get_by_text("退回承辦", exact=True).first.click()
    page.fill("#because-send_back", REASON)
    reviewer.press("退回承辦")
    clerk = way.at_agency("clerk")
    page = clerk.open(f"/vouchers/{voucher_id}/")
    page.get_by_text("取消", exact=True).first.click()
    page.fill("#because-cancel", "不再辦理")
    clerk.press("取消")
    clerk.sees("已完成：取消")

    page = clerk.open("/vouchers/new/")
    page.fill("[name=number]", "P0311-9121")
    page.locator("button[name=action][value=check]").last.click()
    clerk.sees("P0311-9121")
    assert way.served.books.value("SELECT count(*) FROM vouchers_voucher WHERE number = 'P0311-9121'") == 1
