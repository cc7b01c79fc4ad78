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


def _work(name: str, zh: str, en: str, roles: frozenset[str], page: str, query: str, rows: Rows) -> Queue:
    return Queue(
        name=name,
        title_zh=zh,
        title_en=en,
        roles=roles,
        url=_url(page, query),
        count=lambda actor: _counted(rows(actor)),
    )


def _reference(name: str, page: str, zh: str, en: str) -> Queue:
    return Queue(name, zh, en, _TREASURY, _url(page), is_work=False, group_zh="支付", group_en="Payment")


def _of_agencies(name: str, page: str, zh: str, en: str) -> Queue:
    return Queue(name, zh, en, _AGENCY, _url(page), is_work=False, group_zh="憑單", group_en="Vouchers")


# What waits: due today, state by state; then what went wrong on the way.
_WORK: Final = (
    _work(
        "pay-schedule", "待排定支付", "To schedule", _PAYER, "payments", "due=today&state=accepted", _due("accepted")
    ),
    _work("pay-begin", "待開始支付", "To pay", _PAYER, "payments", "due=today&state=scheduled", _due("scheduled")),
    _work("pay-batch", "待編批", "To put in batches", _PAYER, "batches", "", _ready),
    _work("pay-stuck", "未送達的批次", "Batches not delivered", _PAYER, "batches", "state=built", _batches("built")),
    _work(
        "pay-unknown",
        "結果未明的批次",
        "Batches of unknown fate",
        _PAYER,
        "batches",
        "state=unknown",
        _batches("unknown"),
    ),
    _work("pay-resend", "待重匯", "To send again", _PAYER, "returned", "state=corrected", _returned("corrected")),
    _work("postponed", "延後支付", "Postponed", _SUPERVISOR, "payments", "state=postponed", _unpaid("postponed")),
    _work(
        "cheques-stopped", "止付的支票", "Stopped cheques", _SUPERVISOR, "cheques", "state=stopped", _cheques("stopped")
    ),
    _work("days-open", "核對不符", "Days that differ", _SUPERVISOR | _PAYER, "days", "", _differing),
    _work(
        "clerk-returned",
        "退匯待更正",
        "Returned by the bank",
        _CLERK,
        "returned",
        "state=returned_by_bank",
        _returned("returned_by_bank"),
    ),
)
_REFERENCE: Final = (
    _reference("payments", "payments", "支付排程", "Payments"),
    _reference("batches", "batches", "通匯批次", "Remittance runs"),
    _reference("cheques", "cheques", "支票作業", "Cheques"),
    _reference("bank", "bank", "銀行回覆", "Bank messages"),
    _reference("returned-lines", "returned", "退匯處理", "Returned remittances"),
    _reference("results-desk", "results", "支付結果", "Payment results"),
    _reference("reconciliation", "days", "日結核對", "Reconciliation"),
    _of_agencies("results", "results", "支付結果", "Payment results"),
    _of_agencies("returned-own", "returned", "退匯處理", "Returned remittances"),
)


def payment_queues_register() -> None:
    """Tells home and rail of the queues of paying; called by the app's `ready`."""
    register(*_WORK, *_REFERENCE)
