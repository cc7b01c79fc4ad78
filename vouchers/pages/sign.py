"""Signing one voucher or many: the page that is read before, the bytes for the card, a line per voucher after."""

import base64
import hashlib
import json
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from agencies.pages.access import actor_in, needs
from agencies.roles import role_title
from signing import services as signing
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.pages.submissions import key_given
from treasury.core.pages.wording import remedy_of, title_of
from treasury.core.parameters import parameters_on
from treasury.core.whole import whole_of
from vouchers import selectors
from vouchers.models import Voucher
from vouchers.pages import sign_memory
from vouchers.pages.lists import SIGNS_IN, dress
from vouchers.pages.queues import state_url
from vouchers.pages.seen import vouchers_shown
from vouchers.pages.voucher import findings_shown
from vouchers.services import signing_round as rounds
from vouchers.statements import statement_of

_PERMISSIONS: Final = ("vouchers.certify_accountant", "vouchers.certify_head", "vouchers.release_voucher")
_MESSAGE_MAX: Final = 200_000


@require_GET
@needs(*_PERMISSIONS)
def sign_review(request: HttpRequest) -> HttpResponse:
    """What will be signed: the statement, count, sum, list with findings, then the card (B-10, B-11)."""
    actor = actor_in(request)
    rows = vouchers_shown(request.GET.getlist("voucher"), actor, most=rounds.ROUND_MAX)
    dress(rows)
    lines = rounds.signables(vouchers=rows, capacity=actor.role, actor=actor)
    ready = [line.voucher for line in lines if line.problem is None]
    version = parameters_on(clock.today()).statement_version
    context = {
        "lines": [(line.voucher, line.problem, findings_shown(line.findings)) for line in lines],
        "ready_count": len(ready),
        "ready_twd": sum(row.total_twd for row in ready),
        "left_out_count": len(lines) - len(ready),
        "capacity": actor.role,
        "capacity_title": role_title(actor.role),
        "is_release": actor.role == "releaser",
        "needs_card": rounds.needs_card(actor.role),
        "statement": statement_of(version),
        "statement_version": version,
        "queue_url": state_url(SIGNS_IN[actor.role]),
    }
    return render(request, "vouchers/sign.html", context)


@require_POST
@needs(*_PERMISSIONS)
def sign_contents(request: HttpRequest) -> HttpResponse:
    """The bytes to be signed, for the card agent; those that cannot be signed are named with their reason.

    A problem object where none can be signed.
    """
    try:
        actor, key = actor_in(request), key_given(request)
        _require_statement(request, actor)
        rows = vouchers_shown(request.POST.getlist("voucher"), actor, most=rounds.ROUND_MAX)
        prepared = rounds.round_prepare(
            vouchers=rows, seen=_seen(request), capacity=actor.role, actor=actor, session=session_of(request)
        )
        return JsonResponse(_contents(request, key, actor, prepared))
    except Problem as problem:
        words = {"title": title_of(problem), "remedy": remedy_of(problem), "detail": problem.detail}
        return JsonResponse({**problem.as_dict(), **words}, status=problem.status)


@require_POST
@needs(*_PERMISSIONS)
def sign_results(request: HttpRequest) -> HttpResponse:
    """Takes each signature in a transaction of its own; what became of each stays to be read under the form's key."""
    actor = actor_in(request)
    key = key_given(request)
    rows = vouchers_shown(request.POST.getlist("voucher"), actor, most=rounds.ROUND_MAX)
    _require_statement(request, actor)
    if sign_memory.outcomes(request, key) is None:
        answers = _answers(request) if rounds.needs_card(actor.role) else {}
        hindered = {} if answers.keys() >= {row.pk for row in rows} else rounds.hindrances(rows, actor.role, actor)
        outcomes = [
            _kept(row, hindered[row.pk])
            if row.pk in hindered and row.pk not in answers
            else _outcome(request, key, row, actor, answers.get(row.pk))
            for row in rows
        ]
        sign_memory.keep_outcomes(request, key, outcomes)
    return HttpResponseRedirect(reverse("vouchers:signed", args=[key]))


@require_GET
@needs(*_PERMISSIONS)
def signed(request: HttpRequest, key: UUID) -> HttpResponse:
    """A line per voucher: signed, released, or refused with code and sentence."""
    actor = actor_in(request)
    outcomes = sign_memory.outcomes(request, str(key))
    if outcomes is None:
        raise Problem("not_found", "there is no such round in this session", status=404)
    rows = {row.pk: row for row in selectors.vouchers_of(one["voucher"] for one in outcomes)}
    lines = [(rows[one["voucher"]], _refusal_of(one)) for one in outcomes]
    dress([row for row, _ in lines])
    done = [row for row, problem in lines if problem is None]
    outages = [problem for _, problem in lines if problem is not None and problem.status == 503]
    context = {
        "lines": lines,
        "outage_remedy": remedy_of(outages[0]) if outages else "",
        "done_count": len(done),
        "done_twd": sum(row.total_twd for row in done),
        "refused_count": len(lines) - len(done),
        "refused_query": "&".join(f"voucher={row.pk}" for row, problem in lines if problem is not None),
        "is_release": actor.role == "releaser",
        "queue_url": state_url(SIGNS_IN[actor.role]),
    }
    return render(request, "vouchers/signed.html", context)


