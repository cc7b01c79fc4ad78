"""`make serve`: web, worker, scheduler, card agent, timestamps and agent bank together, until Ctrl-C."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandParser

from agencies.models import Agency, User
from agencies.selectors import HeldRole
from disbursement.services.days import day_open
from signing.services.renewal import lists_renew
from treasury import books
from treasury.core import clock
from treasury.day.people import People
from treasury.day.processes import DayProcesses, places_of_books
from treasury.embedded import Child
from treasury.management.base import DONE, ContractCommand
from treasury.serving.people import people_provide
from treasury.serving.resuming import OPENS, resumed_at
from treasury.serving.sample import vouchers_provide

PLAYED_ON = date(2025, 3, 11)
AGENT_PORT = 61161
READY_SECONDS = 30
# The simulated authorities' lists live ten days.
LISTS_EVERY = timedelta(hours=12)


class Command(ContractCommand):
    """A whole treasury on this machine, for trying it out; not for production."""

    help = "Runs web, worker, scheduler, card agent, timestamps and bank until Ctrl-C; prints addresses and demo users."
    is_simulation = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="of the site; 0 for any free one")
        parser.add_argument("--agent-port", type=int, default=AGENT_PORT, help="of the card agent; 0 for any free one")
        parser.add_argument("--ready-file", type=Path, help="is written once everything answers: addresses, users")
        parser.add_argument("--empty", action="store_true", help="no vouchers of the sample day on the desks")

    def open_books(self, options: dict[str, Any]) -> None:
        is_given = "CLOCK" in os.environ
        opening = datetime.combine(PLAYED_ON, OPENS, clock.ZONE)
        os.environ.setdefault("CLOCK", clock.env_for(opening))
        super().open_books(options)
        if not is_given:
            os.environ["CLOCK"] = clock.env_for(resumed_at(opening))

    def run(self, **options: Any) -> int:
        people, password = people_provide(clock.today())
        day_open(on=clock.today())
        issued = people.equip_agencies(list(Agency.objects.values_list("code", flat=True)))
        if not options["empty"]:
            _provide_vouchers(people)
        call_command("collectstatic", interactive=False, verbosity=0)
        port = options["port"] or _free_port()
        _take_lists()
        origins = [f"http://127.0.0.1:{port}", f"http://localhost:{port}"]
        processes = DayProcesses(scenario=None, agent_port=options["agent_port"], origins=origins, is_test_mode=False)
        with processes.running(), _web(port), _beat():
            _wait_for(port)
            told = _told(people, port, password, issued)
            if options["ready_file"]:
                _write(options["ready_file"], told)
            self._tell(told)
            _until_interrupted(processes)
        return DONE

    def _tell(self, told: dict[str, Any]) -> None:
        self.stdout.write(f"網站  web            {told['url']}/")
        self.stdout.write(f"憑證卡程式  agent       {told['agent']}/selfTest.htm")
        self.stdout.write(f"時戳服務  timestamps {settings.TIMESTAMP_URL}")
        self.stdout.write(f"代庫銀行  bank       {settings.BANK_URL}")
        self.stdout.write(f"日期  the clock plays {clock.today()}；按 Ctrl-C 結束 to stop")
        self.stdout.write(f"示範帳號 demo users, password 密碼 {told['password']}")
        first = min(code for code in (held["agency_code"] for held in told["users"]) if code)
        for held in told["users"]:
            if held["agency_code"] in ("", first):
                card = told["cards"].get(held["username"])
                with_card = f"  卡號 card {card['card_no']}  PIN {card['pin']}" if card else ""
                self.stdout.write(f"  {held['username']:26} {held['name']}{with_card}")
        self.stdout.flush()


def _provide_vouchers(people: People) -> None:
    """Brings the sample's vouchers to the desks, with a card agent that programs may use, for as long as that takes."""
    processes = DayProcesses(scenario=None)
    with processes.running():
        vouchers_provide(people, processes)


def _told(people: People, port: int, password: str, issued: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """Addresses, users of each role, and the cards of those who sign."""
    names = dict(User.objects.filter(pk__in=issued).values_list("pk", "username"))
    return {
        "url": f"http://127.0.0.1:{port}",
        "agent": settings.CARD_SERVICE_URL,
        "password": password,
        "clock": os.environ["CLOCK"],
        "timestamps": settings.TIMESTAMP_URL,
        "users": [_user(people, held) for held in sorted(people.held, key=lambda one: (one.agency_code, one.role))],
        "cards": {names[user_id]: {"card_no": card["card_no"], "pin": card["pin"]} for user_id, card in issued.items()},
    }


def _user(people: People, held: HeldRole) -> dict[str, str]:
    actor = people.actor(held.agency_code, held.role)
    assert actor.user_id is not None
    username = User.objects.values_list("username", flat=True).get(pk=actor.user_id)
    return {"username": username, "name": actor.name, "role": held.role, "agency_code": held.agency_code}


def _write(path: Path, told: dict[str, Any]) -> None:
    """Whole or not at all, for whoever waits for it; it holds PINs, so only its owner reads it."""
    partial = path.with_suffix(".partial")
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    partial.replace(path)


def _web(port: int) -> Child:
    """Two processes with threads: a page may wait for the database, others do not wait for it."""
    # A browser keeps its connection; whoever presses Ctrl-C does not wait until it lets go.
    workers = ("--workers", "2", "--threads", "4", "--graceful-timeout", "3", "--bind", f"127.0.0.1:{port}")
    argv = [sys.executable, "-m", "gunicorn", *workers, "treasury.wsgi:application"]
    return Child("web", argv, env={"DATABASE_URL": books.url(), "CARD_AGENT_ORIGIN": settings.CARD_SERVICE_URL})


def _beat() -> Child:
    schedule = str(places_of_books() / "beat-schedule")
    argv = [sys.executable, "-m", "celery", "-A", "treasury", "beat", "--schedule", schedule, "--loglevel", "WARNING"]
    return Child("beat", argv, env={"DATABASE_URL": books.url()})


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int) -> None:
    """Until the site takes connections."""
    until = time.monotonic() + READY_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _until_interrupted(processes: DayProcesses) -> None:
    """Keeps watch until Ctrl-C or SIGTERM; what dies is started again, revocation lists are renewed in time."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    renewed_at = clock.now()
    try:
        while True:
            time.sleep(1)
            processes.mend()
            if clock.now() - renewed_at > LISTS_EVERY:
                _renew_lists()
                renewed_at = clock.now()
    except KeyboardInterrupt:
        return


def _take_lists() -> None:
    """From now on lists are taken from where the simulated authorities publish them, for the first time here."""
    settings.TRUST_FOLDER = os.environ["TRUST_FOLDER"] = str(places_of_books() / "pki")
    lists_renew()


def _renew_lists() -> None:
    """Has the simulated authorities publish new revocation lists; the scheduler takes them in."""
    argv = [sys.executable, "-m", "signing.simulation.pki", "--pki", os.environ["TRUST_FOLDER"], "refresh-crls"]
    subprocess.run(argv, check=True)
