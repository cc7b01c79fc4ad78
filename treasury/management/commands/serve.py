"""`make serve`: web, worker, scheduler, card service and agent bank together, until Ctrl-C."""

import os
import secrets
import signal
import sys
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.core.management.base import CommandParser
from django.db.models import Q, QuerySet

from agencies.models import Agency, RoleAssignment, User
from agencies.roles import Role
from agencies.services import staff_provide, treasury_staff_provide
from treasury import books
from treasury.core import clock
from treasury.day import tables
from treasury.day.people import People
from treasury.day.processes import DayProcesses
from treasury.day.request import DayRequest
from treasury.embedded import Child
from treasury.embedded.places import Places
from treasury.management.base import DONE, ContractCommand

SAMPLE = Path(settings.BASE_DIR) / "demo" / "sample_day"
PLAYED_ON = date(2025, 3, 11)


class Command(ContractCommand):
    """A whole treasury on this machine, for trying it out; not for production."""

    help = "Runs web, worker, scheduler, card service and agent bank until Ctrl-C; prints addresses and demo users."
    is_simulation = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def open_books(self, options: dict[str, Any]) -> None:
        os.environ.setdefault("CLOCK", clock.env_for(datetime(*PLAYED_ON.timetuple()[:3], 9, tzinfo=clock.ZONE)))
        super().open_books(options)

    def run(self, **options: Any) -> int:
        password = _provide()
        call_command("collectstatic", interactive=False, verbosity=0)
        processes = DayProcesses(scenario=None)
        with processes.running(), _web(options["port"]), _beat():
            self._tell(options["port"], password)
            _until_interrupted(processes)
        return DONE

    def _tell(self, port: int, password: str) -> None:
        self.stdout.write(f"網站  web           http://127.0.0.1:{port}/admin/")
        self.stdout.write(f"代庫銀行  bank      {settings.BANK_URL}")
        self.stdout.write(f"憑證卡服務  cards   {settings.CARD_SERVICE_URL}")
        self.stdout.write(f"日期  the clock plays {clock.today()}；按 Ctrl-C 結束")
        self.stdout.write(f"示範帳號 demo users, password {password}")
        for assignment in _one_of_each_role():
            reads = "（可登入網站 reads the site）" if assignment.user.is_staff else ""
            self.stdout.write(f"  {assignment.user.username:28} {assignment.user.display_name}{reads}")


def _one_of_each_role() -> QuerySet[RoleAssignment]:
    """The treasury's people and those of the first agency."""
    first = Agency.objects.order_by("code").first()
    rows = RoleAssignment.objects.filter(Q(agency__isnull=True) | Q(agency=first))
    return rows.select_related("user").order_by("agency_id", "user__username")


def _provide() -> str:
    """Loads the sample's tables, its people, and a password for this run; returns the password."""
    request = DayRequest(
        on=clock.today(),
        vouchers=SAMPLE / "day1",
        out=Places.here().root / "serve",
        agencies=SAMPLE / "agencies.csv",
        cases=SAMPLE / "advance_cases.csv",
        budget=SAMPLE / "budget.csv",
        fiscal_year=114,
        banks=SAMPLE / "banks.csv",
    )
    tables.load(request)
    People()
    treasury_staff_provide()
    staff_provide(agency_codes=Agency.objects.values_list("code", flat=True))
    password = secrets.token_urlsafe(9)
    readers = [Role.AUDITOR, Role.TREASURY_ADMIN]
    auditors = User.objects.filter(role_assignments__role__in=readers).distinct()
    auditors.update(is_staff=True)
    User.objects.filter(is_active=True).update(password=make_password(password))
    return password


def _web(port: int) -> Child:
    workers = ("--workers", "2", "--bind", f"127.0.0.1:{port}")
    argv = [sys.executable, "-m", "gunicorn", *workers, "treasury.wsgi:application"]
    return Child("web", argv, env={"DATABASE_URL": books.url()})


def _beat() -> Child:
    schedule = str(Places.here().root / "beat-schedule")
    argv = [sys.executable, "-m", "celery", "-A", "treasury", "beat", "--schedule", schedule, "--loglevel", "WARNING"]
    return Child("beat", argv, env={"DATABASE_URL": books.url()})


def _until_interrupted(processes: DayProcesses) -> None:
    """Keeps watch until Ctrl-C or SIGTERM; what dies is started again."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        while True:
            time.sleep(1)
            processes.mend()
    except KeyboardInterrupt:
        return
