"""What templates write: amounts, ROC dates, states, texts in both languages, the key of a form."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from treasury.core import clock, roc
from treasury.core.amounts import format_twd, to_chinese_amount
from treasury.core.clock import ZONE
from treasury.core.errors import Problem
from treasury.core.pages import shapes, wording
from treasury.core.pages.submissions import FIELD, submission_key
from treasury.core.steps import machines
from treasury.core.texts import either as either_text

register = template.Library()
_WEEKDAYS = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@register.filter
def twd(amount_twd: int | None) -> str:
    """1234567 as 1,234,567; nothing for no amount."""
    return "" if amount_twd is None else format_twd(amount_twd)


@register.filter
def capitals(amount_twd: int) -> str:
    """An amount in Chinese capitals."""
    return to_chinese_amount(amount_twd, mode="voucher")


@register.filter
def roc_date(on: date | None) -> str:
    """114/03/10（一）, in English 114/03/10 (Mon)."""
    if on is None:
        return ""
    return roc.format_date(on) + either_text(f"（{_WEEKDAYS[on.weekday()]}）", f" ({_WEEKDAYS_EN[on.weekday()]})")


@register.filter
def roc_moment(at: datetime | None) -> str:
    """114/03/10 14:05, in Taipei."""
    if at is None:
        return ""
    local = at.astimezone(ZONE)
    return f"{roc.format_date(local.date())} {local:%H:%M}"


@register.filter
def roc_second(at: datetime) -> str:
    """114/03/10 14:05:09, in Taipei: where the second counts."""
    return f"{roc_moment(at)}:{at.astimezone(ZONE):%S}"


@register.filter
def state_name(state: str, machine: str) -> str:
    """The word for a state of a machine, in the reader's language."""
    zh, en = _states(machine).get(state, (state, state))
    return either_text(zh, en)


@register.filter
def step_name(verb: str, machine: str) -> str:
    """The word for a step of a machine, in the reader's language."""
    for known in machines().values():
        if known.name == machine:
            found = next((step for step in known.steps if step.verb == verb), None)
            if found is not None:
                return either_text(found.title_zh, found.title_en)
    return {"create": either_text("建立", "Created")}.get(verb, verb)


@register.filter
def state_shape(state: str) -> str:
    """The class of a state's tag: which shape and colour stand beside the word."""
    return shapes.shape_of(state)


@register.filter
def problem_title(problem: Problem) -> str:
    """What happened, in the reader's language."""
    return wording.title_of(problem)


@register.filter
def problem_remedy(problem: Problem) -> str:
    """Why, and what to do now, in the reader's language."""
    return wording.remedy_of(problem)


@register.filter
def problem_detail(problem: Problem) -> str:
    """The Problem's own sentence, where it tells a reader more than the words for its code."""
    return wording.detail_of(problem)


@register.filter
def text_lang(text: str) -> str:
    """The language of a sentence that may be in either, for its `lang` attribute."""
    return "en" if text.isascii() else "zh-Hant-TW"


@register.simple_tag
def now_moment() -> str:
    """This moment as 114/03/10 14:05."""
    return roc_moment(clock.now())


@register.simple_tag
def either(zh: Any, en: Any) -> str:
    """One of two texts that the product keeps side by side."""
    return either_text(str(zh), str(en))


@register.simple_tag
def submission() -> SafeString:
    """The hidden key that makes a form have one effect, however often it is sent."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, submission_key())


def _states(machine: str) -> dict[str, tuple[str, str]]:
    return next((dict(known.states) for known in machines().values() if known.name == machine), {})
