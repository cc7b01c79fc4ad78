"""What people type into filters and forms of the desk, read the way they write it."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from treasury.core import clock, roc
from treasury.core.errors import Problem


def amount_of(text: str, name: str) -> int:
    """Whole dollars, with or without separators; Problem `bad_amount` naming the field."""
    plain = text.replace(",", "").strip()
    if not plain.isascii() or not plain.isdecimal() or len(plain) > 15:
        raise Problem("bad_amount", f"{text!r} is no amount in whole dollars", path=f"/{name}")
    return int(plain)


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


def whole_of(text: str) -> int:
    """A whole number of a hidden field, -1 for anything else: nothing ever stands there."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def own_address(request: HttpRequest, text: str) -> str:
    """An address of ours that a form wants to go on to, empty for any other."""
    is_ours = text.startswith("/") and url_has_allowed_host_and_scheme(text, allowed_hosts={request.get_host()})
    return text if is_ours else ""
