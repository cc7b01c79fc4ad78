"""行政院, 國立臺灣美術館 and the treasury at work: vouchers brought as far as a test needs, by the services alone."""

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Agency, AgencyMode, BankBranch
from agencies.selectors import HeldRole, actors_on
from agencies.services import staff_provide, treasury_staff_provide
from disbursement.models import BankMessage, PaymentInstruction, RemittanceBatch
from disbursement.services import bank_results, batches, cheques, payment
from disbursement.services.days import day_open
from disbursement.services.examination import voucher_accept
from disbursement.services.reception import voucher_receive
from signing.card_client import CardClient
from signing.services import CardRegistration, cards_register, trust_import
from signing.simulation.authorities import Pki
from signing.simulation.timestamp_authority import Service
from signing.simulation.timestamps import TimestampAuthority
from tests.disbursement.bank.bank_process import BankProcess, wait_for_results
from tests.vouchers.examples import Content, remittance
from treasury.core import clock
from treasury.core.actors import SYSTEM, Actor
from treasury.core.models import History
from treasury.core.parameters import profile_seed
from treasury.ledger import events
from treasury.ledger import services as ledger
from treasury.ledger.authorities import Draw
from vouchers.models import IntakeFile, Voucher
from vouchers.services import certification, preparation
from vouchers.services.intake import voucher_file_import

ON = date(2025, 3, 10)
CABINET = "0003010000"
MUSEUM = "0061400000"
AGENCIES = {CABINET: "行政院", MUSEUM: "國立臺灣美術館"}
SIGNERS = {CABINET: ("accountant", "head", "releaser"), MUSEUM: ("accountant",)}
OFFICE, TRAVEL, GRANTS = "3203010100", "3203011100", "3203012300"
# A year of 12,000,000 is a million a month: three may be spent in March.
OFFICE_TWD = 3_000_000
OPENING_TWD = 1_000_000_000
_BUDGET = f"""account_code,account_name,level,agency_code,agency_name,amount_twd,gate
{OFFICE},一般行政,目,{CABINET},行政院,12000000,current
{TRAVEL},施政推展聯繫,目,{CABINET},行政院,12000000,current
{GRANTS},補助業務,目,{CABINET},行政院,1200000000,current
5361400100,展覽推廣,目,{MUSEUM},國立臺灣美術館,12000000,current
"""
_CASES = f"agency_code,case_no,approved_twd,approval_doc_no\n{CABINET},ADV114-004,3700000,院授主預字第114001號\n"


@dataclass
class Cards:
    """The signers' cards, made once for all tests: a service that signs, and what is registered of each card."""

    folder: Path
    issued: list[dict[str, Any]]
    client: CardClient

    def sign(self, actor: Actor, capacity: str, content: bytes) -> bytes:
        """What a person's card makes of a content."""
        card = self._card(actor.agency_code, capacity)
        return self.client.sign(card_no=card["card_no"], pin=card["pin"], content=content)

    def registrations(self, holders: dict[tuple[str, str], int]) -> list[CardRegistration]:
        """The registrations of every card to its holder."""
        return [
            CardRegistration(
                user_id=holders[card["agency_code"], card["capacity"]],
                agency_code=card["agency_code"],
                capacity=card["capacity"],
                issuer_kind="GCA",
                certificate=base64.b64decode(card["certificate"]),
                card_no=card["card_no"],
            )
            for card in self.issued
        ]

    def _card(self, agency_code: str, capacity: str) -> dict[str, Any]:
        wanted = (agency_code, capacity)
        return next(card for card in self.issued if (card["agency_code"], card["capacity"]) == wanted)


