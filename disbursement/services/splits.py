"""Which of a voucher's accounts get money back that one of its payments has returned (B-22.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from disbursement.models import ChequeCancellation, ReturnSlip
from disbursement.services.draws import draws_of
from treasury.core.errors import Problem
from treasury.ledger.authorities import Draw, Kind

if TYPE_CHECKING:
    from vouchers.models import Voucher


def split_of(*, voucher: Voucher, amount_twd: int, draws: Sequence[Draw] = ()) -> list[Draw]:
    """The accounts that get an amount back: those named, or the only one there is.

    `voucher` is held by the caller, so that two amounts given back at once do not go beyond what an account has
    paid. Problem `split_missing` or `split_wrong` (path `/draws`).
    """
    paid = draws_of(voucher)
    drawn = _totals(paid)
    if not draws:
        if len(paid) > 1:
            raise Problem("split_missing", f"{voucher.reference} draws on several accounts", path="/draws")
        draws = [draw._replace(amount_twd=amount_twd) for draw in paid]
    if sum(draw.amount_twd for draw in draws) != amount_twd or any(draw.amount_twd < 1 for draw in draws):
        raise Problem("split_wrong", f"the amounts do not add up to {amount_twd}", path="/draws")
    for place, given_twd in _totals([*_given_back(voucher.pk), *draws]).items():
        if given_twd > drawn.get(place, 0):
            raise Problem("split_wrong", f"{place[1]} has paid {drawn.get(place, 0)}, not {given_twd}", path="/draws")
    return list(draws)


def _given_back(voucher_id: int) -> Iterator[Draw]:
    """What payments of a voucher have given back before: returned lines, or cancelled cheques."""
    slips = ReturnSlip.objects.filter(instruction__voucher_id=voucher_id).values_list("draws", flat=True)
    cheques = ChequeCancellation.objects.filter(cheque__voucher_id=voucher_id).values_list("draws", flat=True)
    for draws in (*slips, *cheques):
        for draw in draws:
            yield Draw(Kind(draw["kind"]), draw["code"], draw["amount_twd"], draw["fund_code"])


def _totals(draws: Iterable[Draw]) -> dict[tuple[str, str, str], int]:
    """Amount by authority."""
    totals: dict[tuple[str, str, str], int] = {}
    for draw in draws:
        place = (str(draw.kind), draw.code, draw.fund_code)
        totals[place] = totals.get(place, 0) + draw.amount_twd
    return totals
