"""The agency's pages in a real browser: clean for axe in both languages and both looks, usable at 200 %."""

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from agencies.models import User
from tests.browser.chromium import LANGUAGES, LOOKS, cut_off, violations
from tests.factories import Desk, fresh, many_payees
from tests.vouchers.pages.conftest import form
from vouchers.models import Voucher
from vouchers.services import preparation, return_requests


def _client(desk: Desk, role: str, agency_code: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=desk.actor(role, agency_code).user_id))
    client.post("/role/", {"role": role})
    return client


def _changed_twice(desk: Desk) -> Voucher:
    """A voucher sent back by the head, mended and on its way again."""
    voucher = desk.brought("awaiting_head")
    preparation.voucher_send_back(voucher=voucher, actor=desk.actor("head"), because="用途請寫明，受款人戶名請核對")
    row = fresh(voucher)
    content = {**row.content, "purpose": "114年3月份辦公室紙張採購", "notes": {"text": "併二月份採購案"}}
    preparation.voucher_change(voucher=row, content=content, actor=desk.actor("clerk"))
    preparation.voucher_submit(voucher=fresh(voucher), actor=desk.actor("clerk"))
    preparation.voucher_pass_review(voucher=fresh(voucher), actor=desk.actor("reviewer"))
    return fresh(voucher)


def _pages(desk: Desk) -> dict[str, tuple[str, str, str]]:
    """What is looked at: (role, agency, address) by name."""
    changed, waiting = _changed_twice(desk), desk.brought("awaiting_accountant", many_payees(60))
    draft, released, received = desk.draft(), desk.brought("released"), desk.brought("received")
    broken = desk.draft()
    preparation.voucher_change(
        voucher=broken, content={**broken.content, "total_twd": 29_000}, actor=desk.actor("clerk")
    )
    return_requests.return_request(voucher=received, actor=desk.actor("releaser"), because="受款人重複")
    own = desk.actor("clerk").agency_code
    return {
        "list": ("accountant", own, "/vouchers/?state=awaiting_accountant"),
        "list-treasury": ("auditor", "", "/vouchers/"),
        "list-empty": ("clerk", own, "/vouchers/?number=NONE"),
        "voucher-signer": ("accountant", own, f"/vouchers/{changed.pk}/"),
        "voucher-draft": ("reviewer", own, f"/vouchers/{broken.pk}/"),
        "voucher-clerk": ("clerk", own, f"/vouchers/{draft.pk}/"),
        "voucher-many": ("accountant", own, f"/vouchers/{waiting.pk}/?payees=2"),
        "voucher-released": ("releaser", own, f"/vouchers/{released.pk}/"),
        "voucher-received": ("examiner", "", f"/vouchers/{received.pk}/"),
        "diff": ("accountant", own, f"/vouchers/{changed.pk}/diff/"),
        "sign": ("accountant", own, f"/vouchers/sign/?voucher={changed.pk}&voucher={waiting.pk}&voucher={draft.pk}"),
        "transmission": ("releaser", own, "/vouchers/transmission/"),
    }


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_are_clean_and_nothing_is_cut_off(
    shared_desk: Desk, live_server: LiveServer, browser: Browser, look: str
) -> None:
    found: dict[str, list[str]] = {}

    for name, (role, agency_code, path) in _pages(shared_desk).items():
        client = _client(shared_desk, role, agency_code)
        page = _opened(browser, live_server, client, look, path)
        found[name] = [*violations(page), *cut_off(page)]
        page.context.close()

    assert {name: what for name, what in found.items() if what} == {}


def test_a_stale_page_and_a_refused_step_are_clean_as_well(
    shared_desk: Desk, live_server: LiveServer, browser: Browser
) -> None:
    voucher = shared_desk.brought("in_review")
    client = _client(shared_desk, "reviewer", voucher.agency_code)
    page = _opened(browser, live_server, client, "light", f"/vouchers/{voucher.pk}/")
    preparation.voucher_send_back(voucher=voucher, actor=shared_desk.actor("head"), because="科目不符")

    page.click("form[action$='/steps/pass_review/'] button")

    assert "沒有執行" in page.content()
    assert violations(page) == []
    other = shared_desk.brought("awaiting_accountant")
    accountant = _client(shared_desk, "accountant", voucher.agency_code)
    sent = form(voucher=str(other.pk), seen=f"{other.pk}:1", agreed="1", statement_version="certification/1")
    answer = accountant.post("/vouchers/sign/results/", sent)
    page = _opened(browser, live_server, accountant, "light", answer.headers["Location"])
    assert "未收到此憑單之簽章" in page.content()
    assert violations(page) == []
    page.context.close()


def _opened(browser: Browser, live_server: LiveServer, client: Client, look: str, path: str) -> Page:
    context = browser.new_context(base_url=live_server.url, **LOOKS[look])  # type: ignore[arg-type]
    cookies = {name: morsel.value for name, morsel in client.cookies.items() if name != "csrftoken"}
    cookies["django_language"] = LANGUAGES[look]
    context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
    page = context.new_page()
    answer = page.goto(path)
    assert answer is not None and answer.status == 200, path
    return page
