"""One reader of time, and how a run plays another day."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest

from treasury.core import clock

NINE = datetime(2025, 3, 7, 9, tzinfo=clock.ZONE)


@pytest.fixture(autouse=True)
def real_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOCK", raising=False)
    monkeypatch.delenv("ENV", raising=False)


def test_time_is_taipeis() -> None:
    now = clock.now()

    assert now.utcoffset() == timedelta(hours=8)
    assert abs(now.timestamp() - time.time()) < 5


def test_a_day_begins_in_taipei() -> None:
    with clock.frozen(datetime(2025, 3, 6, 16, 30, tzinfo=UTC)):
        assert clock.today() == date(2025, 3, 7)
        assert clock.now().hour == 0


def test_a_frozen_clock_stands_still_and_goes_on_afterwards() -> None:
    with clock.frozen(NINE) as at:
        assert clock.now() == clock.now() == at == NINE
        with clock.frozen(NINE + timedelta(days=1)):
            assert clock.today() == date(2025, 3, 8)
        assert clock.now() == NINE

    assert clock.now() > NINE + timedelta(days=1)


def test_a_clock_stopped_by_an_error_goes_on() -> None:
    with pytest.raises(RuntimeError), clock.frozen(NINE):
        raise RuntimeError

    assert clock.now() != NINE


def test_a_run_plays_another_day_and_its_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOCK", clock.env_for(NINE))

    first, second = clock.now(), clock.now()

    assert NINE <= first <= second < NINE + timedelta(seconds=5)
    assert clock.today() == date(2025, 3, 7)


def test_every_process_of_a_run_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOCK", f"2025-03-07T09:00:00+08:00@{time.time() - 3600!r}")

    assert abs(clock.now() - (NINE + timedelta(hours=1))) < timedelta(seconds=5)


def test_production_plays_no_other_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOCK", clock.env_for(NINE))
    monkeypatch.setenv("ENV", "production")

    with pytest.raises(RuntimeError, match="refused when ENV=production"):
        clock.now()


@pytest.mark.parametrize("setting", ["yesterday", "2025-03-07T09:00:00@1763760000.0", "2025-03-07T09:00:00+08:00"])
def test_a_malformed_setting_is_refused(monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    monkeypatch.setenv("CLOCK", setting)

    with pytest.raises(ValueError):
        clock.now()


def test_a_moment_without_a_zone_is_no_moment() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.frozen(datetime(2025, 3, 7, 9)):
        pass
