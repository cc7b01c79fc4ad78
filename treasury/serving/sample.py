"""Vouchers for an empty desk: some at every station of the way, so that each queue has something to show."""

from collections.abc import Sequence

from disbursement.services.examination import voucher_decide
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.day import stages
from treasury.day.people import People
from treasury.day.processes import DayProcesses
from treasury.serving.people import SAMPLE
from vouchers import selectors as vouchers
from vouchers.models import IntakeItem
from vouchers.services import preparation

# Of seven vouchers one stays a draft, one waits for review, one for each signature; two go on to the treasury.
_PLACES = 7
_DRAFT, _REVIEW, _ACCOUNTANT, _HEAD, _RELEASE = range(5)
_LAST_STATE = {_ACCOUNTANT: (), _HEAD: ("awaiting_accountant",), _RELEASE: ("awaiting_accountant", "awaiting_head")}


def vouchers_provide(people: People, processes: DayProcesses) -> int:
    """Hands the sample's voucher files in and takes each voucher to its station; returns how many, 0 when the books
    have vouchers already."""
    if IntakeItem.objects.exists():
        return 0
    paths = sorted((SAMPLE / "day1").glob("*.json"))
    files, _ = stages.hand_in(paths, on=clock.today(), people=people)
    items = IntakeItem.objects.filter(file__in=files, voucher__isnull=False).order_by("voucher_id")
    ids = list(items.values_list("voucher_id", flat=True))
    placed = {place: ids[place::_PLACES] for place in range(_PLACES)}
    beyond = [one for place in range(_RELEASE + 1, _PLACES) for one in placed[place]]
    _submit(placed[_REVIEW], people)
    stages.prepare([*placed[_ACCOUNTANT], *placed[_HEAD], *placed[_RELEASE], *beyond], people)
    for place, states in _LAST_STATE.items():
        _sign(placed[place], states, people, processes)
    stages.certify(beyond, people, processes)
    stages.receive(beyond, processes)
    _decide(beyond[::2], people)
    return len(ids)


def _submit(ids: Sequence[int], people: People) -> None:
    for row in vouchers.vouchers_in(["draft"], ids=ids):
        preparation.voucher_submit(voucher=row, actor=people.actor(row.agency_code, "clerk"))


def _sign(ids: Sequence[int], states: Sequence[str], people: People, processes: DayProcesses) -> None:
    for state in states:
        for row in vouchers.vouchers_in([state], ids=ids):
            stages.sign_once(row, people, processes)


def _decide(ids: Sequence[int], people: People) -> None:
    """The examiner has been at some of them already."""
    tables = vouchers.EntryTables(clock.today())
    for row in vouchers.vouchers_in(["received"], ids=ids):
        try:
            voucher_decide(voucher=row, actor=people.at_treasury("examiner"), tables=tables)
        except Problem as problem:
            if problem.code != "wrong_state":
                raise
