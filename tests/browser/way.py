"""A voucher's way, station by station, each by the person in charge and by the pages alone."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.person import MUSEUM, Sits
from tests.browser.served import Served
from tests.vouchers.pages.clerk import flat

_DECISIVE = ("kind", "method", "network")


class Way:
    """Takes vouchers of one agency along."""

    def __init__(self, served: Served, sits: Sits, agency_code: str = MUSEUM) -> None:
        self.served, self.sits, self.agency_code = served, sits, agency_code

    def at_agency(self, role: str) -> Any:
        """The agency's person in a role."""
        return self.sits(f"{self.agency_code}-{role}")

    def state(self, voucher_id: int) -> str:
        """Where a voucher stands."""
        return str(self.served.books.value(f"SELECT state FROM vouchers_voucher WHERE id = {voucher_id}"))

    def reaches(
        self, voucher_id: int, state: str, *, seconds: float = 60, nudge: Callable[[], object] | None = None
    ) -> None:
        """Waits for what workers and the bank do; `nudge` is tried now and then meanwhile."""
        until = time.monotonic() + seconds
        while self.state(voucher_id) != state:
            assert time.monotonic() < until, f"{voucher_id} stands at {self.state(voucher_id)}, not {state}"
            time.sleep(0.3)
            if nudge is not None:
                nudge()

    def typed(self, content: Mapping[str, Any]) -> int:
        """The clerk fills the form in, checks, sends it to review; returns the voucher's id."""
        clerk = self.at_agency("clerk")
        page = clerk.open("/vouchers/new/")
        fill(page, content)
        clerk.is_clean()
        page.locator("button[name=action][value=check]").last.click()
        expect(page.get_by_role("heading", name="送覆核前檢查")).to_be_visible()
        clerk.is_clean()
        clerk.press("送覆核")
        expect(page.get_by_role("heading", name="已完成：送覆核")).to_be_visible()
        clerk.is_clean()
        return int(page.url.split("/vouchers/")[1].split("/")[0])

    def handed_in(self, *contents: Mapping[str, Any]) -> list[int]:
        """The clerk hands a file of vouchers in and submits each; returns their ids."""
        clerk = self.at_agency("clerk")
        file = {
            "format": "epay-vouchers/1",
            "agency_code": self.agency_code,
            "fiscal_year": 114,
            "vouchers": list(contents),
        }
        page = clerk.open("/vouchers/import/")
        data = json.dumps(file, ensure_ascii=False).encode()
        page.set_input_files("#f-file", {"name": "vouchers.json", "mimeType": "application/json", "buffer": data})
        clerk.press("試讀")
        clerk.is_clean()
        page.get_by_role("button", name="匯入").click()
        page.wait_for_load_state()
        numbers = ", ".join(f"'{content['number']}'" for content in contents)
        rows = self.served.books.fetch(f"SELECT id FROM vouchers_voucher WHERE number IN ({numbers}) ORDER BY number")
        for (voucher_id,) in rows:
            clerk.open(f"/vouchers/{voucher_id}/")
            clerk.press("送覆核")
            clerk.sees("已完成：送覆核")
        return [row[0] for row in rows]

    def reviewed(self, voucher_id: int) -> None:
        """The reviewer passes it on."""
        reviewer = self.at_agency("reviewer")
        reviewer.open(f"/vouchers/{voucher_id}/")
        reviewer.is_clean()
        reviewer.press("覆核通過")
        reviewer.sees("已完成：覆核通過")

    def signed(self, voucher_id: int, *roles: str) -> None:
        """Accountant, head and releaser (or some of them) sign with their cards."""
        for role in roles or ("accountant", "head", "releaser"):
            signer = self.at_agency(role)
            signer.open(f"/vouchers/sign/?voucher={voucher_id}")
            signer.sign()
            signer.sees("已放行" if role == "releaser" else "已簽證")

    def received(self, voucher_id: int) -> None:
        """From in review until the treasury's workers have verified the signatures and taken it in."""
        self.reviewed(voucher_id)
        self.signed(voucher_id)
        self.reaches(voucher_id, "received")

    def examined(self, voucher_id: int) -> None:
        """The examiner ticks and accepts."""
        examiner = self.sits("treasury-examiner")
        page = examiner.open(f"/desk/examination/{voucher_id}/")
        examiner.is_clean()
        for tick in page.locator("#form-accept input[name=check]").all():
            tick.check()
        page.locator("#form-accept button[type=submit]").click()
        page.wait_for_load_state()

    def begun(self, voucher_id: int) -> None:
        """The payer schedules the payment and begins it."""
        payer = self.sits("treasury-payer")
        for button in ("排定支付", "開始支付"):
            page = payer.open("/desk/payments/")
            page.locator(f"input[name=voucher][value='{voucher_id}']").check()
            payer.is_clean()
            payer.press(button)
            payer.sees("已辦理 1 件")

    def sent(self) -> None:
        """The payer makes the day's batches, which workers bring to the bank."""
        payer = self.sits("treasury-payer")
        payer.open("/desk/batches/")
        payer.press("編製本日批次")
        payer.is_clean()

    def bank_asked(self) -> None:
        """The payer does not wait for the next round of asking the bank."""
        payer = self.sits("treasury-payer")
        payer.open("/desk/bank/")
        payer.press("立即查詢銀行")
        time.sleep(1)


def fill(page: Page, content: Mapping[str, Any]) -> None:
    """Types a voucher into the form; what decides which fields there are comes first."""
    values = flat(content)
    for name in _DECISIVE:
        field = page.locator(f"[name='{name}']")
        if name in values and field.count():
            field.select_option(values[name])
            page.wait_for_timeout(700)
    for name, value in values.items():
        field = page.locator(f"[name='{name}']")
        if name in _DECISIVE or not field.count():
            continue
        field.evaluate(
            "field => { for (let at = field; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true; }"
        )
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
            field.press("Tab")
