"""Columns, filters and words that the money pages share."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import HttpRequest

from disbursement.iso20022.return_codes import return_reason
from treasury.core.errors import Problem
from treasury.core.pages.listing import Filter
from treasury.core.pages.wanted import date_of
from treasury.core.steps import Machine
from treasury.core.texts import either
from vouchers import words
from vouchers.english import word

# How money leaves, by network: (Chinese, English).
NETWORKS: Final = {
    "intra_bank": ("聯行通匯", "Within the agent bank"),
    "fisc": ("跨行通匯", "Through the clearing house"),
    "entrusted": ("委託劃帳", "Entrusted transfer"),
}
BY_NETWORK: Final = Filter(
    "network",
    "通匯系統",
    "Network",
    lambda rows, value: rows.filter(network=value),
    choices=[(code, zh, en) for code, (zh, en) in NETWORKS.items()],
)


def network_said(network: str) -> str:
    """A network in the reader's language."""
    return either(*NETWORKS.get(network, (network, network)))


def method_said(method: str) -> str:
    """A method of payment in the reader's language."""
    return word(words.METHODS[method]) if method in words.METHODS else method


def code_said(code: str) -> str:
    """A return code with its meaning in the reader's language; nothing for no code."""
    return f"{code} {either(return_reason(code), return_reason(code, language='en'))}" if code else ""


def state_said(machine: Machine, state: str) -> str:
    """A state in the reader's language."""
    return either(*machine.states[state])


def by_state(machine: Machine, *states: str) -> Filter:
    """A filter by state, of all states of a machine or of some."""
    return Filter(
        "state",
        "狀態",
        "State",
        lambda rows, value: rows.filter(state=value),
        choices=[(state, *both) for state, both in machine.states.items() if not states or state in states],
    )


def by_date(name: str, field: str, zh: str, en: str) -> Filter:
    """A filter by one day."""
    return Filter(name, zh, en, lambda rows, value: rows.filter(**{field: date_of(value, name)}))


def iso_day(on: date | None) -> Any:
    """A day for a file, empty without one."""
    return on or ""


def require_state_seen(request: HttpRequest, state: str) -> None:
    """Nobody acts on what has moved on since the page was opened; Problem `seen_is_stale` (409)."""
    if request.POST.get("seen_state", "") != state:
        raise Problem("seen_is_stale", f"it stands at {state} by now", path="/seen_state", status=409)
