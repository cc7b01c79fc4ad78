"""Payee lines per second from received to settled, against a bare COPY of the same rows.

Ours: signatures verified, voucher logged, rules over the signed bytes, balance reserved, register written, instructions
and pain.001 made, sent to the bank process, its answer taken in, its statement booked and reconciled. The database
part runs in this process, as a worker would run it; the bank is a process of its own over HTTP.
Baseline: text COPY through psycopg into a logged table with a primary key.
"""

import json
import os
import shutil
import time
from collections.abc import Iterator
from datetime import date, datetime
from datetime import time as clock_time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connection

from agencies.services import agency_register
from disbursement.models import BankMessage, PaymentInstruction, RemittanceBatch
from disbursement.services import bank_results, batches
from disbursement.services.days import day_open
from disbursement.services.examination import voucher_decide
from disbursement.services.reception import voucher_receive
from disbursement.services.reconciliation import day_reconcile
from disbursement.services.statements import statement_fetch
from treasury import books
from treasury.core import clock
from treasury.core.sql import copy_rows, execute
from treasury.day import stages
from treasury.day.people import People
from treasury.day.processes import DayProcesses, places_of_books
from vouchers import selectors as vouchers

ON = date(2025, 3, 7)
AGENCY = "0003010000"
LINES = 20_000
VOUCHERS = 10
AIM = 0.05


def voucher_file(lines: int, count: int) -> dict[str, Any]:
    """A file of `count` remittance vouchers with `lines` payees each."""
    return {
        "format": "epay-vouchers/1",
        "agency_code": AGENCY,
        "fiscal_year": 114,
        "vouchers": [_voucher(number, lines) for number in range(1, count + 1)],
    }


def _voucher(number: int, lines: int) -> dict[str, Any]:
    payees = [_payee(number, line) for line in range(lines)]
    total_twd = sum(payee["amount_twd"] for payee in payees)
    return {
        "kind": "payment",
        "number": f"B{number:04d}",
        "issue_date": ON.isoformat(),
        "gate": "current",
        "purpose": "114年3月份補助款",
        "method": "remittance",
        "network": "fisc",
        "total_twd": total_twd,
        "account_lines": [{"account_code": "9900000001", "amount_twd": total_twd}],
        "payee_lines": payees,
    }


def _payee(number: int, line: int) -> dict[str, Any]:
    return {
        "name": "張小明",
        "kind": "individual",
        "id_type": "national_id",
        "id": "A123456789",
        "bank_code": "8120012",
        "account_no": f"{number:04d}{line:08d}",
        "account_name": "張小明",
        "amount_twd": 200 + line % 7,
    }


def tables(folder: Path) -> None:
    """The small tables the file needs, made in the books in use."""
    from agencies.services import bank_import
    from treasury.ledger.services import budget_import

    budget = folder / "budget.csv"
    budget.write_text(
        "account_code,account_name,level,agency_code,agency_name,amount_twd,gate\n"
        f"9900000001,補助業務,目,{AGENCY},行政院,1200000000000,current\n"
    )
    banks = folder / "banks.csv"
    banks.write_text(
        "銀行代號/總機構代碼,分支機構代號,金融機構名稱,分支機構名稱,地址\n812,0012,台新商業銀行,營業部,臺北市\n"
    )
    bank_import(path=banks)
    budget_import(path=budget, fiscal_year=114)
    agency_register(code=AGENCY, name="行政院", kind="agency")


def through(ids: list[int], people: People) -> None:
    """Everything from reception to reconciliation for some released vouchers."""
    for pk in ids:
        voucher_receive(voucher_id=pk)
    for row in vouchers.vouchers_in(["received"], ids=ids):
        voucher_decide(voucher=row, actor=people.at_treasury("examiner"))
    stages.begin_due(ON, people)
    for batch in batches.batches_build(on=ON, actor=people.at_treasury("payer")):
        batches.batch_send(batch_id=batch.pk)
    while RemittanceBatch.objects.filter(state="sent").exists():
        bank_results.poll()
        for message in BankMessage.objects.filter(kind=bank_results.KIND):
            bank_results.result_apply(bank_message_id=message.pk)
    day_reconcile(on=ON, message=statement_fetch(on=ON))


def baseline_seconds() -> float:
    """Seconds a bare COPY of the same instruction rows takes."""
    columns = ("id", "end_to_end_id", "network", "bank_code", "account_no", "account_name", "amount_twd", "state")
    rows = list(PaymentInstruction.objects.values_list(*columns))
    execute("DROP TABLE IF EXISTS bench_rows")
    execute(
        "CREATE TABLE bench_rows (id bigint PRIMARY KEY, end_to_end_id text, network text, bank_code text, "
        "account_no text, account_name text, amount_twd bigint, state text)"
    )
    began = time.perf_counter()
    copy_rows("bench_rows", columns, rows)
    return time.perf_counter() - began


def measures() -> Iterator[dict[str, Any]]:
    """One measure: lines per second, ours and bare."""
    books.use("bench", fresh=True)
    shutil.rmtree(places_of_books())
    os.environ["CLOCK"] = clock.env_for(datetime.combine(ON, clock_time(9), clock.ZONE))
    with TemporaryDirectory() as folder:
        tables(Path(folder))
        path = Path(folder) / "bench.json"
        path.write_text(json.dumps(voucher_file(LINES // VOUCHERS, VOUCHERS), ensure_ascii=False))
        from treasury.day.tables import open_master_account

        open_master_account(ON)
        day_open(on=ON)
        with DayProcesses(scenario=None).running() as processes:
            people = People()
            stages.hand_in([path], on=ON, people=people)
            ids = list(vouchers.vouchers_in(["draft"]).values_list("pk", flat=True))
            processes.worker.stop()
            stages.prepare(ids, people)
            people.equip(ids)
            stages.certify(ids, people, processes)
            began = time.perf_counter()
            through(ids, people)
            ours = LINES / (time.perf_counter() - began)
        bare = LINES / baseline_seconds()
    assert PaymentInstruction.objects.filter(state="credited").count() == LINES
    connection.close()
    yield {
        "name": "payee lines, received to settled",
        "ours": round(ours),
        "baseline": round(bare),
        "ratio": round(ours / bare, 4),
        "aim": AIM,
        "unit": "lines/s",
    }


if __name__ == "__main__":
    for measure in measures():
        print(json.dumps(measure, ensure_ascii=False), flush=True)
