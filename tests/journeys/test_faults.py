"""`kill -9` in the middle of a day: it mends itself or is started again, and ends in the same books.

Servers of this module's own, so that killing them disturbs nobody. A small random day holds every way of paying, a
transfer, a return, refusals and a voucher whose date lies ahead.
"""

import json
import re
import shutil
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.embedded.homes import Home
from tests.journeys.books import Books, day_arguments, table_arguments
from tests.journeys.days import FRIDAY, FinalBooks, final_books
from tests.journeys.running import STAGES, RunningDay, left_over
from tests.oracle.generate import MadeDay, make_day

AFTER_START = STAGES[STAGES.index("taking in voucher files") :]
Options = Sequence[str | Path]


@dataclass(frozen=True, slots=True)
class Stage:
    """Servers, a small day, and what its books are when nothing disturbs it."""

    root: Path
    server_url: str
    made: MadeDay
    undisturbed: Books
    final: FinalBooks

    def arguments(self, out: Path) -> list[str | Path]:
        """The command line of the day."""
        return [*day_arguments(self.made.days[0].folder, FRIDAY, out), *table_arguments(self.made.folder)]

    def books(self, name: str, *, has_cards: bool = True) -> Books:
        """New books; the undisturbed day's authorities and cards are good for them too and save making keys."""
        books = Books(name, root=self.root, server_url=self.server_url)
        if has_cards:
            for folder in ("pki", "cards"):
                shutil.copytree(self.undisturbed.home / folder, books.home / folder)
        return books


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("faults")
    home = Home(folder / "var")
    made = make_day(16, folder / "made", agencies=2, vouchers=12, on=[FRIDAY])
    server_url = home.client().database_url
    books = Books("undisturbed", root=home.root, server_url=server_url)
    done = books.run_day(made.days[0].folder, FRIDAY, folder / "out", *table_arguments(made.folder))
    assert (done.code, done.err) == (0, "")
    yield Stage(home.root, server_url, made, books, final_books(books, folder / "out"))
    home.close()


@pytest.fixture
def day(stage: Stage, request: pytest.FixtureRequest, out: Path) -> Iterator["Disturbed"]:
    books = stage.books(re.sub("[^a-z0-9]+", "_", request.node.name)[:40])
    yield Disturbed(stage, books, out)
    books.drop()


@pytest.fixture
def slow_bank(tmp_path: Path) -> Options:
    """A bank that takes its time and leaves the first two batches without an answer."""
    scenario = tmp_path / "slow.json"
    scenario.write_text(json.dumps({"slow_seconds": 0.3, "execution_seconds": 0.3, "drop_after_accept": 2}))
    return ["--bank-scenario", scenario]


@dataclass(frozen=True, slots=True)
class Disturbed:
    """A day that a test disturbs."""

    stage: Stage
    books: Books
    out: Path

    def disturb(self, stages: Sequence[str], *names: str, pause_seconds: float = 0.0, options: Options = ()) -> None:
        """Kills the named parts when each of the stages begins, starting the same command again when it has ended."""
        waiting, killed = list(stages), 0
        while waiting:
            day = RunningDay(self.books, *self.stage.arguments(self.out), *options)
            while waiting and day.reaches(waiting[0]):
                waiting.pop(0)
                time.sleep(pause_seconds)
                killed += sum(day.kill(name) for name in names)
            ended = day.ended()
            assert killed
            if ended.code == 0:
                assert ended.err == ""
                return
            if ended.code == 2:
                assert ended.problem["code"] != "internal_error", ended.err
            else:
                assert (ended.code, names) == (-signal.SIGKILL, ("run_day",)), ended.err

    def finish(self) -> None:
        """Starts the same command again, which runs to its end, and compares books and bank with the undisturbed."""
        done = RunningDay(self.books, *self.stage.arguments(self.out)).ended()
        assert (done.code, done.err) == (0, "")
        assert final_books(self.books, self.out) == self.stage.final
        checked = self.books.manage("check_books")
        assert (checked.code, checked.err) == (0, ""), checked.out
        assert left_over(self.books) == []


def test_workers_die(day: Disturbed) -> None:
    day.disturb(["taking in", "signing", "paying", "reconciliation"], "worker")

    day.finish()


def test_the_bank_dies(day: Disturbed, slow_bank: Options) -> None:
    day.disturb(["signing", "paying", "reconciliation"], "bank", pause_seconds=0.4, options=slow_bank)

    day.finish()


def test_card_service_and_timestamp_authority_die(day: Disturbed) -> None:
    day.disturb(["issuing", "signing"], "cards", "timestamps", pause_seconds=0.3)

    day.finish()


def test_the_broker_dies(day: Disturbed) -> None:
    day.disturb(["taking in", "signing", "paying", "reconciliation"], "valkey")

    day.finish()


def test_the_database_dies(day: Disturbed) -> None:
    day.disturb(["signing", "examination", "paying"], "postgres", pause_seconds=0.2)

    day.finish()


def test_run_day_itself_dies(day: Disturbed) -> None:
    day.disturb(["issuing", "signing", "examination", "paying"], "run_day", pause_seconds=0.2)

    day.finish()


@pytest.mark.nightly
@pytest.mark.parametrize("pause_seconds", [0.0, 0.15, 0.4, 1.0])
@pytest.mark.parametrize("name", ["worker", "bank", "cards", "timestamps", "valkey", "postgres", "run_day"])
def test_anything_dies_at_every_stage(day: Disturbed, name: str, pause_seconds: float) -> None:
    day.disturb(AFTER_START, name, pause_seconds=pause_seconds)

    day.finish()


@pytest.mark.nightly
def test_everything_dies_at_once(day: Disturbed, slow_bank: Options) -> None:
    day.disturb(AFTER_START, "valkey", "postgres", "worker", "bank", pause_seconds=0.3, options=slow_bank)

    day.finish()
