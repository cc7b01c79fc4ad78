"""銀行回覆: every message taken in, byte by byte, what it says, and the question whether there is more."""

from __future__ import annotations

import json
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies.pages.access import actor_in, may, needs
from disbursement.iso20022 import camt053, pain002
from disbursement.models import BankMessage
from disbursement.pages.columns import code_said
from disbursement.pages.equations import Equation
from disbursement.selectors import bank as selectors
from disbursement.services.bank_results import poll_request
from treasury.core.errors import Problem
from treasury.core.pages.days import by_day
from treasury.core.pages.exports import exported
from treasury.core.pages.listing import Filter, ListColumn, Listing
from treasury.core.pages.submissions import submit_once
from treasury.core.texts import either

KINDS: Final = {
    "pain.002": ("批次回覆", "Answer to a batch"),
    "camt.053": ("對帳單", "Statement"),
    "stop": ("止付回覆", "Answer to a stop"),
}
# A page shows so many lines of a message; the file holds them all.
LINES_SHOWN: Final = 200
FILTERS: Final = (
    Filter(
        "kind",
        "種類",
        "Kind",
        lambda rows, value: rows.filter(kind=value),
        choices=[(kind, zh, en) for kind, (zh, en) in KINDS.items()],
    ),
    Filter("on", "收到日", "Received on", by_day("received_at")),
)
COLUMNS: Final = (
    ListColumn("種類", "Kind", lambda row: kind_said(row.kind)),
    ListColumn("訊息", "Message", lambda row: row.reference),
    ListColumn("回覆的批次", "Batch", lambda row: row.answers or ""),
    ListColumn("收到時間", "Received at", lambda row: row.received_at),
)


def kind_said(kind: str) -> str:
    """A kind of message in the reader's language."""
    return either(*KINDS.get(kind, (kind, kind)))


@needs("disbursement.view_desk")
def messages(request: HttpRequest) -> HttpResponse:
    """Every message of the bank, the newest first, with the batch it answers."""
    listing = Listing(request, selectors.messages(), "bank-messages", filters=FILTERS, columns=COLUMNS)
    if file := listing.export():
        return file
    ids = selectors.batch_ids([row.answers for row in listing.shown if row.answers])
    context = {
        "listing": listing,
        "rows": [(row, kind_said(row.kind), ids.get(row.answers or "")) for row in listing.shown],
        "last": [(kind_said(kind), at) for kind, at in selectors.last_received().items()],
        "may_poll": may(actor_in(request), "disbursement.reconcile_day"),
    }
    return render(request, "disbursement/bank.html", context)


@require_POST
@needs("disbursement.reconcile_day")
def poll(request: HttpRequest) -> HttpResponse:
    """Has a worker ask the bank now; the page shows what came when it is loaded again."""

    def effect() -> str:
        poll_request(actor=actor_in(request))
        return f"{reverse('disbursement:bank')}?asked=1"

    return submit_once(request, effect)


@needs("disbursement.view_desk")
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """What one message says: its lines that were not credited, or its bookings; with `format` all of them as a file."""
    row = _message(pk)
    body = bytes(row.body)
    context: dict[str, Any] = {"message": row, "kind": kind_said(row.kind), "lines_shown": LINES_SHOWN}
    try:
        if row.kind == "pain.002":
            context |= _answer(pain002.parse(body))
        elif row.kind == "camt.053":
            context |= _statement(camt053.parse(body))
        else:
            context |= {"stop": json.loads(body)}
    except Problem as problem:
        context["problem"] = problem
    if kind := request.GET.get("format", ""):
        name = f"{row.kind}-{row.reference[:40]}"
        return exported(kind=kind, name=name, titles=context.get("titles", []), rows=context.get("cells", []))
    return render(request, "disbursement/bank_message.html", context)


def _answer(report: pain002.StatusReport) -> dict[str, Any]:
    return {
        "report": report,
        "batch_id": selectors.batch_ids([report.original_message_id]).get(report.original_message_id),
        "credited_count": report.line_count - len(report.rejected),
        "code": code_said(report.return_code),
        "lines": report.lines[:LINES_SHOWN],
        "line_count": len(report.lines),
        "titles": [either("識別碼", "End-to-end id"), _("結果"), _("退匯原因")],
        "cells": [(line.end_to_end_id, line.status, code_said(line.return_code)) for line in report.lines],
    }


def _statement(statement: camt053.Statement) -> dict[str, Any]:
    paid_in = sum(entry.amount_twd for entry in statement.entries if entry.is_credit)
    paid_out = sum(entry.amount_twd for entry in statement.entries if not entry.is_credit)
    cells = [
        (entry.reference, entry.kind, named(entry), entry.amount_twd if entry.is_credit else -entry.amount_twd)
        for entry in statement.entries
    ]
    return {
        "statement": statement,
        "equations": [
            Equation(
                _("對帳單"),
                ((_("前日結存"), statement.opening_twd), (_("存入"), paid_in), (_("支出"), -paid_out)),
                (_("本日結存"), statement.closing_twd),
            )
        ],
        "entries": [(entry, named(entry)) for entry in statement.entries[:LINES_SHOWN]],
        "line_count": len(statement.entries),
        "titles": [_("銀行編號"), _("種類"), _("對應"), _("金額")],
        "cells": cells,
    }


def named(entry: camt053.StatementEntry) -> str:
    """What of ours a booking names: a batch, a line or a cheque."""
    return entry.end_to_end_id or entry.cheque_no or entry.message_id or entry.text


@needs("disbursement.view_desk")
def message_raw(request: HttpRequest, pk: int) -> HttpResponse:
    """A message byte by byte, as the bank sent it."""
    row = _message(pk)
    is_stop = row.kind == "stop"
    name = f"{row.reference}.{row.kind}.{'json' if is_stop else 'xml'}"
    return HttpResponse(
        bytes(row.body),
        content_type="application/json" if is_stop else "application/xml",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _message(pk: int) -> BankMessage:
    row = BankMessage.objects.filter(pk=pk).first()
    if row is None:
        raise Problem("not_found", f"there is no message {pk}", status=404)
    return row