def session_of(request: HttpRequest) -> str:
    """What binds contents to this session: a digest of its key, which itself is told to nobody."""
    return hashlib.sha256((request.session.session_key or "").encode()).hexdigest()


def _contents(request: HttpRequest, key: str, actor: Actor, prepared: Sequence[rounds.Prepared]) -> dict[str, Any]:
    ready = [one for one in prepared if one.problem is None]
    if not ready:
        first = prepared[0].problem
        raise first if first is not None else Problem("nothing_chosen", "請至少勾選一張憑單", path="/voucher")
    heads = {one.voucher.pk: signing.head_of(one.content) for one in ready}
    sign_memory.keep_heads(request, key, heads)
    dress([one.voucher for one in prepared])
    numbers = signing.card_numbers(user_id=actor.user_id or 0, capacity=actor.role)
    return {
        "contents": [
            {
                "id": one.voucher.pk,
                "reference": one.voucher.reference,
                "total_twd": one.voucher.total_twd,
                "payee": one.voucher.payee_words,  # type: ignore[attr-defined]
                "tbs": base64.b64encode(one.content).decode(),
            }
            for one in ready
        ],
        "refused": [
            {"id": one.voucher.pk, "reference": one.voucher.reference, **one.problem.as_dict()}
            for one in prepared
            if one.problem is not None
        ],
        "card_no": numbers[0] if numbers else "",
        "card_nos": numbers,
        "holder": actor.name,
    }


def _outcome(
    request: HttpRequest, key: str, row: Voucher, actor: Actor, answer: dict[str, Any] | None
) -> dict[str, Any]:
    """What became of one voucher, as it is kept."""
    try:
        head, message = b"", b""
        if rounds.needs_card(actor.role):
            message = _message(answer)
            head = sign_memory.head(request, key, row.pk)
        elif _seen(request).get(row.pk) != row.revision:
            raise Problem("seen_is_stale", f"憑單 {row.number} 已為第 {row.revision} 版", status=409)
        state = rounds.signature_take(
            voucher=row,
            capacity=actor.role,
            actor=actor,
            head=head,
            message=message,
            session=session_of(request),
            key=f"{key}/{row.pk}",
        )
        return {"voucher": row.pk, "state": state}
    except Problem as problem:
        return _kept(row, problem)


def _kept(row: Voucher, problem: Problem) -> dict[str, Any]:
    """A refusal as the session keeps it."""
    return {"voucher": row.pk, **{name: getattr(problem, name) for name in ("code", "detail", "title", "status")}}


def _refusal_of(outcome: dict[str, Any]) -> Problem | None:
    if "code" not in outcome:
        return None
    return Problem(outcome["code"], outcome["detail"], title=outcome["title"], status=outcome["status"])


def _message(answer: dict[str, Any] | None) -> bytes:
    """The signature of a card agent's answer; Problem when there is none, saying what the card said."""
    if answer is None:
        raise Problem("signature_missing", "未收到此憑單之簽章；請確認憑證卡程式已啟動後再簽一次")
    if answer.get("ret_code") != 0:
        raise signing.card_problem(_whole(answer.get("ret_code")), _whole(answer.get("last_error")))
    text = answer.get("signature")
    try:
        if isinstance(text, str) and len(text) <= _MESSAGE_MAX:
            return base64.b64decode(text, validate=True)
    except ValueError:
        pass
    raise Problem("signature_unreadable", "簽章訊息無法解讀")


def _answers(request: HttpRequest) -> dict[int, dict[str, Any]]:
    """What the card agent said, by voucher; nothing where the form came without it."""
    try:
        found = json.loads(request.POST.get("signatures") or "[]")
    except (ValueError, RecursionError):
        raise Problem("signatures_unreadable", "簽章結果無法解讀", path="/signatures", status=400) from None
    if not isinstance(found, list):
        raise Problem("signatures_unreadable", "簽章結果無法解讀", path="/signatures", status=400)
    return {_whole(one.get("id")): one for one in found if isinstance(one, dict)}


def _seen(request: HttpRequest) -> dict[int, int]:
    """The revisions that were looked at, by voucher."""
    pairs = (text.partition(":") for text in request.POST.getlist("seen"))
    return {whole_of(pk, digits=18): whole_of(no) for pk, _, no in pairs}


def _require_statement(request: HttpRequest, actor: Actor) -> None:
    """A certifier says that the statement in force was read; Problem `statement_unread` (B-10, B-11)."""
    if actor.role == "releaser":
        return
    version = parameters_on(clock.today()).statement_version
    if request.POST.get("statement_version") != version or not request.POST.get("agreed"):
        raise Problem("statement_unread", "請先閱讀簽證責任聲明並勾選同意", path="/agreed")


def _whole(value: Any) -> int:
    """A number as a card agent writes it, as a number or as text; -1 for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return whole_of(value, digits=18) if isinstance(value, str) else -1
