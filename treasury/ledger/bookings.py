"""From a business event to the entries that shall be posted: pure, no database."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from treasury.core.errors import Problem
from treasury.ledger.authorities import Draw, kind_of
from treasury.ledger.chart import CREDIT, DEBIT, FUNDS, GENERAL
from treasury.ledger.events import EVERY_KIND, SOURCE, Event, Leg

_REFERENCE = re.compile(r"[^\x00-\x1f\x7f]{1,120}")
_AGENCY = re.compile(r"[^\x00-\x1f\x7f/]{0,20}")

_Lines = dict[tuple[str, str, str], int]


# One entry to be: account, the authority's key (empty where the account is not kept per authority), side, amount.
Line = tuple[str, str, str, int]


class Booking(NamedTuple):
    """One posting to be: what happened, whose it is, and its balanced lines in canonical order."""

    event_type: str
    event_ref: str
    agency_code: str
    fiscal_year: int
    booked_on: date
    lines: tuple[Line, ...]


def booking(
    event: Event,
    *,
    event_ref: str,
    agency_code: str,
    fiscal_year: int,
    on: date,
    draws: Sequence[Draw] = (),
    reliefs: Sequence[Draw] = (),
    amount_twd: int = 0,
    excess_twd: Mapping[str, int] | None = None,
) -> Booking:
    """What an event posts.

    `event_ref` names the occurrence (a voucher's or batch's reference, 1 to 120 signs): one name and reference is
    posted once. `agency_code` (empty: the treasury itself) and `fiscal_year` (ROC) choose the chain. `draws` are
    what is taken, given or restored; `reliefs` the credit lines of a transfer, and `excess_twd` what of them is more
    than an authority (by its key) has spent; events that only move money take `amount_twd`. Problem `bad_event` when
    these do not fit the event, `bad_amount` below one dollar.
    """
    if not _REFERENCE.fullmatch(event_ref) or not _AGENCY.fullmatch(agency_code):
        raise Problem("bad_event", f"{event.name}: {event_ref!r} or agency {agency_code!r} is not a line of text")
    total_twd = _total(event, draws, reliefs, amount_twd)
    lines: _Lines = {}
    for leg in event.per_total:
        _add(lines, leg.debit, "", leg.credit, "", total_twd)
    for leg in event.per_source:
        _add_per_source(lines, leg, draws, reliefs)
    if event.per_authority:
        _add_per_authority(lines, event, fiscal_year, agency_code, draws)
        if reliefs:
            _add_reliefs(lines, event, relieved(reliefs, fiscal_year, agency_code), excess_twd or {})
    ordered = sorted([(*place, twd) for place, twd in lines.items()])
    return Booking(event.name, event_ref, agency_code, fiscal_year, on, tuple(ordered))


def _total(event: Event, draws: Sequence[Draw], reliefs: Sequence[Draw], amount_twd: int) -> int:
    """The amount of the event in TWD; Problem when draws, reliefs and amount do not fit it."""
    if event.moves_money_only:
        if draws or reliefs:
            raise Problem("bad_event", f"{event.name} takes an amount, not draws")
        return _checked(amount_twd)
    if amount_twd or not draws:
        raise Problem("bad_event", f"{event.name} takes draws, not an amount")
    total_twd = relieved_twd = 0
    for draw in draws:
        total_twd += _checked(draw.amount_twd)
    for draw in reliefs:
        relieved_twd += _checked(draw.amount_twd)
    if relieved_twd != (total_twd if event.has_reliefs else 0):
        raise Problem("bad_event", f"{event.name}: debit and credit lines differ, or it has none")
    return total_twd


def _checked(amount_twd: int) -> int:
    if type(amount_twd) is not int or amount_twd < 1:
        raise Problem("bad_amount", f"an amount is at least 1 whole dollar, not {amount_twd!r}")
    return amount_twd


def _add(lines: _Lines, debit: str, debited: str, credit: str, credited: str, amount_twd: int) -> None:
    place = (debit, debited, DEBIT)
    lines[place] = lines.get(place, 0) + amount_twd
    place = (credit, credited, CREDIT)
    lines[place] = lines.get(place, 0) + amount_twd


def _add_per_authority(lines: _Lines, event: Event, fiscal_year: int, agency_code: str, draws: Sequence[Draw]) -> None:
    for draw in draws:
        for key in draw.authorities(fiscal_year, agency_code):
            for leg in event.per_authority:
                if not leg.of_reliefs and (leg.kinds is EVERY_KIND or kind_of(key) in leg.kinds):
                    _add(lines, leg.debit, key, leg.credit, key, draw.amount_twd)


def relieved(reliefs: Sequence[Draw], fiscal_year: int, agency_code: str) -> Counter[str]:
    """What credit lines relieve each authority of, in TWD by its key."""
    total_twd: Counter[str] = Counter()
    for relief in reliefs:
        for key in relief.authorities(fiscal_year, agency_code):
            total_twd[key] += relief.amount_twd
    return total_twd


def _add_reliefs(lines: _Lines, event: Event, relieved_twd: Mapping[str, int], excess_twd: Mapping[str, int]) -> None:
    for key, total_twd in relieved_twd.items():
        above_twd = excess_twd.get(key, 0)
        for leg in event.per_authority:
            amount_twd = above_twd if leg.of_excess else total_twd - above_twd
            if leg.of_reliefs and kind_of(key) in leg.kinds and amount_twd:
                _add(lines, leg.debit, key, leg.credit, key, amount_twd)


def _place(account_code: str, source: str) -> tuple[str, str]:
    """Account and authority a leg names, with `SOURCE` read as the general fund or as the fund's own account."""
    if account_code != SOURCE:
        return account_code, ""
    return (FUNDS, source) if source else (GENERAL, "")


def _add_per_source(lines: _Lines, leg: Leg, draws: Sequence[Draw], reliefs: Sequence[Draw]) -> None:
    if leg.debit != leg.credit:
        for draw in draws:
            source = draw.source
            debit, debited = _place(leg.debit, source)
            credit, credited = _place(leg.credit, source)
            _add(lines, debit, debited, credit, credited, draw.amount_twd)
        return
    surplus: Counter[str] = Counter()
    for draw in draws:
        surplus[draw.source] += draw.amount_twd
    for draw in reliefs:
        surplus[draw.source] -= draw.amount_twd
    for source, amount_twd in surplus.items():
        if amount_twd:
            lines[*_place(SOURCE, source), DEBIT if amount_twd > 0 else CREDIT] = abs(amount_twd)
