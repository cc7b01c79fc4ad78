"""Signing many at once, and what a wrong PIN leads to: a real card agent, a real window, real signatures."""

from playwright.sync_api import expect

from tests.browser.person import FIRE, LIBRARY, Sits
from tests.browser.served import Served

TWENTY = 20


def test_twenty_vouchers_are_signed_with_one_pin_by_each_and_reach_the_treasury(served: Served, sits: Sits) -> None:
    served.bring("awaiting_accountant", TWENTY, agency_code=LIBRARY, content={"account_code": "5321800100"})

    for role, state, verb in (
        ("accountant", "awaiting_accountant", "已簽證"),
        ("head", "awaiting_head", "已簽證"),
        ("releaser", "certified", "已放行"),
    ):
        signer = sits(f"{LIBRARY}-{role}")
        page = signer.open(f"/vouchers/?state={state}")
        page.get_by_label("全選本頁").check()
        expect(page.locator("[data-selected-count]")).to_have_text(str(TWENTY))
        expect(page.locator("[data-selected-sum]")).to_have_text("240,000")
        page.locator(".bar button.main").click()
        signer.is_clean()
        signer.sign()
        signer.sees(f"{verb} {TWENTY} 件")
        assert signer.page.locator("table.ledger tbody tr").count() == TWENTY
        signer.is_clean()

    examiner = sits("treasury-examiner")
    examiner.sees_soon(f"/desk/examination/?agency={LIBRARY}", "共 20 筆")
    assert examiner.page.locator("table.ledger tbody tr").count() == TWENTY
    examiner.is_clean()


def test_three_wrong_pins_lock_the_card_and_the_page_says_so(served: Served, sits: Sits) -> None:
    (voucher_id,) = served.bring("awaiting_accountant", agency_code=FIRE, content={"account_code": "3708510100"})
    accountant = sits(f"{FIRE}-accountant")
    card = served.cards[accountant.username]
    accountant.open(f"/vouchers/sign/?voucher={voucher_id}")
    window = accountant.signing_window()
    window.select_option("#card", card["card_no"])

    for said in ("尚可再試 2 次", "尚可再試 1 次"):
        window.fill("#pin", "00000000")
        window.click("#sign")
        expect(window.locator("#error")).to_contain_text(said)
    window.fill("#pin", "00000000")
    window.click("#sign")
    expect(window.locator("main, form, body").first).to_contain_text("鎖")

    window.close()
    accountant.sees("卡片已鎖")
    assert served.books.value(f"SELECT state FROM vouchers_voucher WHERE id = {voucher_id}") == "awaiting_accountant"
