"""Which vouchers a page may show: those its reader may know of, others do not exist for it."""

from collections.abc import Sequence

from agencies.pages.access import require_sees
from agencies.roles import TREASURY_ROLES
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.whole import whole_of
from vouchers import selectors
from vouchers.models import Voucher


def voucher_shown(pk: int, actor: Actor) -> Voucher:
    """A voucher for a reader; Problem `not_found` (404) for one of another agency as for one that does not exist."""
    try:
        row = selectors.voucher(pk)
    except Problem:
        raise Problem("not_found", f"there is no voucher {pk}", status=404) from None
    require_sees(actor, row.agency_code, f"voucher {pk}")
    return row


def vouchers_shown(texts: Sequence[str], actor: Actor, *, most: int) -> list[Voucher]:
    """The vouchers of ids as a form sends them, in their order, in one query.

    Problem `not_found` (404) when one is not to be seen, `nothing_chosen`, or `too_many` beyond `most`.
    """
    ids = sorted({whole_of(text, digits=18) for text in texts} - {-1})
    if not ids:
        raise Problem("nothing_chosen", "請至少勾選一張憑單", path="/voucher", status=400)
    if len(ids) > most:
        raise Problem("too_many", f"一次最多 {most} 張憑單", path="/voucher", status=400)
    rows = list(selectors.vouchers_of(ids))
    if len(rows) < len(ids):
        raise Problem("not_found", "there is no such voucher", status=404)
    for row in rows:
        require_sees(actor, row.agency_code, f"voucher {row.pk}")
    return rows


def own_agency(actor: Actor) -> str:
    """The agency whose vouchers a reader sees, empty for the treasury's roles, who see all."""
    return "" if actor.role in TREASURY_ROLES else actor.agency_code
