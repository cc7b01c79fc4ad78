"""An agency's office: writes vouchers in the shape of the voucher file and keeps what must come of each."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from demo.making.people import account_no, digits, person
from demo.making.tables import Account, Payee

Voucher = dict[str, Any]
Line = dict[str, Any]
CURRENCIES = {"EUR": "歐元", "USD": "美元"}


@dataclass(frozen=True)
class Case:
    """A voucher and what must come of it: a row of `expected.csv`."""

    voucher: Voucher
    outcome: str
    reasons: str
    rule: str
    note: str


@dataclass
class Office:
    """Writes the vouchers of one agency; `title` is its full name, as accounts are held under it."""

    code: str
    title: str
    accounts: dict[str, Account]
    payees: dict[str, Payee]
    approvals: dict[str, str]
    today: date = date(2025, 3, 7)
    cases: list[Case] = field(default_factory=list)
    rng: Random = field(init=False)

    def __post_init__(self) -> None:
        """Seed the office by its code, so that a change at one leaves the others' numbers alone."""
        self.rng = Random(self.code)

    def begin(self, today: date) -> None:
        """Start a new file."""
        self.today, self.cases = today, []

    def expect(self, outcome: str, reasons: str, rule: str, note: str, voucher: Voucher) -> Voucher:
        """Hand a voucher in, numbered by its place in the file unless it has a number already."""
        letter = "T" if voucher["kind"] == "transfer" else "P"
        voucher["number"] = voucher["number"] or f"{letter}{self.today:%m%d}-{len(self.cases) + 1:03d}"
        self.cases.append(Case(voucher, outcome, reasons, rule, note))
        return voucher

    def paid(self, rule: str, note: str, voucher: Voucher) -> Voucher:
        """Hand in a voucher that is accepted: a payment is paid, a transfer posted."""
        return self.expect("posted" if voucher["kind"] == "transfer" else "paid", "", rule, note, voucher)

    def refused(self, reasons: str, rule: str, note: str, voucher: Voucher) -> Voucher:
        """Hand in a voucher that an entry rule stops."""
        return self.expect("refused", reasons, rule, note, voucher)

    def returned(self, reasons: str, rule: str, note: str, voucher: Voucher) -> Voucher:
        """Hand in a voucher that the treasury returns."""
        return self.expect("returned", reasons, rule, note, voucher)

    def day(self, offset_days: int) -> str:
        """Return a date so many days from today."""
        return (self.today + timedelta(days=offset_days)).isoformat()

    def head(self, kind: str, account_code: str, purpose: str, total_twd: int) -> Voucher:
        """Return what every voucher begins with."""
        return {
            "kind": kind,
            "number": "",
            "issue_date": self.day(-self.rng.choice((0, 0, 0, 1))),
            "gate": self.accounts[account_code].gate,
            "purpose": purpose,
            "total_twd": total_twd,
        }

    def charge(self, account_code: str, amount_twd: int, **more: Any) -> Line:
        """Return an account line."""
        line = {"account_code": account_code, "account_name": self.accounts[account_code].name}
        return line | {"fund_code": None, "amount_twd": amount_twd} | more

    def to(self, key: str, amount_twd: int, papers: str = "", **more: Any) -> Line:
        """Return a payee line; `papers` is the type of its source document, empty for none."""
        payee = self.payees[key]
        line: Line = {"name": payee.name, "kind": payee.kind}
        if payee.id:
            line |= {"id_type": payee.id_type, "id": payee.id}
        if payee.bank_code:
            line |= {"bank_code": payee.bank_code, "account_no": payee.account_no, "account_name": payee.name}
        line["amount_twd"] = amount_twd
        if papers:
            line["source_documents"] = [self.paper(papers, amount_twd)]
        return line | more

    def paper(self, kind: str, amount_twd: int) -> Line:
        """Return a source document of the last weeks; a uniform invoice has track and number."""
        document: Line = {"type": kind}
        if kind == "invoice":
            document["number"] = self.rng.choice(("LA", "LB", "LC", "LD")) + digits(self.rng, 8)
        return document | {"date": self.day(-self.rng.randint(1, 18)), "amount_twd": amount_twd}

    def bill(self, key: str, amount_twd: int, **more: Any) -> Line:
        """Return a payee line with a uniform invoice."""
        return self.to(key, amount_twd, "invoice", **more)

    def by_hand(self, line: Line) -> Line:
        """Return a payee line without account: it is paid by cheque."""
        return {key: value for key, value in line.items() if key not in ("bank_code", "account_no", "account_name")}

    def remit(self, account_code: str, purpose: str, *lines: Line, **more: Any) -> Voucher:
        """Return a remittance; the network follows the first payee's bank."""
        total_twd = sum(line["amount_twd"] for line in lines)
        network = "intra_bank" if lines[0]["bank_code"].startswith("004") else "fisc"
        head = self.head("payment", account_code, purpose, total_twd)
        head |= {"method": "remittance", "network": network}
        return head | {"account_lines": [self.charge(account_code, total_twd)], "payee_lines": list(lines)} | more

    def entrust(self, account_code: str, purpose: str, lines: list[Line], **more: Any) -> Voucher:
        """Return an entrusted transfer to the bank of its payees, with the roster's delivery."""
        bank_code = lines[0]["bank_code"]
        named = "".join(f"{line['name']}{line['account_no']}{line['amount_twd']}" for line in lines)
        roster = {
            "sha256": hashlib.sha256(named.encode()).hexdigest(),
            "delivered_at": f"{self.today.isoformat()}T09:{self.rng.randint(10, 59)}:00+08:00",
            "receipt_ref": f"清冊收字第114{digits(self.rng, 6)}號",
        }
        total_twd = sum(line["amount_twd"] for line in lines)
        block = {
            "bank_code": bank_code,
            "disbursement_account": account_no(self.rng, bank_code),
            "roster": roster,
        }
        body = {
            "account_lines": [self.charge(account_code, total_twd)],
            "payee_lines": lines,
            "entrusted": block,
        }
        head = self.head("payment", account_code, purpose, total_twd) | {"method": "entrusted"}
        return head | body | {"distribution_date": self.today.isoformat()} | more

    def people(self, count: int, lowest_twd: int, highest_twd: int, bank_code: str) -> list[Line]:
        """Return payee lines of staff or pensioners with accounts at one bank, amounts to the dollar."""
        lines = []
        for _ in range(count):
            line = person(self.rng, bank_code)
            lines.append(line | {"amount_twd": self.rng.randint(lowest_twd, highest_twd)})
        return lines

    def cheque(self, account_code: str, purpose: str, ground: str, reason: str, *lines: Line, **more: Any) -> Voucher:
        """Return a cheque collected by its payees, with a collection slip for each."""
        total_twd = sum(line["amount_twd"] for line in lines)
        block = {"ground": ground, "reason": reason, "consent_ref": f"台庫支字第114{digits(self.rng, 7)}號"}
        slips = [{"no": f"CS114{digits(self.rng, 6)}", "payee_seq": place} for place in range(1, len(lines) + 1)]
        head = self.head("payment", account_code, purpose, total_twd) | {"method": "cheque_self"}
        body = {"account_lines": [self.charge(account_code, total_twd)]}
        body["payee_lines"] = [self.by_hand(line) for line in lines]
        return head | body | {"cheque": block, "collection_slips": slips} | more

    def forwarded(self, voucher: Voucher, collector: str) -> Voucher:
        """Let the agency's designated person collect the cheques of a voucher and pass them on."""
        voucher["method"] = "cheque_forward"
        for slip in voucher["collection_slips"]:
            slip |= {"collector_kind": "designated_collector", "collector_id": self.payees[collector].id}
            slip["letter_no"] = f"指領字第1140{digits(self.rng, 3)}號"
        return voucher

    def uncrossed(self, voucher: Voucher, approval: str = "") -> Voucher:
        """Ask for a cheque without crossing, with the special approval if one is named."""
        voucher["cheque"]["crossing"] = "uncrossed"
        if approval:
            voucher["cheque"]["special_approval_ref"] = approval
        return voucher

    def own_account(self, name: str, bank_code: str, amount_twd: int) -> Line:
        """Return a payee line of one of the agency's special accounts."""
        line = {"name": self.title + name, "kind": "agency_special_account", "bank_code": bank_code}
        number = account_no(Random(self.code + name), bank_code)
        return line | {"account_no": number, "account_name": self.title + name, "amount_twd": amount_twd}

    def advance(self, case_no: str, account_code: str, purpose: str, *lines: Line) -> Voucher:
        """Return a remittance that draws on an approved advance."""
        notes = {"approval_doc_no": self.approvals.get(case_no, "院授主預字第1149990000號")}
        return self.remit(account_code, purpose, *lines, nature="advance", advance_case=case_no, notes=notes)

    def abroad(self, account_code: str, purpose: str, bank: str, currency: str, amount: str, rate: str) -> Voucher:
        """Return a foreign-currency payment through a settling bank, converted half up to whole dollars."""
        total_twd = int((Decimal(amount) * Decimal(rate)).quantize(Decimal(1), ROUND_HALF_UP))
        block = {"currency": currency, "amount": amount, "rate": rate, "twd_amount": total_twd}
        block["quota_ref"] = f"外匯額度字第114{digits(self.rng, 5)}號"
        text = f"{CURRENCIES[currency]}{Decimal(amount):,}元，匯率{rate}，折合新臺幣{total_twd:,}元"
        line = self.to(bank, total_twd)
        return self.remit(account_code, purpose, line, foreign_currency=block, notes={"text": text})

    def transfer(self, originals: list[tuple[str, str, int]], debit_code: str, why: str) -> Voucher:
        """Return a transfer voucher; `originals` are (number, account, amount) of wrong charges."""
        total_twd = sum(amount_twd for _, _, amount_twd in originals)
        lines = [self.charge(debit_code, total_twd, side="debit")]
        lines += [self.charge(code, amount_twd, side="credit") for _, code, amount_twd in originals]
        head = self.head("transfer", debit_code, why, total_twd) | {"account_lines": lines}
        named = [{"number": number, "account_code": code, "amount_twd": twd} for number, code, twd in originals]
        return head | {"originals": named}
