"""What people type into filters and forms, and pages hide in them, read the way it is written."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from treasury.core import clock, roc
from treasury.core.errors import Problem
from treasury.core.whole import whole_of


def amount_of(text: str, name: str) -> int:
    """Whole dollars, with or without separators; Problem `bad_amount` naming the field."""
    amount_twd = whole_of(text.replace(",", "").replace("，", "").strip(), digits=15)
    if amount_twd < 0:
        raise Problem("bad_amount", f"{text!r} is no amount in whole dollars", path=f"/{name}")
    return amount_twd


def date_of(text: str, name: str) -> date:
    """A day in any usual form; Problem `bad_date` naming the field."""
    try:
        return roc.parse_date(text)
    except Problem as problem:
        raise Problem(problem.code, problem.detail, path=f"/{name}") from None


def day_wanted(request: HttpRequest, name: str = "on") -> date:
    """The day an address asks for, today without one."""
    text = request.GET.get(name, "").strip()
    return date_of(text, name) if text else clock.today()


def page_wanted(text: str, page_count: int) -> int:
    """The page an address asks for, the nearest there is, the first for what is no number."""
    return min(max(1, whole_of(text, otherwise=1)), page_count)


def own_address(request: HttpRequest, text: str) -> str:
    """An address of ours that a form wants to go on to, empty for any other."""
    is_ours = text.startswith("/") and url_has_allowed_host_and_scheme(text, allowed_hosts={request.get_host()})
    return text if is_ours else ""
