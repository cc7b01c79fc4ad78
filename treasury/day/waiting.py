"""Waiting for the workers: what is due is sent again, what has died is started again."""

import time
from collections.abc import Callable

from django.db import close_old_connections

from treasury.celery import app
from treasury.core import outbox
from treasury.core.errors import Problem
from treasury.day.processes import DayProcesses

STALL_SECONDS = 180


def wait_until(done: Callable[[], int], processes: DayProcesses, *, what: str, poll_bank: bool = False) -> None:
    """Waits until `done` counts nothing more to do. Problem `stalled` when nothing moves for three minutes."""
    left, since, swept = done(), time.monotonic(), time.monotonic()
    pause = 0.02
    while left:
        time.sleep(pause)
        pause = min(pause * 1.5, 0.25)
        processes.mend()
        if poll_bank:
            _poll()
        if time.monotonic() - swept > 1:
            outbox.sweep()
            swept = time.monotonic()
        close_old_connections()
        now = done()
        if now != left:
            left, since = now, time.monotonic()
        elif time.monotonic() - since > STALL_SECONDS:
            raise Problem("stalled", f"{what}: {left} do not get done; the logs say why")


def _poll() -> None:
    """Asks a worker to ask the bank; without a broker the next round asks again."""
    try:
        app.send_task("treasury.poll_bank", retry=False, expires=5)
    except Exception as error:
        outbox.log.info("the broker is away: %s", error)
