"""Books of a test's own, and the real commands run on them as processes."""

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from treasury.embedded.places import Places
from treasury.environment import database_url, format_database_url, parse_database_url

CHECKOUT = Path(__file__).resolve().parents[2]
SAMPLE = CHECKOUT / "tests" / "sample_day"
COMPARED = ("day", "agency_code", "number", "outcome", "reasons")

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def problems(self) -> list[dict[str, Any]]:
        """Standard error as JSON Lines: nothing but problem objects."""
        return [json.loads(line) for line in self.err.splitlines()]

    @property
    def problem(self) -> dict[str, Any]:
        """The one problem object on standard error."""
        (problem,) = self.problems
        return problem


class Books:
    """Books `run_NAME` on the embedded servers of this test run, or on those under `root`."""

    def __init__(self, name: str, *, root: Path | None = None, server_url: str = "") -> None:
        self.name = name
        self.root = root or Places.here().root
        self._server = parse_database_url(server_url or database_url())
        self.environment = _outside_tests(Places.here().root / "bytecode")
        if root is not None:
            self.environment["EMBEDDED_DIR"] = str(root)

    @property
    def home(self) -> Path:
        """What lies beside the database: simulated authorities, cards, the bank's store."""
        return self.root / "books" / f"run_{self.name}"

    def start(self, command: str, *arguments: str | Path, is_named: bool = True) -> subprocess.Popen[str]:
        """Starts a command, on these books if it takes any, in a process group of its own."""
        named = ["--books", self.name] if is_named else []
        return subprocess.Popen(
            [sys.executable, "manage.py", command, *named, *map(str, arguments)],
            cwd=CHECKOUT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def manage(self, command: str, *arguments: str | Path) -> Ended:
        """Runs a command to its end."""
        return ended(self.start(command, *arguments))

    def plain(self, command: str, *arguments: str | Path) -> Ended:
        """Runs a command that is not told of any books."""
        return ended(self.start(command, *arguments, is_named=False))

    def run_day(self, vouchers: Path, on: date, out: Path, *arguments: str | Path) -> Ended:
        """Runs `run_day` to its end."""
        return self.manage("run_day", *day_arguments(vouchers, on, out), *arguments)

    def connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection to the books past all that watches over them."""
        return psycopg.connect(format_database_url({**self._server, "NAME": f"run_{self.name}"}))

    def fetch(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query over the books."""
        with self.connect() as connection:
            return connection.execute(query.encode()).fetchall()

    def force(self, statement: str) -> None:
        """Changes the books as a role may that bypasses the triggers."""
        with self.connect() as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(statement.encode())

    def value(self, query: str) -> Any:
        """The one value a query over the books yields."""
        return self.fetch(query)[0][0]

    def bank(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query over the agent bank's own store."""
        with closing(sqlite3.connect(self.home / "bank.sqlite")) as store:
            return store.execute(query).fetchall()

    def drop(self) -> None:
        """Removes database, files and logs."""
        url = format_database_url({**self._server, "NAME": "postgres"})
        with psycopg.connect(url, autocommit=True) as connection:
            name = sql.Identifier(f"run_{self.name}")
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.with_name(f"run_{self.name}.lock").unlink(missing_ok=True)
        shutil.rmtree(self.root / "log" / f"run_{self.name}", ignore_errors=True)


def _outside_tests(bytecode: Path) -> dict[str, str]:
    """The environment of somebody who runs a command by hand; compiled modules are kept, since many are run."""
    addresses = ("BANK_URL", "CARD_SERVICE_URL", "TIMESTAMP_URL", "QUEUE_NAME")
    without = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "CLOCK", *addresses)
    told = {key: value for key, value in os.environ.items() if key not in without and not key.startswith("PYTEST_")}
    return told | {"PYTHONPYCACHEPREFIX": str(bytecode)}


def ended(process: subprocess.Popen[str], timeout_seconds: float = 600) -> Ended:
    """Waits until a command has ended; when that takes too long, or the test is interrupted, it is killed."""
    try:
        out, err = process.communicate(timeout=timeout_seconds)
    except BaseException:
        process.kill()
        process.wait()
        raise
    return Ended(process.returncode, out, err)


def day_arguments(vouchers: Path, on: date, out: Path) -> list[str | Path]:
    """The arguments of `run_day` that every call has."""
    return ["--date", on.isoformat(), "--vouchers", vouchers, "--out", out]


def table_arguments(
    folder: Path = SAMPLE, *, budget: Path | None = None, banks: Path | None = None
) -> list[str | Path]:
    """The arguments of `run_day` that load the tables of a sample folder, or others in their place."""
    return [
        "--agencies",
        folder / "agencies.csv",
        "--cases",
        folder / "advance_cases.csv",
        "--budget",
        budget or folder / "budget.csv",
        "--fiscal-year",
        "114",
        "--banks",
        banks or folder / "banks.csv",
    ]


def outcomes(path: Path) -> list[Row]:
    """The compared columns of an `outcome.csv` or `expected.csv`."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [tuple(row[name] for name in COMPARED) for row in csv.DictReader(lines)]


def hand_over(folder: Path, agency_code: str, vouchers: Sequence[dict[str, Any]], *, fiscal_year: int = 114) -> Path:
    """Writes a voucher file `AGENCY.json` into a folder, which is made; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{agency_code}.json"
    document = {"format": "epay-vouchers/1", "agency_code": agency_code, "fiscal_year": fiscal_year}
    path.write_text(json.dumps({**document, "vouchers": list(vouchers)}, ensure_ascii=False), "utf-8")
    return path
