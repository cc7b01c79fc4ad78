"""The stages of a day, each taking every voucher as far as it goes; a stage run again finds nothing to do."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from disbursement.models import Reconciliation, RemittanceBatch, TreasuryDay
from disbursement.services import batches, cheques, payment
from disbursement.services.days import day_end
from disbursement.services.examination import voucher_decide
from signing.log.heads import log_close
from signing.models import LogHead
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.day.people import People
from treasury.day.processes import DayProcesses
from treasury.day.waiting import wait_until
from vouchers import selectors as vouchers
from vouchers.files import file_name, read_bytes
from vouchers.models import IntakeFile, Voucher
from vouchers.services import certification, preparation
from vouchers.services.intake import voucher_file_import

CHEQUE_BOOK = 1000
T = TypeVar("T")


def hand_in(paths: Iterable[Path], *, on: date, people: People) -> tuple[list[IntakeFile], list[Problem]]:
    """Takes the files in, in order; one that cannot be read becomes a problem and does not stop the others."""
    taken: list[IntakeFile] = []
    problems: list[Problem] = []
    for path in paths:
        name = file_name(path.name)
        try:
            data = read_bytes(path)
            file = voucher_file_import(data=data, name=name, on=on, clerk_of=people.clerk_of)
        except Problem as problem:
            problems.append(problem.in_file(name))
        else:
            if file not in taken:
                taken.append(file)
    return taken, problems


def prepare(ids: Sequence[int], people: People) -> int:
    """Clerks submit their drafts, reviewers pass them on; returns how many were reviewed."""
    for row in vouchers.vouchers_in(["draft"], ids=ids):
        preparation.voucher_submit(voucher=row, actor=people.actor(row.agency_code, "clerk"))
    reviewed = 0
    for row in vouchers.vouchers_in(["in_review"], ids=ids):
        preparation.voucher_pass_review(voucher=row, actor=people.actor(row.agency_code, "reviewer"))
        reviewed += 1
    return reviewed


def certify(ids: Sequence[int], people: People, processes: DayProcesses) -> int:
    """Chief accountants and heads sign, releasers sign where the profile asks and hand over; returns how many."""
    released = 0
    for state in ("awaiting_accountant", "awaiting_head", "certified"):
        for row in vouchers.vouchers_in([state], ids=ids):
            sign_once(row, people, processes)
            released += state == "certified"
    return released


def sign_once(row: Voucher, people: People, processes: DayProcesses) -> None:
    """One person's signature over one voucher; card agent and timestamp authority are started again once each."""
    capacity = {"awaiting_accountant": "accountant", "awaiting_head": "head", "certified": "releaser"}[row.state]
    actor = people.actor(row.agency_code, capacity)
    content = message = b""
    if capacity != "releaser" or people.releaser_signs:
        content = certification.signing_content(voucher=row, capacity=capacity, actor=actor)
        message = _mended(processes, "card_service_down", lambda: people.sign(actor, content))

    def take() -> Voucher:
        if capacity == "releaser":
            return certification.voucher_release(voucher=row, actor=actor, content=content, message=message)
        return certification.voucher_certify(
            voucher=row, capacity=capacity, actor=actor, content=content, message=message
        )

    _mended(processes, "timestamp_unavailable", take)


def _mended(processes: DayProcesses, code: str, act: Callable[[], T]) -> T:
    """What an act yields; when it fails by a process that died, that is started again and the act repeated."""
    try:
        return act()
    except Problem as problem:
        if problem.code != code or not processes.mend():
            raise
        return act()


def receive(ids: Sequence[int], processes: DayProcesses) -> None:
    """Waits until the workers have taken in every released voucher."""
    wait_until(lambda: vouchers.vouchers_in(["released"], ids=ids).count(), processes, what="reception")


def examine(people: People) -> int:
    """The examiner decides every received voucher in the order in which they were handed in; returns how many."""
    tables = vouchers.EntryTables(clock.today())
    examiner = people.at_treasury("examiner")
    decided = 0
    for row in list(vouchers.vouchers_in(["received"])):
        if row.kind == "transfer":
            begin_due(tables.on, people)  # what it corrects may have been accepted a moment ago
        voucher_decide(voucher=row, actor=examiner, tables=tables)
        decided += 1
    return decided


def pay(on: date, people: People, processes: DayProcesses) -> int:
    """The payer starts every payment that is due, batches go out, and the bank's answers come in."""
    begun = begin_due(on, people)
    batches.batches_build(on=on, actor=people.at_treasury("payer"))
    open_batches = RemittanceBatch.objects.filter(state__in=["built", "sent", "unknown"])
    wait_until(open_batches.count, processes, what="the bank's answers", poll_bank=True)
    wait_until(vouchers.vouchers_in(["paying"]).count, processes, what="payments", poll_bank=True)
    return begun


def begin_due(on: date, people: People) -> int:
    """The payer schedules and begins every accepted payment whose dates have come; returns how many."""
    payer = people.at_treasury("payer")
    for row in list(payment.vouchers_payable(on=on)):
        payment.voucher_schedule(voucher=row, actor=payer)
    begun = 0
    for row in list(vouchers.vouchers_in(["scheduled"]).filter(payable_on__lte=on)):
        _keep_stock(row, payer)
        payment.voucher_begin_payment(voucher=row, actor=payer)
        begun += 1
    return begun


def _keep_stock(row: Voucher, payer: Actor) -> None:
    """Fetches a new book when the stock does not suffice for a voucher's cheques."""
    if row.method in payment.CHEQUES and cheques.blank_count() < row.payee_count:
        cheques.cheque_stock_receive(count=max(CHEQUE_BOOK, row.payee_count), actor=payer)


def reconcile(on: date, processes: DayProcesses) -> Reconciliation:
    """The day's statement is fetched, booked and compared by a worker; returns the result."""
    before = Reconciliation.objects.filter(on=on).count()
    day_end(on=on)
    wait_until(lambda: int(Reconciliation.objects.filter(on=on).count() == before), processes, what="reconciliation")
    return Reconciliation.objects.filter(on=on).order_by("-pk")[0]


def log_day(reconciliation: Reconciliation, processes: DayProcesses) -> LogHead | None:
    """Everything sealed and the day's digest come into the transparency log; returns its head, which auditors keep."""
    if reconciliation.is_balanced:
        unclosed = TreasuryDay.objects.filter(on=reconciliation.on, closed_at__isnull=True)
        wait_until(unclosed.count, processes, what="the day's digest")
    return _mended(processes, "timestamp_unavailable", log_close)
