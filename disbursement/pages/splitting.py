"""The form that says which of a voucher's accounts get money back."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import QueryDict

from treasury.core.pages.wanted import amount_of
from treasury.ledger.authorities import Draw


def split_rows(accounts: Sequence[Draw]) -> list[tuple[str, str, int]]:
    """(field, account in words, what it has paid) of each account, to be asked for; empty where there is only one."""
    if len(accounts) < 2:
        return []
    return [(f"draw_{place}", _said(draw), draw.amount_twd) for place, draw in enumerate(accounts)]


def draws_in(form: QueryDict, accounts: Sequence[Draw]) -> list[Draw]:
    """The split that a form states, empty where nothing was asked for; Problem `bad_amount` with the field's path."""
    if len(accounts) < 2:
        return []
    stated = [(draw, form.get(f"draw_{place}", "").strip(), f"draw_{place}") for place, draw in enumerate(accounts)]
    amounts = [(draw, amount_of(text, name)) for draw, text, name in stated if text]
    return [draw._replace(amount_twd=amount_twd) for draw, amount_twd in amounts if amount_twd]


def _said(draw: Draw) -> str:
    return f"{draw.code}　{draw.fund_code}".strip()
