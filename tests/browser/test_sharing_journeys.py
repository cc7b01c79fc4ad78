"""Two tabs, two people, two agencies: one effect, a clear page, and nothing of what is not one's own."""

from playwright.sync_api import expect

from tests.browser import contents
from tests.browser.person import FIRE
from tests.browser.way import Way


def history(way: Way, voucher_id: int, verb: str) -> int:
    """How often a step was taken."""
    where = f"machine = 'voucher' AND subject_id = {voucher_id} AND verb = '{verb}'"
    return int(way.served.books.value(f"SELECT count(*) FROM core_history WHERE {where}"))


def test_a_button_pressed_twice_or_from_an_old_page_has_one_effect(way: Way) -> None:
    (voucher_id,) = way.served.bring("in_review", agency_code=way.agency_code)
    reviewer = way.at_agency("reviewer")
    page = reviewer.open(f"/vouchers/{voucher_id}/")
    stale = reviewer.context.new_page()
    stale.goto(f"/vouchers/{voucher_id}/")

    page.get_by_role("main").get_by_role("button", name="覆核通過", exact=True).dblclick()
    reviewer.sees("已完成：覆核通過")
    page.go_back()
    again = page.get_by_role("main").get_by_role("button", name="覆核通過", exact=True)
    if again.count():
        again.click()
    stale.get_by_role("main").get_by_role("button", name="覆核通過", exact=True).click()

    expect(stale.get_by_role("main")).to_contain_text("待會計簽證")
    assert history(way, voucher_id, "pass_review") == 1


def test_two_people_on_one_voucher_the_second_is_told_who_was_quicker(way: Way) -> None:
    (voucher_id,) = way.served.bring("awaiting_accountant", agency_code=way.agency_code)
    with way.served.workers_stopped():
        way.signed(voucher_id)
        clerk, releaser = way.at_agency("clerk"), way.at_agency("releaser")
        for person, because in ((clerk, "附件有誤"), (releaser, "金額有誤")):
            page = person.open(f"/vouchers/{voucher_id}/")
            page.get_by_text("取回", exact=True).first.click()
            page.fill("#because-withdraw", because)

        clerk.press("取回")
        clerk.sees("已完成：取回")
        releaser.press("取回")

        releaser.sees("沒有執行")
        releaser.sees("附件有誤")
        releaser.is_clean()
    assert history(way, voucher_id, "withdraw") == 1


def test_the_form_in_two_tabs_shows_both_versions_side_by_side(way: Way) -> None:
    clerk = way.at_agency("clerk")
    page = clerk.open("/vouchers/new/")
    page.fill("[name=number]", "P0311-9301")
    page.locator("button[name=action][value=save]").last.click()
    page.wait_for_url("**/vouchers/drafts/*/**")
    second = clerk.context.new_page()
    second.goto(page.url)

    page.fill("[name=purpose]", "第一個分頁寫的用途")
    page.locator("button[name=action][value=save]").last.click()
    page.wait_for_load_state()
    second.fill("[name=purpose]", "第二個分頁寫的用途")
    second.locator("button[name=action][value=save]").last.click()

    expect(second.get_by_role("main")).to_contain_text("第一個分頁寫的用途")
    expect(second.get_by_role("main")).to_contain_text("第二個分頁寫的用途")


def test_another_agencys_voucher_is_not_there_by_any_address(way: Way) -> None:
    (voucher_id,) = way.served.bring("awaiting_accountant", agency_code=way.agency_code)
    paths = (
        f"/vouchers/{voucher_id}/",
        f"/vouchers/{voucher_id}/edit/",
        f"/vouchers/{voucher_id}/copy/",
        f"/vouchers/{voucher_id}/check/",
        f"/vouchers/{voucher_id}/diff/",
        f"/vouchers/{voucher_id}/voucher.pdf",
        f"/vouchers/{voucher_id}/done/submit/",
        f"/desk/results/{voucher_id}/",
    )
    for role in ("clerk", "accountant", "admin"):
        stranger = way.sits(f"{FIRE}-{role}")
        for path in paths:
            answer = stranger.context.request.get(path)
            assert answer.status in (403, 404), f"{path} as {role}: {answer.status}"
            assert contents.GENERAL not in answer.text()
        listed = stranger.open("/vouchers/").locator("main").inner_text()
        number = way.served.books.value(f"SELECT number FROM vouchers_voucher WHERE id = {voucher_id}")
        assert f"/vouchers/{voucher_id}/" not in stranger.page.content()
        assert str(number) not in listed


def test_a_released_voucher_is_taken_back_before_the_treasury_has_it_and_not_after(way: Way) -> None:
    (early_id, late_id) = way.served.bring("awaiting_accountant", 2, agency_code=way.agency_code)
    for voucher_id in (early_id, late_id):
        way.signed(voucher_id, "accountant", "head")
    way.signed(late_id, "releaser")
    way.reaches(late_id, "received")
    releaser = way.at_agency("releaser")
    page = releaser.open(f"/vouchers/{late_id}/")
    assert page.locator("#because-withdraw").count() == 0
    page.get_by_text("申請退件", exact=True).first.click()
    page.fill("#because-request_return", "金額有誤")
    releaser.press("申請退件")
    assert way.state(late_id) == "received"
    examiner = way.sits("treasury-examiner")
    examiner.open(f"/desk/examination/{late_id}/")
    examiner.sees("金額有誤")

    with way.served.workers_stopped():
        way.signed(early_id, "releaser")
        page = releaser.open(f"/vouchers/{early_id}/")
        page.get_by_text("取回", exact=True).first.click()
        page.fill("#because-withdraw", "附件有誤")
        releaser.press("取回")
        releaser.sees("已完成：取回")
        assert way.state(early_id) == "draft"
