"""The desk's queues: what waits for an examiner, and what others may look at."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet
from django.urls import reverse_lazy

from agencies.roles import TREASURY_ROLES, Role
from disbursement.selectors import desk
from treasury.core.actors import Actor
from treasury.core.pages.queues import COUNT_MAX, Queue, register
from vouchers import selectors as vouchers

_EXAMINER: Final = frozenset({str(Role.EXAMINER)})
_LOOKING: Final = frozenset({str(role) for role in TREASURY_ROLES}) - _EXAMINER
_EVERYBODY: Final = _EXAMINER | _LOOKING
_GROUP: Final = ("審核", "Examination")


def queues_register() -> None:
    """Tells home and rail of the desk's queues; called by the app's `ready`."""
    register(
        _queue("examination", "待審核", "To examine", desk.TO_EXAMINE, roles=_EXAMINER, is_work=True),
        *(
            Queue(
                name=f"return-requests{name}",
                title_zh="機關申請退件",
                title_en="Return asked for",
                roles=roles,
                url=lambda actor: f"{reverse_lazy('disbursement:examination')}?asked=yes",
                count=lambda actor: _counted(desk.vouchers_asked_back(), actor),
                is_work=is_work,
                group_zh=_GROUP[0],
                group_en=_GROUP[1],
            )
            for name, roles, is_work in (("", _EXAMINER, True), ("-seen", _LOOKING, False))
        ),
        _queue("examination-seen", "待審核", "To examine", desk.TO_EXAMINE, roles=_LOOKING),
        _queue("paper-hold", "待補紙本", "On hold for paper", (desk.ON_HOLD,), roles=_EVERYBODY, state=desk.ON_HOLD),
        _queue(
            "paper-mailed", "紙本待收件", "Paper to take in", ("mailed",), roles=_EXAMINER, show="mailed", is_work=True
        ),
        _queue("reception", "未收件", "Not received yet", ("released",), roles=_EVERYBODY, show="waiting"),
        Queue(
            name="registers",
            title_zh="登記簿",
            title_en="Registers",
            roles=_EVERYBODY,
            url=lambda actor: str(reverse_lazy("disbursement:registers")),
            is_work=False,
            group_zh=_GROUP[0],
            group_en=_GROUP[1],
        ),
    )


def _queue(
    name: str,
    title_zh: str,
    title_en: str,
    states: tuple[str, ...],
    *,
    roles: frozenset[str],
    state: str = "",
    show: str = "",
    is_work: bool = False,
) -> Queue:
    page = "disbursement:reception" if show else "disbursement:examination"
    query = f"?show={show}" if show else f"?state={state}" if state else ""
    return Queue(
        name=name,
        title_zh=title_zh,
        title_en=title_en,
        roles=roles,
        url=lambda actor: f"{reverse_lazy(page)}{query}",
        count=lambda actor: _counted(vouchers.vouchers_in(states), actor),
        is_work=is_work,
        group_zh=_GROUP[0],
        group_en=_GROUP[1],
    )


def _counted(rows: QuerySet, actor: Actor) -> int:
    """How many there are, counted no further than anybody reads; the desk's queues are the same for every actor."""
    return rows.order_by()[:COUNT_MAX].count()
