"""The voucher form: one page, saved by itself, with or without JavaScript."""

import uuid
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.pages.access import actor_in, needs
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.roc import fiscal_year
from treasury.core.whole import whole_of
from vouchers import draft_selectors
from vouchers.drafts import DraftForm
from vouchers.pages import form_conflict
from vouchers.pages.form_fields import SUGGESTED, compacted, merged, rearranged, trimmed, value_at, without_lines
from vouchers.pages.form_findings import Complaint, Judgement, field_anchor, judged
from vouchers.pages.form_layout import LAYOUTS
from vouchers.pages.form_page import FormView
from vouchers.pages.form_places import address_of, draft_at, key_of, own_voucher, require_draft, suggested_number
from vouchers.pages.form_sums import hints, sums, year_of
from vouchers.services.drafting import content_digest, draft_discard, draft_save

RIGHT: Final = "vouchers.create_voucher"
# So many complaints are listed; nobody mends three thousand from a list.
LISTED_MAX: Final = 30
_ADDED_MAX: Final = 50


@needs(RIGHT)
def new(request: HttpRequest) -> HttpResponse:
    """An empty form of its own address: loaded again it is the same form, sent twice it is saved once."""
    return HttpResponseRedirect(reverse("vouchers:draft", args=[uuid.uuid4()]))


@needs(RIGHT)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a draft voucher: as somebody left it, or from what the voucher says."""
    voucher = own_voucher(request, pk)
    require_draft(voucher)
    draft = draft_selectors.draft_form_of(voucher)
    if draft is not None:
        return HttpResponseRedirect(address_of(draft))
    address = reverse("vouchers:draft", args=[key_of(voucher)])
    return HttpResponseRedirect(f"{address}?{urlencode({'voucher': voucher.pk})}")


@needs(RIGHT)
def draft(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A form: shown, saved (`action`: see `_ACTIONS`), compared when somebody else saved it meanwhile."""
    found = draft_at(request, key)
    if request.method != "POST":
        return form_page(request, found)
    action, _colon, detail = request.POST.get("action", "save").partition(":")
    if action == "discard":
        draft_discard(draft=found, actor=actor_in(request))
        return HttpResponseRedirect(reverse("vouchers:drafts"))
    if action not in _ACTIONS:
        raise Problem("unknown_action", f"{action!r} is nothing that a form does", path="/action", status=400)
    return _posted(request, found, action, detail)


def form_page(request: HttpRequest, found: DraftForm, *, status: int = 200) -> HttpResponse:
    """The page of a form; what is wrong stands beside the fields once somebody asked (`check`) or saved (`saved`)."""
    judgement = judgement_of(found)
    is_asked, is_saved = "check" in request.GET, "saved" in request.GET
    said = judgement.by_name if is_asked else {}
    if is_saved and not is_asked:
        present = [one for one in judgement.complaints if not one.is_missing]
        said = Judgement(judgement.reading, present).by_name
    view = FormView(found, said, _numbers(request, "at."), _numbers(request, "add."), _opened(request))
    context = {
        "draft": found,
        "view": view,
        "address": address_of(found),
        "years": _years(found),
        "errors": _summary(view, judgement.complaints) if is_asked else [],
        "is_behind": is_behind(found),
        "is_saved": is_saved,
        **outstanding(view, judgement.complaints),
    }
    return render(request, "vouchers/form.html", context, status=status)


def judgement_of(found: DraftForm) -> Judgement:
    """What stands against a form."""
    return judged(found.fields, agency_code=found.agency_code, fiscal_year=found.fiscal_year, besides=found.voucher)


def is_behind(found: DraftForm) -> bool:
    """Whether the voucher was changed elsewhere since this form was begun from it."""
    return found.voucher is not None and content_digest(found.voucher.content) != found.based_on_sha256


def outstanding(view: FormView, complaints: list[Complaint]) -> dict[str, Any]:
    """What is still to be done, with the way to each field; the first of them by name."""
    listed = [(one, *_way(view, one.name)) for one in complaints[:LISTED_MAX]]
    return {
        "outstanding": listed,
        "outstanding_count": len(complaints),
        "unlisted_count": max(0, len(complaints) - LISTED_MAX),
    }


