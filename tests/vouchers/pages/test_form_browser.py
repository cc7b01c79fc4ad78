"""The voucher form in a real browser: it saves itself, separates thousands, suggests, says what is wrong, compares."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import User
from tests.browser.chromium import LANGUAGES, LOOKS, cut_off, violations
from tests.factories import Desk, many_payees, voucher_file
from tests.vouchers.examples import remittance
from tests.vouchers.pages.clerk import FormPage, flat
from vouchers.drafts import DraftForm

Open = Callable[..., Page]


def _client(desk: Desk) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=desk.actor("clerk").user_id))
    client.post("/role/", {"role": "clerk"})
    return client


@pytest.fixture
def clerk(shared_desk: Desk) -> Client:
    """The clerk without a browser, for what a page begins from."""
    return _client(shared_desk)


@pytest.fixture
def open_page(shared_desk: Desk, live_server: LiveServer, browser: Browser) -> Open:
    """Opens an address as the clerk in a browser of a look."""

    def opened(path: str, look: str = "light") -> Page:
        context = browser.new_context(base_url=live_server.url, locale="zh-TW", **LOOKS[look])  # type: ignore[arg-type]
        session = _client(shared_desk).cookies["sessionid"].value
        cookies = {"sessionid": session, "django_language": LANGUAGES[look]}
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.errors = []  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.errors.append(str(error)))  # type: ignore[attr-defined]
        page.on("console", lambda one: page.errors.append(one.text) if "Content Security" in one.text else None)  # type: ignore[attr-defined]
        page.goto(path)
        return page

    return opened


def test_a_form_saves_itself_separates_thousands_and_tells_capitals_and_balance(open_page: Open) -> None:
    page = open_page("/vouchers/new/")

    page.locator("#f-total_twd").press_sequentially("1234567")
    expect(page.locator("#f-total_twd")).to_have_value("1,234,567")
    expect(page.locator("#capitals")).to_have_text("新臺幣壹佰貳拾參萬肆仟伍佰陸拾柒元整")
    page.locator("#f-account_lines-0-account_code").fill("3203010100")
    page.locator("#f-purpose").focus()

    expect(page.locator("#h-f-account_lines-0-account_code")).to_have_text("一般行政，可用餘額 3,000,000 元")
    expect(page.locator("#saved")).to_contain_text("114/03/10")
    assert DraftForm.objects.get().fields["total_twd"] == "1,234,567"
    assert page.errors == []  # type: ignore[attr-defined]


def test_what_is_wrong_is_said_when_a_field_is_left_and_not_before(open_page: Open) -> None:
    page = open_page("/vouchers/new/")

    page.locator("#f-issue_date").fill("114/13/1")
    page.locator("#f-purpose").focus()

    expect(page.locator("#e-f-issue_date")).to_contain_text("填寫如 114/3/10")
    expect(page.locator("#e-f-purpose")).to_be_empty()
    expect(page.locator("#f-issue_date")).to_have_attribute("aria-invalid", "true")


def test_a_payee_of_before_is_chosen_with_the_account(open_page: Open, shared_desk: Desk) -> None:
    shared_desk.draft()
    page = open_page("/vouchers/new/")

    page.locator("#f-payee_lines-0-id").press_sequentially("0459")
    option = page.locator("#suggestions option").first
    expect(option).to_have_attribute("value", "晨曦文具有限公司　04595257　0130017 012345678901")
    page.locator("#f-payee_lines-0-id").fill(str(option.get_attribute("value")))

    expect(page.locator("#f-payee_lines-0-name")).to_have_value("晨曦文具有限公司")
    expect(page.locator("#f-payee_lines-0-id")).to_have_value("04595257")
    expect(page.locator("#f-payee_lines-0-account_no")).to_have_value("012345678901")
    expect(page.locator("#h-f-payee_lines-0-bank_code")).to_have_text("國泰世華銀行分行")


def test_another_method_unfolds_at_once_and_nothing_typed_is_lost(open_page: Open) -> None:
    page = open_page("/vouchers/new/")

    page.locator("#f-purpose").fill("撫卹金")
    page.locator("#f-method").select_option("cheque_self")

    expect(page.locator("#f-cheque-ground")).to_be_visible()
    expect(page.locator("#f-purpose")).to_have_value("撫卹金")


def test_two_tabs_on_one_form_are_compared(open_page: Open) -> None:
    first = open_page("/vouchers/new/")
    first.locator("#f-purpose").fill("甲")
    first.locator("#f-number").focus()
    expect(first.locator("#saved")).to_contain_text("114/03/10")
    second = open_page(first.url)
    second.locator("#f-purpose").fill("乙")
    second.get_by_role("button", name="儲存", exact=True).last.click()
    expect(second.locator("#f-purpose")).to_have_value("乙")

    first.locator("#f-purpose").fill("丙")
    first.locator("#f-number").focus()
    first.get_by_role("button", name="比較兩個版本").click()
    expect(first.get_by_role("heading", level=1)).to_have_text("表單有兩個版本")
    assert violations(first) == []
    first.get_by_role("button", name="全部採用我輸入的").click()

    expect(first.locator("#f-purpose")).to_have_value("丙")


def test_rows_of_a_spreadsheet_are_pasted_into_the_list(open_page: Open) -> None:
    page = open_page("/vouchers/new/")
    text = "".join(f"受款人{number}\t自然人\t\t\t0130017\t{number:08d}\t\t100\n" for number in range(30))

    page.locator("#f-payee_lines-0-name").focus()
    page.evaluate(
        "text => { const data = new DataTransfer(); data.setData('text/plain', text);"
        " document.activeElement.dispatchEvent(new ClipboardEvent('paste',"
        " {clipboardData: data, bubbles: true, cancelable: true})); }",
        text,
    )

    expect(page.get_by_role("heading", level=1)).to_have_text("由試算表帶入受款人")
    page.get_by_role("button", name="帶入表單").click()
    expect(page.locator("#f-payee_lines-29-name")).to_have_value("受款人29")


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(open_page: Open) -> None:
    page = open_page("/vouchers/new/")

    page.get_by_role("button", name="檢查內容").click()

    expect(page.locator("#errors")).to_be_focused()
    page.locator("#errors a").filter(has_text="支出用途").click()
    expect(page.locator("#f-purpose")).to_be_focused()


def _addresses(desk: Desk, clerk: Client) -> dict[str, str]:
    """What is looked at, by name."""

    def begun(content: dict[str, Any], number: str) -> str:
        voucher = desk.draft(content)
        page = FormPage(clerk, f"/vouchers/{voucher.pk}/edit/")
        page.press("save", {"notes.text": number})
        return f"/vouchers/drafts/{page.draft.pk}/"

    clean, many = begun(remittance(), "一"), begun(many_payees(60), "二")
    wrong = FormPage(clerk, "/vouchers/new/")
    wrong.press("save", flat(remittance()) | {"number": "P9", "payee_lines.0.id": "04595250", "total_twd": "31,000"})
    address = f"/vouchers/drafts/{wrong.draft.pk}/"
    clerk.post(
        f"{address}payees/", {"action": "look", "paste": "林小美\t自然人\t身分證字號\tA123456789\t13\t1\t林小美\t三"}
    )
    bad = remittance() | {"number": "P0310-902", "gate": "capital"}
    upload = SimpleUploadedFile("三月.json", voucher_file(remittance() | {"number": "P0310-901"}, bad))
    looked = clerk.post("/vouchers/import/", {"file": upload})["Location"]
    done = desk.brought("in_review")
    return {
        "new": "/vouchers/new/",
        "form": clean,
        "form-grid": f"{many}?at.payee_lines=50&line=3",
        "form-errors": f"{address}?check=1",
        "form-payees": f"{address}payees/",
        "form-find": f"{address}find/?what=bank&for=entrusted.bank_code&q=臺灣",
        "form-check": f"{clean}check/",
        "form-check-errors": f"{address}check/",
        "drafts": "/vouchers/drafts/",
        "copy": f"/vouchers/{done.pk}/copy/",
        "done": f"/vouchers/{done.pk}/done/submit/",
        "import": "/vouchers/import/",
        "import-look": looked,
    }


@pytest.mark.parametrize("look", LOOKS)
def test_the_clerks_pages_are_clean_in_every_look(open_page: Open, shared_desk: Desk, clerk: Client, look: str) -> None:
    complaints = []

    page = open_page("/", look)
    for name, address in _addresses(shared_desk, clerk).items():
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        complaints += [f"{name}: {one}" for one in [*violations(page), *cut_off(page)]]

    assert complaints == []
    assert page.errors == []  # type: ignore[attr-defined]
