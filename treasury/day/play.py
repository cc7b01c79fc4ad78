"""One day, stage by stage."""

import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db.models import Max

from disbursement.models import Reconciliation
from disbursement.services.days import day_open
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.invariants import Violation
from treasury.core.models import History
from treasury.day import papers, stages, tables
from treasury.day.outcome import Row, outcome_rows, outcome_write
from treasury.day.people import People
from treasury.day.processes import DayProcesses, places_of_books
from treasury.day.request import DayRequest
from treasury.day.summary import day_summary
from treasury.invariants import violations
from vouchers.models import IntakeItem

OPENS = time(9, 0)
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DayResult:
    """What came of a day: a row per voucher, what could not be read, the summary, and where the papers lie."""

    rows: Sequence[Row]
    problems: Sequence[Problem]
    is_reconciled: bool
    summary: dict[str, Any]
    out: Path


def play(request: DayRequest, *, tell: Tell) -> DayResult:
    """Plays a day in the books in use. The same directory and date again resume, or repeat and change nothing.

    Problem when the day cannot be played at all: no business day, before the books' last day, an unreadable table.
    """
    if not request.vouchers.is_dir():
        raise Problem("no_such_directory", f"{request.vouchers} is no directory of voucher files")
    if request.is_fresh:
        shutil.rmtree(places_of_books())
    _set_clock(request)
    tell("讀取預算、銀行、機關資料表  loading tables")
    tables.load(request)
    day_open(on=request.on)
    request.out.mkdir(parents=True, exist_ok=True)
    processes = DayProcesses(scenario=request.bank_scenario)
    tell("啟動代庫銀行、憑證卡程式、時戳服務、背景工作程序  starting bank, card agent, timestamps, worker")
    with processes.running():
        return _stages(request, processes, tell)


def _set_clock(request: DayRequest) -> None:
    """Sets the clock of this process and its children to the day: nine o'clock, or later than all that has happened."""
    start = datetime.combine(request.on, OPENS, clock.ZONE)
    last = History.objects.aggregate(last=Max("at"))["last"]
    if last is not None and last.astimezone(clock.ZONE).date() == request.on:
        start = max(start, last + timedelta(seconds=1))
    os.environ["CLOCK"] = clock.env_for(start)


def _stages(request: DayRequest, processes: DayProcesses, tell: Tell) -> DayResult:
    people = People()
    tell("收取憑單檔並依登錄規則檢核  taking in voucher files")
    files, problems = stages.hand_in(request.voucher_files(), on=request.on, people=people)
    items = IntakeItem.objects.filter(file__in=files, voucher__isnull=False)
    ids = list(items.values_list("voucher_id", flat=True))
    tell(f"覆核 {len(ids)} 件  reviewing")
    stages.prepare(ids, people)
    tell("發給憑證卡並註冊  issuing and registering cards")
    people.equip(ids)
    tell("會計、長官、放行人以憑證卡簽章  signing and releasing")
    released = stages.certify(ids, people, processes)
    tell(f"國庫收件驗章 {released} 件  reception, signatures verified")
    stages.receive(ids, processes)
    tell("審核、登記或退件  examination")
    stages.examine(people)
    tell("支付：通匯、委託劃帳、支票  paying")
    stages.pay(request.on, people, processes)
    tell("與代庫銀行對帳  reconciliation")
    reconciliation = stages.reconcile(request.on, processes)
    tell("登入透明日誌、產生當日樹頭  the transparency log's head of the day")
    head = stages.log_day(reconciliation, processes)
    rows = outcome_rows(day=request.name, files=files)
    outcome_write(rows, request.out / "outcome.csv")
    _write_problems(problems, request.out / "problems.jsonl")
    tell("列印憑單、支票、退件通知、登記簿  printing documents")
    printed = papers.write(request, files=files, head=head)
    tell("檢查帳冊  checking the books")
    found = list(violations())
    summary = day_summary(request, rows, reconciliation, found, printed, head)
    _write_json(summary, request.out / "books.json")
    return DayResult(rows, problems, _is_sound(reconciliation, found), summary, request.out)


def _is_sound(reconciliation: Reconciliation, found: Sequence[Violation]) -> bool:
    return reconciliation.is_balanced and not found


def _write_problems(problems: Sequence[Problem], path: Path) -> None:
    if problems:
        lines = (json.dumps(problem.as_dict(), ensure_ascii=False) + "\n" for problem in problems)
        path.write_text("".join(lines), "utf-8")
    else:
        path.unlink(missing_ok=True)


def _write_json(value: dict[str, Any], path: Path) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n", "utf-8")
