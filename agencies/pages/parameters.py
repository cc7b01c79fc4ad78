"""The treasury's parameters: the value in force, what comes and what was, in words; a new value from a day on."""

from itertools import groupby
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.pages.access import actor_in, may, needs
from agencies.pages.forms import PageForm, RocDateField, sent, shown
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.models import History, Parameter
from treasury.core.parameter_kinds import KINDS, ParameterKind
from treasury.core.parameters import packaged, parameter_set, parameters_on
from treasury.core.texts import either


class ValueForm(PageForm):
    """A value, the day from which it holds, and the decision that sets it."""

    value = forms.CharField(label=_("新的值"), max_length=60)
    from_on = RocDateField(label=_("自哪一天起"), help_text=_("明天以後的日期，例如 114/7/1。"))
    because = forms.CharField(label=_("依據"), max_length=200, help_text=_("例如：法規修正條次或核定文號。"))

    def __init__(self, *args: Any, kind: ParameterKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind.choices:
            options = [(value, either(zh, en)) for value, zh, en in kind.choices]
            self.fields["value"] = forms.ChoiceField(label=_("新的值"), choices=options)
            self.fields["value"].error_messages["invalid_choice"] = _("請由清單中選擇。")
        elif kind.unit:
            self.fields["value"].help_text = _("單位：%(unit)s") % {"unit": kind.unit}


@needs("core.view_parameters")
def parameters(request: HttpRequest) -> HttpResponse:
    """Every parameter: in force today, to come, and before."""
    can_set = may(actor_in(request), "core.set_parameter")
    return shown(request, "agencies/parameters.html", {"parameters": _all(), "can_set": can_set})


@needs("core.set_parameter")
def parameter(request: HttpRequest, name: str) -> HttpResponse:
    """Sets a value of one parameter from a day to come."""
    kind = KINDS.get(name)
    if kind is None or kind.is_fixed:
        raise Problem("not_found", f"there is no parameter {name} to be set", status=404)
    form = ValueForm(request.POST or None, kind=kind)

    def effect(given: dict[str, Any]) -> str:
        parameter_set(
            name=name, text=given["value"], from_on=given["from_on"], because=given["because"], actor=actor_in(request)
        )
        return f"{reverse('agencies:parameters')}#{name}"

    if answer := sent(request, form, effect):
        return answer
    one = next(row for row in _all() if row["kind"].name == name)
    return shown(request, "agencies/parameter.html", {"form": form, "parameter": one}, form)


def _all() -> list[dict[str, Any]]:
    """Each parameter with the line in force, those to come and those before; three queries."""
    today = clock.today()
    profile = parameters_on(today).profile
    rows = Parameter.objects.order_by("name", "-valid_from_on")
    said = {
        row.subject_id: row for row in History.objects.filter(machine="parameter", verb="set").order_by("-id")[:500]
    }
    stored = {name: list(values) for name, values in groupby(rows, key=lambda row: row.name)}
    return [_one(kind, stored.get(name, []), packaged(profile)[name], said) for name, kind in KINDS.items()]


def _one(kind: ParameterKind, rows: list[Parameter], otherwise: Any, said: dict[Any, History]) -> dict[str, Any]:
    today = clock.today()
    lines: list[dict[str, Any]] = [
        {
            "from_on": row.valid_from_on,
            "words": kind.words(row.value),
            "because": said[row.pk].because if row.pk in said else "",
            "by": said[row.pk].actor_name if row.pk in said else "",
        }
        for row in rows
    ]
    past = [line for line in lines if line["from_on"] <= today]
    return {
        "kind": kind,
        "now": past[0] if past else {"from_on": None, "words": kind.words(otherwise), "because": "", "by": ""},
        "to_come": [line for line in reversed(lines) if line["from_on"] > today],
        "earlier": past[1:],
    }
