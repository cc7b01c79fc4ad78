"""The processes of a day: card agent, timestamps, agent bank, workers; watched, and started again when they die."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from agencies.services.webhooks import LANE
from treasury import books
from treasury.celery import app
from treasury.core.outbox import queue_of
from treasury.embedded import Child, ChildFailed
from treasury.embedded.places import Places
from treasury.environment import broker_url, redis_url

OPENING_TWD = 1_000_000_000_000


def places_of_books() -> Path:
    """The directory of what stands beside the books in use: simulated CAs, cards, the bank's store."""
    path = Places.here().root / "books" / str(connection.settings_dict["NAME"])
    path.mkdir(parents=True, exist_ok=True)
    return path


class DayProcesses:
    """Card agent, timestamp authority, bank and worker of one run; the environment tells all their addresses."""

    def __init__(
        self, *, scenario: Path | None, agent_port: int = 0, origins: Sequence[str] = (), is_test_mode: bool = True
    ) -> None:
        """`origins` may use the card agent from a browser; in test mode it takes PINs from local programs, too.

        Who serves browsers sends webhooks as well, by a worker of their own; a day that is played tells nobody.
        """
        self.sends_webhooks = not is_test_mode
        self.home = places_of_books()
        queue = f"epay-{connection.settings_dict['NAME']}"
        broker = redis_url()
        os.environ |= {"REDIS_URL": broker, "QUEUE_NAME": queue}
        app.conf.update(broker_url=broker_url(broker), task_default_queue=queue)
        # Whoever plays a day has no window to type a PIN into.
        asked = [argument for origin in origins for argument in ("--origin", origin)]
        keys = ("--module", settings.CARD_MODULE, "--cards", str(self.home / "cards"))
        cards = (*(["--test-mode"] if is_test_mode else []), *asked, *keys)
        self.cards = self._child("cards", "signing.simulation.card_service", *cards, port=agent_port)
        authorities = ("--pki", str(self.home / "pki"))
        self.timestamps = self._child("timestamps", "signing.simulation.timestamp_authority", *authorities)
        store = ("--store", str(self.home / "bank.sqlite"), "--opening-twd", str(OPENING_TWD))
        given = ("--scenario", str(scenario)) if scenario is not None else ()
        self.bank = self._child("bank", "disbursement.simulation.bank", *store, *given)
        quiet = ("--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat")
        celery = (sys.executable, "-m", "celery", "-A", "treasury", "worker", *quiet)
        self.worker = Child("worker", [*celery, "--concurrency", "2", "--queues", queue], log=self._log("worker"))
        threads = ("--pool", "threads", "--concurrency", "4", "--queues", queue_of(LANE))
        self.webhooks = Child("webhooks", [*celery, *threads], log=self._log("webhooks"))

    def _child(self, name: str, module: str, *arguments: str, port: int = 0) -> Child:
        """A counterpart on the loopback (port 0: any free one), which writes its address when it serves."""
        ready = self.home / f"{name}.ready"
        serving = ("--port", str(port), "--ready-file", str(ready))
        return Child(name, [sys.executable, "-m", module, *serving, *arguments], ready_file=ready, log=self._log(name))

    @property
    def _counterparts(self) -> tuple[Child, ...]:
        return self.bank, self.cards, self.timestamps

    def _log(self, name: str) -> Path:
        return Places.here().logs / self.home.name / f"{name}.log"

    @contextmanager
    def running(self) -> Iterator["DayProcesses"]:
        """Starts all of them and stops them at the end, whatever happened."""
        try:
            for child in self._counterparts:
                child.start()
            self._take_addresses()
            self._start_worker()
            if self.sends_webhooks:
                self._start_webhooks()
            yield self
        finally:
            for child in (self.webhooks, self.worker, *self._counterparts):
                child.stop(patience_seconds=5)

    def mend(self) -> bool:
        """Starts again what has died; True when something had."""
        dead = [child for child in self._counterparts if not child.is_running()]
        for child in dead:
            child.start()
        if dead:
            self._take_addresses()
            self.worker.stop(patience_seconds=2)
        if self.sends_webhooks and not self.webhooks.is_running():
            self._start_webhooks()
        if not self.worker.is_running():
            self._start_worker()
            return True
        return bool(dead)

    def _take_addresses(self) -> None:
        settings.BANK_URL = self.bank.wait_ready()
        settings.CARD_SERVICE_URL = self.cards.wait_ready()
        settings.TIMESTAMP_URL = self.timestamps.wait_ready()
        # Web processes are not started again: the authority comes back where they know it.
        self.timestamps.argv[self.timestamps.argv.index("--port") + 1] = settings.TIMESTAMP_URL.rpartition(":")[2]
        addresses = ("BANK_URL", "CARD_SERVICE_URL", "TIMESTAMP_URL")
        os.environ |= {name: getattr(settings, name) for name in addresses}

    def _start_worker(self) -> None:
        self.worker.env = {"DATABASE_URL": books.url(), "LOG_LEVEL": "WARNING"}
        self.worker.start()

    def _start_webhooks(self) -> None:
        self.webhooks.env = {"DATABASE_URL": books.url(), "LOG_LEVEL": "WARNING"}
        self.webhooks.start()


__all__ = ["OPENING_TWD", "ChildFailed", "DayProcesses", "places_of_books"]
