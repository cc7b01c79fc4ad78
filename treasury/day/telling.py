"""What a day says on the terminal: a line per stage, then a table; or JSON Lines and nothing else."""

import json
import time
import unicodedata
from typing import Any, Protocol

from treasury.core.amounts import format_twd
from treasury.day.play import DayResult

OUTCOMES = {
    "paid": "已支付 paid",
    "posted": "已轉帳 posted",
    "refused": "登錄不符 refused",
    "returned": "退件 returned",
    "scheduled": "待支付日 scheduled",
    "paper": "改送紙本 paper",
}
_NAME, _COUNT, _AMOUNT = 34, 8, 20


class Stream(Protocol):
    """Where lines are written."""

    def write(self, msg: str) -> Any: ...

    def flush(self) -> Any: ...


class Teller:
    """Tells a day's stages as they begin and its result at the end."""

    def __init__(self, stream: Stream, *, as_json: bool) -> None:
        self.stream = stream
        self.as_json = as_json
        self.since = time.monotonic()

    def stage(self, text: str) -> None:
        """One progress line with the seconds since the start; silent in JSON."""
        if not self.as_json:
            self.stream.write(f"[{time.monotonic() - self.since:6.1f} s] {text}")
            self.stream.flush()

    def result(self, result: DayResult) -> None:
        """The rows and the summary as JSON Lines, or the summary as a table."""
        if self.as_json:
            for row in result.rows:
                self._json(row.as_line())
            self._json({"summary": result.summary})
            return
        for line in summary_lines(result):
            self.stream.write(line)

    def _json(self, value: dict[str, Any]) -> None:
        self.stream.write(json.dumps(value, ensure_ascii=False, default=str))


def summary_lines(result: DayResult) -> list[str]:
    """The summary as an aligned table, Han characters counted as two columns."""
    summary = result.summary
    rule = "─" * (_NAME + _COUNT + _AMOUNT)
    rows = [("結果 Outcome", "件數", "金額（新臺幣元）"), None]
    for name, figures in summary["outcomes"].items():
        outcome, _, reasons = name.partition(" ")
        rows.append(_row(f"{OUTCOMES[outcome]} {reasons}", figures["vouchers"], figures["amount_twd"]))
    rows += [None, _row("合計 total", summary["vouchers"], sum(row.total_twd for row in result.rows)), None]
    for title, key in (
        ("通匯批次 batches", "batches"),
        ("支票 cheques", "cheques"),
        ("退匯 bank returns", "bank_returns"),
    ):
        rows.append(_row(title, summary[key]["count"], summary[key]["amount_twd"]))
    lines = ["", f"{summary['date']} {summary['day']}", rule]
    lines += [rule if row is None else _aligned(row) for row in rows]
    lines += [rule, _verdict(summary), f"文件與登記簿 documents: {result.out}", ""]
    return lines


def _row(title: str, count: int, amount_twd: int) -> tuple[str, str, str]:
    return title.strip(), f"{count:,}", format_twd(amount_twd)


def _verdict(summary: dict[str, Any]) -> str:
    balanced = "相符 balanced" if summary["reconciliation"]["is_balanced"] else "不符 DIFFERS"
    sound = "無誤 sound" if summary["books"]["is_sound"] else "有誤 BROKEN"
    closing = format_twd(summary["reconciliation"]["figures"]["bank_closing_twd"])
    return f"對帳 reconciliation: {balanced}　帳冊 books: {sound}　銀行結存 bank balance: {closing}"


def _aligned(row: tuple[str, str, str]) -> str:
    name, count, amount = row
    gap = " " * max(0, _NAME - width(name))
    return f"{name}{gap}{' ' * max(0, _COUNT - width(count))}{count}{' ' * max(0, _AMOUNT - width(amount))}{amount}"


def width(text: str) -> int:
    """Columns a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
