"""Two people, or two tabs, on one form: both versions side by side, field by field, and a choice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

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