def cards_issue(folder: Path, clock_setting: str) -> list[dict[str, Any]]:
    """Has the simulated authorities make a card for every signer."""
    requests = [
        {"agency_code": code, "agency_name": name, "capacity": capacity, "holder": name, "issuer": "GCA"}
        for code, name in AGENCIES.items()
        for capacity in SIGNERS[code]
    ]
    module = [sys.executable, "-m", "signing.simulation.issue"]
    done = subprocess.run(
        [*module, "--pki", str(folder / "pki"), "--cards", str(folder / "cards")],
        input="".join(json.dumps(request, ensure_ascii=False) + "\n" for request in requests).encode(),
        env={**os.environ, "CLOCK": clock_setting},
        capture_output=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@contextmanager
def timestamps_served(pki: Path, clock_setting: str) -> Iterator[str]:
    """The simulated timestamp authority on a thread of this process, so that a frozen clock is its own as well; yields
    its address."""
    with patch.dict(os.environ, {"CLOCK": clock_setting}):
        service = Service(TimestampAuthority(Pki(pki)).answer)
    threading.Thread(target=service.serve_forever, args=(0.05,), daemon=True).start()
    yield service.url
    service.shutdown()
    service.server_close()


class Desk:
    """Everybody at work on one day; each method goes through the services, as pages and commands do."""

    def __init__(self, cards: Cards, folder: Path, *, profile: str = "nta") -> None:
        self.cards = cards
        self._count = 0
        profile_seed(profile)
        for code, name in AGENCIES.items():
            Agency.objects.create(code=code, name=name, mode=AgencyMode.LIVE)
        staff_provide(agency_codes=AGENCIES, from_on=ON)
        treasury_staff_provide(from_on=ON)
        self._actors = actors_on(ON)
        BankBranch.objects.bulk_create(
            BankBranch(bank_code=code, institution_code=code[:3], institution_name=name, branch_name="分行")
            for code, name in (("0040059", "臺灣銀行"), ("0040107", "臺灣銀行"), ("0130017", "國泰世華銀行"))
        )
        (folder / "budget.csv").write_text(_BUDGET, "utf-8")
        (folder / "cases.csv").write_text(_CASES, "utf-8")
        ledger.budget_import(path=folder / "budget.csv", fiscal_year=114)
        ledger.cases_import(path=folder / "cases.csv", on=ON)
        day_open(on=ON)
        opening = [Draw.general(OPENING_TWD)]
        ledger.book(events.DEPOSIT, event_ref="opening", agency_code="", fiscal_year=114, on=ON, draws=opening)
        trust_import(folder=cards.folder / "pki")
        holders = {(code, capacity): self._id(capacity, code) for code in AGENCIES for capacity in SIGNERS[code]}
        cards_register(registrations=cards.registrations(holders), actor=SYSTEM, activate=True)

    def actor(self, role: str, agency_code: str = CABINET) -> Actor:
        """Who holds a role at an agency."""
        return self._actors[HeldRole(role, agency_code)]

    def treasurer(self, role: str) -> Actor:
        """Who holds a role at the treasury."""
        return self.actor(role, "")

    def _id(self, role: str, agency_code: str) -> int:
        user_id = self.actor(role, agency_code).user_id
        assert user_id is not None
        return user_id

    def hand_in(self, *contents: Content, agency_code: str = CABINET, name: str = "vouchers.json") -> IntakeFile:
        """The agency's clerk hands a file of vouchers in."""
        data = voucher_file(*contents, agency_code=agency_code)
        return voucher_file_import(data=data, name=name, on=ON, clerk_of=lambda file: self.actor("clerk", agency_code))

    def draft(self, content: Content | None = None, *, agency_code: str = CABINET) -> Voucher:
        """A voucher just handed in, under the next number of its kind."""
        self._count += 1
        content = content or remittance()
        numbered = content | {"number": f"{content['kind'][0].upper()}0310-{self._count:03d}"}
        item = self.hand_in(numbered, agency_code=agency_code).items.get()
        assert item.voucher is not None, item.findings
        return item.voucher

    def brought(self, state: str, content: Content | None = None, *, agency_code: str = CABINET) -> Voucher:
        """A new voucher that has come as far as a state on the way of the electronic payment."""
        voucher = self.draft(content, agency_code=agency_code)
        while voucher.state != state:
            voucher = self.moved(voucher)
        return voucher

    def moved(self, voucher: Voucher) -> Voucher:
        """The voucher one state further."""
        moves: dict[str, Callable[[Voucher], Any]] = {
            "draft": lambda row: preparation.voucher_submit(voucher=row, actor=self.actor("clerk", row.agency_code)),
            "in_review": lambda row: preparation.voucher_pass_review(
                voucher=row, actor=self.actor("reviewer", row.agency_code)
            ),
            "awaiting_accountant": lambda row: self.sign(row, "accountant"),
            "awaiting_head": lambda row: self.sign(row, "head"),
            "certified": lambda row: self.sign(row, "releaser"),
            "released": lambda row: voucher_receive(voucher_id=row.pk),
            "received": lambda row: voucher_accept(voucher=row, actor=self.treasurer("examiner")),
            "accepted": lambda row: payment.voucher_schedule(voucher=row, actor=self.treasurer("payer")),
            "scheduled": lambda row: payment.voucher_begin_payment(voucher=row, actor=self.treasurer("payer")),
        }
        moves[voucher.state](voucher)
        return fresh(voucher)

    def sign(self, voucher: Voucher, capacity: str) -> Voucher:
        """The agency's person of a capacity signs; the releaser hands over with it."""
        actor = self.actor(capacity, voucher.agency_code)
        content = certification.signing_content(voucher=voucher, capacity=capacity, actor=actor)
        message = self.cards.sign(actor, capacity, content)
        if capacity == "releaser":
            return certification.voucher_release(voucher=voucher, actor=actor, content=content, message=message)
        return certification.voucher_certify(
            voucher=voucher, capacity=capacity, actor=actor, content=content, message=message
        )

    def batch(self) -> RemittanceBatch:
        """The only batch that comes of the instructions that are ready."""
        (batch,) = batches.batches_build(on=clock.today(), actor=self.treasurer("payer"))
        return batch

    def stock(self, count: int) -> range:
        """A book of blank cheques."""
        return cheques.cheque_stock_receive(count=count, actor=self.treasurer("payer"))


def voucher_file(*contents: Content, agency_code: str = CABINET, fiscal_year: int = 114) -> bytes:
    """The bytes of a voucher file."""
    file = {"format": "epay-vouchers/1", "agency_code": agency_code, "fiscal_year": fiscal_year, "vouchers": contents}
    return json.dumps(file, ensure_ascii=False).encode()


def fresh(row: Any) -> Any:
    """A row as the database has it now."""
    return type(row).objects.get(pk=row.pk)


def lines_of(voucher: Voucher) -> list[PaymentInstruction]:
    """The instructions of a voucher in order."""
    return list(PaymentInstruction.objects.filter(voucher=voucher).order_by("seq"))


def verbs(row: Any, machine: str = "voucher") -> list[str]:
    """Every step of a row, as the history has it."""
    rows = History.objects.filter(machine=machine, subject_id=row.pk).order_by("id")
    return list(rows.values_list("verb", flat=True))


def many_payees(count: int, *, amount_twd: int = 200) -> Content:
    """A remittance to so many people, each with an account of their own."""
    payee = {
        "name": "林小美",
        "kind": "individual",
        "id_type": "national_id",
        "id": "A123456789",
        "bank_code": "0130017",
        "account_name": "林小美",
        "amount_twd": amount_twd,
    }
    total_twd = count * amount_twd
    return remittance() | {
        "purpose": "114年3月份補助款",
        "notes": {"petty_exception_reason": "補助款逐筆存帳"},
        "total_twd": total_twd,
        "account_lines": [{"account_code": GRANTS, "amount_twd": total_twd}],
        "payee_lines": [payee | {"account_no": f"{number:012d}"} for number in range(1, count + 1)],
    }


def by_force(statement: str, *params: Any) -> None:
    """Changes what PostgreSQL protects, as somebody with a role that bypasses the triggers might."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, params)
        cursor.execute("SET session_replication_role = origin")


def statements(call: Callable[[], Any]) -> int:
    """How many SQL statements a call sends, COPY among them."""
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


def answers_taken() -> int:
    """Polls the bank and applies every answer there is, as a worker does; returns how many were new."""
    count = bank_results.poll()
    for message in BankMessage.objects.filter(kind=bank_results.KIND).order_by("pk"):
        bank_results.result_apply(bank_message_id=message.pk)
    return count


def answered(bank: BankProcess, count: int = 1) -> None:
    """Waits until the bank has answered so often, then takes the answers in."""
    wait_for_results(bank.client(), count)
    answers_taken()
