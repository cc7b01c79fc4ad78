"""Which heads of the log a file needs: from the first over the document to the newest, each stamped while the stamp of
the one before it still stood. Ten years of heads come down to a handful.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from signing.models import LogHead


class HeadFacts(NamedTuple):
    """A head without its bytes: how many entries, when it was stamped, until when that stamp stands by itself."""

    size: int
    token_at: datetime
    token_until: datetime


def heads_over(index: int) -> list[HeadFacts]:
    """Every head under which an entry stands, in order."""
    rows = LogHead.objects.filter(size__gt=index).order_by("size")
    return [HeadFacts(*row) for row in rows.values_list("size", "token_at", "token_until")]


def heads_chosen(heads: Sequence[HeadFacts], also: Collection[int]) -> list[int]:
    """The sizes of the heads to show: the first, the newest, the first over each entry of `also`, and between them as
    few as keep every stamp covered before it ends.

    Where none was made in time the next one after the gap is shown, so that whoever checks finds the gap.
    """
    wanted = [next(place for place, head in enumerate(heads) if head.size > index) for index in also]
    chosen = [0]
    while chosen[-1] < len(heads) - 1:
        last = chosen[-1]
        ahead = range(last + 1, len(heads))
        in_time = [place for place in ahead if heads[place].token_at <= heads[last].token_until]
        chosen.append(min([max(in_time, default=last + 1), *(place for place in wanted if place > last)]))
    return [heads[place].size for place in chosen]
