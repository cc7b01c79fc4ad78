"""Two people, or two tabs, on one form: both versions side by side, field by field, and a choice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from treasury.core.errors import Problem
from treasury.core.pages.wording import remedy_of, title_of
from treasury.core.templatetags.epay import roc_moment
from vouchers.drafts import DraftForm
from vouchers.pages.form_fields import merged, typed, value_at
from vouchers.pages.form_findings import field_title
from vouchers.pages.form_places import address_of
from vouchers.pages.form_shape import Shape, shape_of

_MINE: Final = "mine."
_CHOSEN: Final = "choose."


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that says one thing in the saved version and another in the one that was sent."""

    name: str
    theirs: str
    mine: str
    shape: Shape

    @property
    def title(self) -> str:
        """The field in words."""
        return field_title(self.name)

    @property
    def theirs_text(self) -> str:
        """The saved value as a person reads it."""
        return _read(self.shape, self.theirs)

    @property
    def mine_text(self) -> str:
        """The sent value as a person reads it."""
        return _read(self.shape, self.mine)


def differences(saved: Mapping[str, Any], posted: Mapping[str, str]) -> list[Difference]:
    """The posted fields that say something else than the saved form, in the order of the form."""
    found = []
    for name, value in posted.items():
        shape = shape_of(name)
        if shape is None:
            continue
        theirs, mine = value_at(saved, name), typed(value)
        if theirs != mine and (theirs or shape.default) != (mine or shape.default):
            found.append(Difference(name, theirs, mine, shape))
    return found


def resolved(saved: Mapping[str, Any], posted: Mapping[str, str]) -> dict[str, Any]:
    """The saved form with the fields that were chosen from the other version."""
    everything = posted.get("all", "")
    mine = {name.removeprefix(_MINE): value for name, value in posted.items() if name.startswith(_MINE)}
    chosen = {
        name: value for name, value in mine.items() if (everything or posted.get(_CHOSEN + name, "theirs")) == "mine"
    }
    return merged(dict(saved), chosen)


def conflict_page(request: HttpRequest, draft: DraftForm, posted: Mapping[str, str]) -> HttpResponse:
    """Both versions side by side (409)."""
    context = {"draft": draft, "address": address_of(draft), "differences": differences(draft.fields, posted)}
    return render(request, "vouchers/form_conflict.html", context, status=409)


def _read(shape: Shape, value: str) -> str:
    return dict(shape.options).get(value, value)


def gone(*, is_background: bool) -> HttpResponse:
    """A form that was sent or thrown away while a tab still showed it."""
    message = _("這份表單已送出或已放棄")
    if is_background:
        return JsonResponse({"conflict": message, "compare": ""}, status=409)
    raise Problem("seen_is_stale", message, status=409)


def conflict(request: HttpRequest, found: DraftForm, posted: dict[str, str], *, is_background: bool) -> HttpResponse:
    """Somebody else saved another version than the one that was seen: both beside each other."""
    if is_background:
        at = roc_moment(found.saved_at)
        message = _("%(name)s 已於 %(at)s 另行儲存此表單；您輸入的內容尚未儲存。") % {"name": found.saved_by, "at": at}
        return JsonResponse({"conflict": message, "compare": _("比較兩個版本")}, status=409)
    return conflict_page(request, found, posted)


def refused(problem: Problem) -> HttpResponse:
    """A form that could not save itself: what is typed stays on the page, which says why."""
    return JsonResponse({"conflict": f"{title_of(problem)}：{remedy_of(problem)}", "compare": ""}, status=409)
