"""The queues of paying: what waits for a payer, for a supervisor, for the agency whose money came back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse

from agencies.roles import AGENCY_ROLES, TREASURY_ROLES, Role
from disbursement.models import Cheque, PaymentInstruction, Reconciliation, RemittanceBatch
from disbursement.selectors import payments, returned
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.pages.queues import COUNT_MAX, Queue, register

_PAYER: Final = frozenset({str(Role.PAYER)})
_SUPERVISOR: Final = frozenset({str(Role.SUPERVISOR)})
_TREASURY: Final = frozenset(map(str, TREASURY_ROLES))
_AGENCY: Final = frozenset(map(str, AGENCY_ROLES)) - {str(Role.ADMIN)}
_CLERK: Final = frozenset({str(Role.CLERK)})
Rows = Callable[[Actor], "QuerySet[Any]"]


def payment_queues_register() -> None:
    """Tells home and rail of the queues of paying; called by the app's `ready`."""
    register(
        _queue(
            "pay-schedule",
            "待排定支付",
            "To schedule",
            _PAYER,
            "payments",
            "due=today&state=accepted",
            _due("accepted"),
        ),
        _queue("pay-begin", "待開始支付", "To pay", _PAYER, "payments", "due=today&state=scheduled", _due("scheduled")),
        _queue("pay-batch", "待編批", "To put in batches", _PAYER, "batches", "", _ready),
        _queue(
            "pay-stuck", "未送達的批次", "Batches not delivered", _PAYER, "batches", "state=built", _batches("built")
        ),
        _queue(
            "pay-unknown",
            "結果未明的批次",
            "Batches of unknown fate",
            _PAYER,
            "batches",
            "state=unknown",
            _batches("unknown"),
        ),
        _queue("pay-resend", "待重匯", "To send again", _PAYER, "returned", "state=corrected", _returned("corrected")),
        _queue("postponed", "延後支付", "Postponed", _SUPERVISOR, "payments", "state=postponed", _unpaid("postponed")),
        _queue(
            "cheques-stopped",
            "止付的支票",
            "Stopped cheques",
            _SUPERVISOR,
            "cheques",
            "state=stopped",
            _cheques("stopped"),
        ),
        _queue("days-open", "核對不符", "Days that differ", _SUPERVISOR | _PAYER, "days", "", _differing),
        _queue(
            "clerk-returned",
            "退匯待更正",
            "Returned by the bank",
            _CLERK,
            "returned",
            "state=returned_by_bank",
            _returned("returned_by_bank"),
        ),
    )
    register(
        *(
            Queue(name, zh, en, _TREASURY, _url(page), is_work=False, group_zh="支付", group_en="Payment")
            for name, page, zh, en in (
                ("payments", "payments", "支付排程", "Payments"),
                ("batches", "batches", "通匯批次", "Remittance runs"),
                ("cheques", "cheques", "支票作業", "Cheques"),
                ("bank", "bank", "銀行回覆", "Bank messages"),
                ("returned-lines", "returned", "退匯處理", "Returned remittances"),
                ("results-desk", "results", "支付結果", "Payment results"),
                ("reconciliation", "days", "日結核對", "Reconciliation"),
            )
        ),
        Queue(
            "results",
            "支付結果",
            "Payment results",
            _AGENCY,
            _url("results"),
            is_work=False,
            group_zh="憑單",
            group_en="Vouchers",
        ),
        Queue(
            "returned-own",
            "退匯處理",
            "Returned remittances",
            _AGENCY,
            _url("returned"),
            is_work=False,
            group_zh="憑單",
            group_en="Vouchers",
        ),
    )


def _queue(name: str, zh: str, en: str, roles: frozenset[str], page: str, query: str, rows: Rows) -> Queue:
    return Queue(
        name=name,
        title_zh=zh,
        title_en=en,
        roles=roles,
        url=_url(page, query),
        count=lambda actor: _counted(rows(actor)),
    )


def _url(page: str, query: str = "") -> Callable[[Actor], str]:
    return lambda actor: f"{reverse(f'disbursement:{page}')}{'?' if query else ''}{query}"


def _counted(rows: QuerySet[Any]) -> int:
    return int(rows.order_by()[:COUNT_MAX].count())


def _due(state: str) -> Rows:
    return lambda actor: payments.waiting(state).filter(payable_on__lte=clock.today())


def _unpaid(state: str) -> Rows:
    return lambda actor: payments.waiting(state)


def _ready(actor: Actor) -> QuerySet[Any]:
    return PaymentInstruction.objects.filter(batch__isnull=True, state="ready")


def _batches(state: str) -> Rows:
    return lambda actor: RemittanceBatch.objects.filter(state=state)


def _cheques(state: str) -> Rows:
    return lambda actor: Cheque.objects.filter(state=state)


def _returned(state: str) -> Rows:
    return lambda actor: returned.came_back(actor.agency_code).filter(state=state)


def _differing(actor: Actor) -> QuerySet[Any]:
    """The last comparison, where it left something open."""
    last = Reconciliation.objects.order_by("-pk").values("pk")[:1]
    return Reconciliation.objects.filter(pk__in=last, is_balanced=False)
