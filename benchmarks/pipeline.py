"""Payee lines per second from received to settled, against a bare COPY of the same rows.

Ours: signatures verified, voucher logged, rules over the signed bytes, balance reserved, register written, instructions
and pain.001 made, sent to the bank process, its answer taken in, its statement booked and reconciled. What runs where
is as in the product: the two workers (Celery, Valkey, the outbox) take vouchers in, bring batches to the bank and apply
its answers; examiner and payer work in this process, on each voucher as soon as it is there; the bank is a process of
its own over HTTP. Everything is warm: a small voucher for each worker has gone the whole way before.
Baseline: text COPY through psycopg into a logged table with a primary key, the fastest of three.
"""

import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from datetime import time as clock_time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connection

from agencies.services import agency_register
from disbursement.models import PaymentInstruction
from disbursement.services import bank_results, batches
from disbursement.services.days import day_open
from disbursement.services.examination import voucher_decide
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
WARMING = 4
WARM_LINES = 100
PAUSE_SECONDS = 0.005


def voucher_file(lines: int, count: int, *, first: int) -> dict[str, Any]:
    """A file of `count` remittance vouchers with `lines` payees each, numbered from `first`."""
    return {
        "format": "epay-vouchers/1",
        "agency_code": AGENCY,
        "fiscal_year": 114,
        "vouchers": [_voucher(number, lines) for number in range(first, first + count)],
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
    examiner, payer = people.at_treasury("examiner"), people.at_treasury("payer")
    entry_tables = vouchers.EntryTables(ON)
    while vouchers.vouchers_in(["released", "received", "accepted", "scheduled"], ids=ids).exists():
        for row in vouchers.vouchers_in(["received"], ids=ids):
            voucher_decide(voucher=row, actor=examiner, tables=entry_tables)
        stages.begin_due(ON, people)
        time.sleep(PAUSE_SECONDS)
    batches.batches_build(on=ON, actor=payer)
    while vouchers.vouchers_in(["paying"], ids=ids).exists():
        bank_results.poll()
        time.sleep(PAUSE_SECONDS)
    assert day_reconcile(on=ON, message=statement_fetch(on=ON)).is_balanced


@contextmanager
def _resting(processes: DayProcesses) -> Iterator[None]:
    """The workers stand still meanwhile, so that nothing is taken in before the watch is started."""
    os.killpg(processes.worker.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(processes.worker.pid, signal.SIGCONT)


def baseline_seconds() -> float:
    """Seconds a bare COPY of the same instruction rows takes, the fastest of three."""
    columns = [str(field.column) for field in PaymentInstruction._meta.concrete_fields]
    rows = list(PaymentInstruction.objects.order_by("-pk").values_list(*columns)[:LINES])
    definitions = ", ".join(
        f"{field.column} {field.db_type(connection)}" for field in PaymentInstruction._meta.concrete_fields
    )
    seconds = []
    for _ in range(3):
        execute("DROP TABLE IF EXISTS bench_rows")
        execute(f"CREATE TABLE bench_rows ({definitions}, PRIMARY KEY (id))")
        began = time.perf_counter()
        copy_rows("bench_rows", columns, rows)
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def measures() -> Iterator[dict[str, Any]]:
    """One measure: lines per second, ours and bare."""
    books.use("bench", fresh=True)
    shutil.rmtree(places_of_books())
    os.environ["CLOCK"] = clock.env_for(datetime.combine(ON, clock_time(9), clock.ZONE))
    with TemporaryDirectory() as folder:
        tables(Path(folder))
        files = [Path(folder) / "warm.json", Path(folder) / "bench.json"]
        files[0].write_text(json.dumps(voucher_file(WARM_LINES, WARMING, first=1), ensure_ascii=False))
        files[1].write_text(
            json.dumps(voucher_file(LINES // VOUCHERS, VOUCHERS, first=1 + WARMING), ensure_ascii=False)
        )
        from treasury.day.tables import open_master_account

        open_master_account(ON)
        day_open(on=ON)
        with DayProcesses(scenario=None).running() as processes:
            people = People()
            stages.hand_in(files, on=ON, people=people)
            ids = list(vouchers.vouchers_in(["draft"]).values_list("pk", flat=True))
            stages.prepare(ids, people)
            people.equip(ids)
            for part in (ids[:WARMING], ids[WARMING:]):
                with _resting(processes):
                    stages.certify(part, people, processes)
                began = time.perf_counter()
                through(part, people)
                ours = len(part) / VOUCHERS * LINES / (time.perf_counter() - began)
        bare = LINES / baseline_seconds()
    assert PaymentInstruction.objects.filter(state="credited").count() == LINES + WARM_LINES * WARMING
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