def _posted(request: HttpRequest, found: DraftForm, action: str, detail: str) -> HttpResponse:
    seen = whole_of(request.POST.get("version", "0"))
    posted = request.POST.dict()
    if seen and not found.version:
        return form_conflict.gone(is_background=action == "autosave")
    typed = merged(found.fields, posted)
    if action == "resolve":
        typed = form_conflict.resolved(found.fields, posted)
    elif found.version != seen and form_conflict.differences(found.fields, posted):
        return form_conflict.conflict(request, found, posted, is_background=action == "autosave")
    removed = request.POST.getlist("remove")
    typed = trimmed(typed) if action == "autosave" else compacted(without_lines(typed, removed))
    if action == "change":
        typed = rearranged(_renumbered(request, found, typed))
    if action == "keep" and found.voucher is not None:
        found.based_on_sha256 = content_digest(found.voucher.content)
    if "fiscal_year" in posted:
        found.fiscal_year = year_of(posted["fiscal_year"], found)
    try:
        saved = draft_save(draft=found, fields=typed, seen_version=found.version, actor=actor_in(request))
    except Problem as problem:
        if action != "autosave":
            raise
        return form_conflict.refused(problem)
    saved.voucher = found.voucher
    return _ACTIONS[action](request, saved, detail)


def _renumbered(request: HttpRequest, found: DraftForm, typed: dict[str, Any]) -> dict[str, Any]:
    """A number that was only suggested follows the kind chosen."""
    is_changed = value_at(typed, "kind") != value_at(found.fields, "kind")
    if not is_changed or value_at(typed, "number") != typed.get(SUGGESTED):
        return typed
    number = suggested_number(request, year=found.fiscal_year, kind=value_at(typed, "kind") or "payment")
    return typed | {"number": number, SUGGESTED: number}


def _autosaved(request: HttpRequest, saved: DraftForm, detail: str) -> HttpResponse:
    """What a saved form looks like from where the reader is: sums, hints, and what is to be said of its fields."""
    judgement = judgement_of(saved)
    view = FormView(saved, {}, _numbers(request, "at."))
    shown = [name for name in request.POST if name.endswith((".account_code", "bank_code"))]
    context = {"draft": saved, "view": view, **outstanding(view, judgement.complaints)}
    total = sums(saved.fields)
    posted_lines = {name.rpartition(".")[0] for name in request.POST}
    said = [one for one in judgement.complaints if _is_near(one.name, request.POST, posted_lines)]
    return JsonResponse(
        {
            "version": saved.version,
            "address": address_of(saved),
            "state": render_to_string("vouchers/form_saved.html", context, request),
            "outstanding": render_to_string("vouchers/form_outstanding.html", context, request),
            "capitals": total.capitals,
            "sums": {key: amount for key, _title, amount in total.terms},
            "agree": total.agree or total.is_blank,
            "blank": total.is_blank,
            "counts": {name: render_to_string("vouchers/form_count.html", {"list": one}) for name, one in view.counts},
            "hints": hints(saved, shown),
            "said": [[one.name, one.message, one.remedy, one.law] for one in said],
        }
    )


def _is_near(name: str, posted: Any, lines: set[str]) -> bool:
    """Whether a complaint belongs to what the reader has before them."""
    way = name.split(".")
    return name in posted or any(".".join(way[:length]) in lines for length in range(2, len(way) + 1)) or len(way) == 1


def _again(request: HttpRequest, saved: DraftForm, /, *, anchor: str = "", **query: str | int) -> HttpResponse:
    """Back to the page, where the reader was."""
    starts = {name: value for name, value in request.POST.items() if name.startswith("at.") and value != "0"}
    address = reverse("vouchers:draft", args=[saved.key])
    asked = urlencode(starts | {name: str(value) for name, value in query.items()})
    return HttpResponseRedirect(f"{address}{'?' if asked else ''}{asked}{'#' if anchor else ''}{anchor}")


def _to_check(request: HttpRequest, saved: DraftForm, detail: str) -> HttpResponse:
    if judgement_of(saved).complaints:
        return _again(request, saved, check=1)
    return HttpResponseRedirect(reverse("vouchers:draft_check", args=[saved.key]))


def _to_lines(request: HttpRequest, saved: DraftForm, detail: str) -> HttpResponse:
    """`go:payee_lines:50:f-payee_lines-57-name`: another page of a list, and a field there."""
    name, _colon, rest = detail.partition(":")
    start, _colon, anchor = rest.partition(":")
    at = f"at.{name}"
    if name not in LAYOUTS:
        return _again(request, saved, anchor=anchor)
    starts = {key: value for key, value in request.POST.items() if key.startswith("at.")}
    query = urlencode(starts | {at: str(whole_of(start, otherwise=0))} | ({"check": "1"} if anchor else {}))
    address = reverse("vouchers:draft", args=[saved.key])
    return HttpResponseRedirect(f"{address}?{query}#{anchor or f'f-{name}'}")


