"""Several at once, as several web processes and workers are: each in a thread with a connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from treasury.core.sql import fetch_value

WAIT_SECONDS = 20
_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


def alone(call: Callable[[], Any]) -> Any:
    """Runs a call on the connection of this thread and closes it; returns its result, or the exception it raised."""
    try:
        return call()
    except Exception as error:
        return error
    finally:
        connection.close()


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Starts all calls at the same moment; returns what each returned, or the exception it raised."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        connection.ensure_connection()
        start.wait(WAIT_SECONDS)
        return alone(call)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def wait_for_a_waiter() -> None:
    """Returns when another session waits for a lock that this one holds."""
    pause = threading.Event()
    for _ in range(WAIT_SECONDS * 50):
        if fetch_value(_WAITING):
            return
        pause.wait(0.02)
    raise AssertionError("nobody waits")
