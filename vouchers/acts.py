"""Who took which step on a voucher's revision in hand, from the history."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from treasury.core.models import History
from vouchers.states import VOUCHER

BEGINNING = VOUCHER.initial[0]


@dataclass(frozen=True, slots=True)
class Act:
    """One step taken: by whom, and when."""

    name: str
    at: datetime


def acts_of(ids: Iterable[int]) -> dict[int, dict[str, Act]]:
    """The last act of each verb on many vouchers, by voucher id and verb, in one query.

    What was done before a voucher became a draft again belongs to an earlier revision and is left out.
    """
    rows = History.objects.filter(machine=VOUCHER.name, subject_id__in=list(ids)).order_by("id")
    acts: dict[int, dict[str, Act]] = defaultdict(dict)
    for subject_id, verb, target, name, at in rows.values_list("subject_id", "verb", "target", "actor_name", "at"):
        assert subject_id is not None
        if target == BEGINNING:
            acts[subject_id].clear()
        acts[subject_id][verb] = Act(name, at)
    return dict(acts)
