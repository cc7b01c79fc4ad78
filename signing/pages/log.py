"""Pages of the transparency log: its heads, a head that an auditor kept, a document's proof."""

import json
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.pages.access import actor_in, needs
from agencies.roles import TREASURY_ROLES
from signing.log.kept import BROKEN, KeptVerdict, check_keys, kept_check
from signing.log.notes import NOTE_MAX
from signing.log.reading import document_entry
from signing.log.tree import consistency, head_newest, head_of, inclusion, log_size
from signing.log.watching import log_alarms
from signing.log.words import ALARMS, VERDICTS
from signing.models import LogHead
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.pages.days import by_day
from treasury.core.pages.listing import Filter, ListColumn, Listing
from treasury.core.pages.wording import remedy_of, title_of
from treasury.core.texts import either
from treasury.core.whole import whole_of


@needs("signing.view_log")
def heads(request: HttpRequest) -> HttpResponse:
    """Every head, newest first; what is wrong with the log; and the form that judges a head that was kept."""
    rows = LogHead.objects.order_by("-size").defer("token")
    listing = Listing(request, rows, name="log-heads", filters=_FILTERS, columns=_COLUMNS)
    if file := listing.export():
        return file
    context: dict[str, Any] = {
        "listing": listing,
        "size": log_size(),
        "keys": [key.line for key in check_keys()],
        "page_alarms": {"alarms": alarms_shown()},
        "note": "",
        "errors": [],
    }
    if request.method == "POST":
        context |= _judged(request)
    return render(request, "signing/log.html", context, status=400 if context["errors"] else 200)


def _judged(request: HttpRequest) -> dict[str, Any]:
    """What a pasted or chosen note was found to be; a note that is none stays in the form."""
    file = request.FILES.get("file")
    pasted = request.POST.get("note", "").replace("\r\n", "\n").strip()
    note = file.read(NOTE_MAX + 1) if file is not None else f"{pasted}\n".encode()
    try:
        found = kept_check(note)
    except Problem as problem:
        return {"note": pasted, "errors": [(f"{title_of(problem)} {remedy_of(problem)}", "#note")]}
    return {"note": pasted, "verdict": _verdict(found)}


def _verdict(found: KeptVerdict) -> dict[str, Any]:
    words = VERDICTS[found.code]
    return {
        "code": found.code,
        "shape": "good" if found.code == "holds" else "stop" if found.code in BROKEN else "wait",
        "title": either(words.title_zh, words.title_en),
        "remedy": either(words.remedy_zh, words.remedy_en),
        "kept": found.kept,
        "newest": found.newest,
        "proof": found.proof,
    }


def alarms_shown() -> list[dict[str, str]]:
    """What is wrong with the log now, in the reader's language."""
    return [
        {
            "title": either(ALARMS[alarm.code].title_zh, ALARMS[alarm.code].title_en),
            "remedy": either(ALARMS[alarm.code].remedy_zh, ALARMS[alarm.code].remedy_en),
            "detail": alarm.detail,
        }
        for alarm in log_alarms(at=clock.now())
    ]


@needs("signing.view_log")
def head_note(request: HttpRequest, size: int) -> HttpResponse:
    """The note of a head, as auditors keep it."""
    return _file(f"{size}.note", "text/plain; charset=utf-8", bytes(head_of(size).note))


@needs("signing.view_log")
def head_token(request: HttpRequest, size: int) -> HttpResponse:
    """The time token over a head's note (DER)."""
    return _file(f"{size}.tst", "application/vnd.etsi.timestamp-token", bytes(head_of(size).token))


@needs("signing.view_log")
def proof_of_consistency(request: HttpRequest) -> HttpResponse:
    """The proof between two sizes (`old`, and `size` or the newest head's) as a file."""
    size = _whole(request, "size") or head_newest().size
    old = _whole(request, "old")
    return _json(f"consistency-{old}-{size}.json", consistency(old=old, size=size).as_dict())


@needs("signing.view_log", "vouchers.view_voucher")
def proof_of_inclusion(request: HttpRequest) -> HttpResponse:
    """The proof that a document (`document`, `revision`) stands under the newest head, as a file with what was logged
    and the head's note; for a reader of its own agency or of the treasury."""
    actor = actor_in(request)
    entry = document_entry(
        document_ref=request.GET.get("document", ""),
        revision=_whole(request, "revision") or None,
        agency_code="" if actor.role in TREASURY_ROLES else actor.agency_code,
    )
    head = head_newest()
    proof = inclusion(index=entry.index, size=head.size).as_dict()
    body, note = bytes(entry.body).decode(), bytes(head.note).decode()
    return _json(f"inclusion-{entry.index}-{head.size}.json", {**proof, "body": body, "note": note})


def _whole(request: HttpRequest, name: str) -> int:
    return max(0, whole_of(request.GET.get(name, ""), digits=15))


def _json(name: str, value: dict[str, Any]) -> HttpResponse:
    return _file(name, "application/json", json.dumps(value, ensure_ascii=False).encode())


def _file(name: str, kind: str, data: bytes) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(data, content_type=kind, headers=headers)


_FILTERS: Final = (Filter("on", "日期", "Day", by_day("made_at"), kind="date"),)
_COLUMNS: Final = (
    ListColumn("筆數", "Entries", lambda row: row.size),
    ListColumn("根雜湊", "Root hash", lambda row: bytes(row.root).hex()),
    ListColumn("產生時間", "Made at", lambda row: row.made_at),
    ListColumn("時戳時間", "Token at", lambda row: row.token_at),
    ListColumn("樹頭", "Note", lambda row: bytes(row.note).decode()),
)
