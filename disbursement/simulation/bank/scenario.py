"""How this bank shall behave: its returns, its slowness and its bad manners, from one JSON file."""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from disbursement.iso20022.return_codes import RETURN_CODES
from treasury.core.errors import Problem


@dataclass(frozen=True, slots=True)
class Presentation:
    """A cheque that the payee's bank presents on a day, or on the first day after it that the bank is open."""

    cheque_no: str
    amount_twd: int
    on: date


@dataclass(frozen=True, slots=True)
class Scenario:
    """By default the bank credits every line, at once and politely.

    `returns`: return code by account number. `slow_seconds`: pause before every answer. `execution_seconds`: pause
    between taking a batch in and executing it. `drop_after_accept`: so many submissions are taken in and left without
    an answer. `repeat_answers`: every result is issued twice, and what was fetched before is sent again.
    `fisc_max_twd`: an interbank line above it is returned (AM02).
    """

    returns: dict[str, str] = field(default_factory=dict)
    slow_seconds: float = 0.0
    execution_seconds: float = 0.0
    drop_after_accept: int = 0
    repeat_answers: bool = False
    fisc_max_twd: int = 50_000_000
    present_cheques: tuple[Presentation, ...] = ()


def scenario_load(path: Path | None) -> Scenario:
    """The scenario of a file, or the default one; Problem `bank_scenario` naming the key that is wrong."""
    if path is None:
        return Scenario()
    try:
        told = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as problem:
        raise Problem("bank_scenario", f"cannot be read: {problem}", file=str(path)) from None
    if not isinstance(told, dict):
        raise Problem("bank_scenario", "a scenario is one JSON object", file=str(path))
    values = {key: _value(key, value, path) for key, value in told.items()}
    return Scenario(**values)


def _value(key: str, value: Any, path: Path) -> Any:
    """One setting, checked."""
    is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    is_number = is_count or (isinstance(value, float) and 0 <= value < 3600)
    match key:
        case "returns" if isinstance(value, dict) and all(code in RETURN_CODES for code in value.values()):
            return value
        case "slow_seconds" | "execution_seconds" if is_number:
            return float(value)
        case "drop_after_accept" | "fisc_max_twd" if is_count:
            return value
        case "repeat_answers" if isinstance(value, bool):
            return value
        case "present_cheques" if isinstance(value, list):
            return tuple(_presentation(row, position, path) for position, row in enumerate(value))
    raise Problem("bank_scenario", f"{key} is unknown or has a wrong value", path=f"/{key}", file=str(path))


def _presentation(row: Any, position: int, path: Path) -> Presentation:
    try:
        return Presentation(
            cheque_no=str(row["cheque_no"]),
            amount_twd=int(row["amount_twd"]),
            on=date.fromisoformat(row["on"]),
        )
    except (KeyError, TypeError, ValueError):
        pointer = f"/present_cheques/{position}"
        raise Problem(
            "bank_scenario", "cheque_no, amount_twd and on are wanted", path=pointer, file=str(path)
        ) from None