def _to_added(request: HttpRequest, saved: DraftForm, detail: str) -> HttpResponse:
    """`add:payee_lines:10`: so many empty lines."""
    name, _colon, count = detail.partition(":")
    if name not in LAYOUTS:
        return _again(request, saved)
    index = len(saved.fields.get(name, []))
    adds = {f"add.{name}": min(whole_of(count, otherwise=1) or 1, _ADDED_MAX)}
    first = LAYOUTS[name].columns[0] if name != "account_lines" else "account_code"
    return _again(request, saved, anchor=f"f-{name}-{index}-{first}", **adds)


def _to_found(request: HttpRequest, saved: DraftForm, detail: str) -> HttpResponse:
    """`find:bank:payee_lines.3.bank_code`: the page that looks something up for a field."""
    kind, _colon, name = detail.partition(":")
    query = urlencode({"what": kind, "for": name, "q": value_at(saved.fields, name)})
    return HttpResponseRedirect(f"{reverse('vouchers:draft_find', args=[saved.key])}?{query}")


_ACTIONS: Final[dict[str, Callable[[HttpRequest, DraftForm, str], HttpResponse]]] = {
    "autosave": _autosaved,
    "save": lambda request, saved, detail: _again(request, saved, saved=1),
    "resolve": lambda request, saved, detail: _again(request, saved, saved=1),
    "keep": lambda request, saved, detail: _again(request, saved, saved=1),
    "change": lambda request, saved, detail: _again(request, saved, anchor=f"f-{detail}" if detail else ""),
    "check": _to_check,
    "go": _to_lines,
    "add": _to_added,
    "open": lambda request, saved, detail: _again(request, saved, anchor="opened", line=whole_of(detail, otherwise=0)),
    "find": _to_found,
    "payees": lambda request, saved, detail: HttpResponseRedirect(reverse("vouchers:draft_payees", args=[saved.key])),
}


def _summary(view: FormView, complaints: list[Complaint]) -> list[tuple[str, str]]:
    """The error summary: the first complaints with the way to their fields."""
    lines = []
    for one in complaints[:LISTED_MAX]:
        anchor, action = _way(view, one.name)
        lines.append((f"{one.title}{_('：')}{one.message}", f"#{anchor}" if not action else _elsewhere(view, one)))
    if len(complaints) > LISTED_MAX:
        lines.append((_("另有 %(count)s 項") % {"count": f"{len(complaints) - LISTED_MAX:,}"}, ""))
    return lines


def _elsewhere(view: FormView, one: Complaint) -> str:
    """The address of a field on another page of its list."""
    name, index = one.name.split(".")[:2]
    query = urlencode({f"at.{name}": index, "check": 1})
    return f"{reverse('vouchers:draft', args=[view.draft.key])}?{query}#{one.anchor}"


def _way(view: FormView, name: str) -> tuple[str, str]:
    """The anchor of a field, and the form's action that leads to it when it stands on another page of its list."""
    steps = name.split(".")
    anchor = field_anchor(name)
    line = whole_of(steps[1]) if len(steps) > 1 else -1
    if line < 0:
        return anchor, ""
    start, size = view.start_of(steps[0]), view.lines_a_page(steps[0])
    if start <= line < start + size:
        return anchor, ""
    return anchor, f"go:{steps[0]}:{steps[1]}:{anchor}"


def _years(found: DraftForm) -> list[int]:
    """The fiscal years to choose from: this one and the one before; a voucher keeps its own."""
    if found.voucher_id is not None:
        return [found.fiscal_year]
    year = fiscal_year(clock.today())
    return sorted({year, year - 1, found.fiscal_year}, reverse=True)


def _numbers(request: HttpRequest, prefix: str) -> dict[str, int]:
    given = request.POST if request.method == "POST" else request.GET
    named = {name.removeprefix(prefix): str(value) for name, value in given.items() if name.startswith(prefix)}
    return {name: whole_of(text, otherwise=0) for name, text in named.items()}


def _opened(request: HttpRequest) -> int | None:
    line = request.GET.get("line", "")
    return whole_of(line, otherwise=0) if line else None
