"""What differs between two revisions of a voucher, old and new value marked in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.pages.access import actor_in, needs
from treasury.core.errors import Problem
from treasury.core.whole import whole_of
from vouchers.differences import Difference, differences
from vouchers.pages.places import place_words, value_words
from vouchers.pages.seen import voucher_shown
from vouchers.revisions import revisions_of


@dataclass(frozen=True, slots=True)
class Shown:
    """A difference in the reader's language; empty where there was nothing."""

    place: str
    old: str
    new: str


@needs("vouchers.view_voucher")
def voucher_diff(request: HttpRequest, pk: int) -> HttpResponse:
    """Two revisions side by side, by default the last two; Problem `unknown_revision` (404)."""
    row = voucher_shown(pk, actor_in(request))
    revisions = {one.number: one for one in revisions_of(row)}
    new = whole_of(request.GET.get("to", ""), otherwise=row.revision)
    old = whole_of(request.GET.get("from", ""), otherwise=new - 1)
    if old not in revisions or new not in revisions:
        raise Problem("unknown_revision", f"{row.reference} has no revision {old} or {new}", status=404)
    context = {
        "voucher": row,
        "revisions": list(revisions.values()),
        "old": revisions[old],
        "new": revisions[new],
        "changes": shown_differences(differences(revisions[old].content, revisions[new].content)),
    }
    return render(request, "vouchers/diff.html", context)


def shown_differences(found: Iterable[Difference]) -> list[Shown]:
    """Differences as a page lists them."""
    return [
        Shown(place_words(one.path), value_words(one.path, one.old), value_words(one.path, one.new)) for one in found
    ]
