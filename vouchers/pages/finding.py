"""What the search box finds among vouchers: by reference, number, payee or amount, newest first."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from treasury.core.actors import Actor
from treasury.core.pages.finders import HITS_MAX, Finder, Hit
from vouchers import selectors
from vouchers.english import payee_words
from vouchers.models import Voucher
from vouchers.pages.seen import own_agency

_REFERENCE: Final = re.compile(r"(?P<agency>[0-9A-Za-z]{1,20})/(?P<year>[0-9]{1,4})/(?P<number>[\w-]{1,20})")
_AMOUNT: Final = re.compile(r"(?:NT)?\$?(?P<figures>[0-9][0-9,]{0,18})元?")


def found_vouchers(actor: Actor, text: str) -> Sequence[Hit]:
    """At most HITS_MAX vouchers an actor may see; what fits a number comes before what fits a payee or an amount."""
    rows: dict[int, Voucher] = {}
    for narrowed in _narrowed(actor, unicodedata.normalize("NFKC", text).strip()):
        room = HITS_MAX - len(rows)
        if room <= 0:
            break
        rows |= {row.pk: row for row in narrowed.exclude(pk__in=list(rows)).order_by("-pk")[:room]}
    payees = selectors.first_payees(rows)
    return [_hit(row, payees.get(row.pk), shows_agency=not own_agency(actor)) for row in rows.values()]


def _narrowed(actor: Actor, text: str) -> Iterator[QuerySet[Voucher]]:
    rows = selectors.vouchers_listed(own_agency(actor))
    if reference := _REFERENCE.fullmatch(text):
        yield rows.filter(agency_id=reference["agency"], fiscal_year=int(reference["year"]), number=reference["number"])
        return
    if text.isascii():
        yield rows.filter(number__startswith=text.upper())
    yield selectors.having_term(rows, "payee", text)
    if (amount := _AMOUNT.fullmatch(text)) and len(figures := amount["figures"].replace(",", "")) <= 15:
        yield rows.filter(total_twd=int(figures))


def _hit(row: Voucher, payee: str | None, *, shows_agency: bool) -> Hit:
    about = (row.agency.name if shows_agency else "", payee_words(payee, row.payee_count), row.purpose)
    return Hit(
        title=row.number,
        about=" · ".join(part for part in about if part),
        url=reverse("vouchers:voucher", args=[row.pk]),
        amount_twd=row.total_twd,
        on=row.payable_on,
        state=row.state,
        machine="voucher",
    )


def _more(actor: Actor, text: str) -> str:
    """The list that shows all of what was found: by amount, number or payee, whichever the text looks like."""
    if amount := _AMOUNT.fullmatch(text):
        figures = amount["figures"].replace(",", "")
        asked = {"amount_from": figures, "amount_to": figures}
    else:
        asked = {"number" if text[:1].isascii() else "payee": text}
    return f"{reverse('vouchers:list')}?{urlencode(asked)}"


FINDERS: Final = (Finder("vouchers", "支付憑單", "Vouchers", found_vouchers, _more),)
