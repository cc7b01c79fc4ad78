"""What somebody typed into the voucher form: its shape is that of the voucher, every value is text."""

import copy
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final

from treasury.core.amounts import format_twd
from treasury.core.clock import ZONE
from treasury.core.roc import format_date
from treasury.core.whole import whole_of
from vouchers.pages.form_shape import LISTS, OF_THE_WAY, belongs, shape_of

Fields = dict[str, Any]

ASIDE: Final = "aside"
YEAR: Final = "fiscal_year"
SUGGESTED: Final = "suggested"
# Kept beside what was typed: no part of the voucher.
OWN: Final = frozenset({ASIDE, SUGGESTED})
LINES_MAX: Final = 50_000
# So many lines of each list a name may reach for: lists within 50,000 lines would fill the memory with blanks.
_REACH: Final = {"payee_lines": LINES_MAX, "source_documents": 100}
_REACH_OF_OTHERS: Final = 1000
# The number of a line: no list has more.
_PLACE_DIGITS: Final = 5
# What PostgreSQL cannot store as text, and no keyboard types.
_UNSTORABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def typed(text: str) -> str:
    """A text as it was typed, without what cannot be stored, with plain line ends."""
    return _UNSTORABLE.sub("", text.replace("\r\n", "\n"))


def fields_of(content: Mapping[str, Any]) -> Fields:
    """A voucher object as a person would have typed it: dates with their ROC year, amounts with separators."""
    fields: Fields = {}
    for name, value in content.items():
        _write(fields, name, name, value)
    return fields


def merged(fields: Fields, posted: Mapping[str, str]) -> Fields:
    """The fields with everything set that a form brought; names that are no field of a voucher are passed over."""
    result = copy.deepcopy(fields)
    for name, value in posted.items():
        if shape_of(name) is not None:
            set_value(result, name, typed(value))
    return result


def value_at(fields: Any, name: str) -> str:
    """What a field says, empty where it does not."""
    place = fields
    for step in name.split("."):
        if isinstance(place, list):
            place = place[int(step)] if int(step) < len(place) else ""
        elif isinstance(place, dict):
            place = place.get(step, "")
    return place if isinstance(place, str) else ""


def set_value(fields: Fields, name: str, value: str) -> None:
    """Sets a field, making lines and blocks that are missing; an empty value leaves nothing behind.

    A line beyond what its list may reach is passed over, as a name that is no field is.
    """
    names = name.split(".")
    last = names[-1]
    place: Any = fields
    owner = ""
    for step, follower in pairwise(names):
        empty: Any = [] if follower.isdigit() else {}
        if isinstance(place, list):
            index = int(step)
            if index >= len(place) and (not value or index >= _REACH.get(owner, _REACH_OF_OTHERS)):
                return
            place.extend({} for _ in range(index + 1 - len(place)))
            place = place[index]
        else:
            if not value and step not in place:
                return
            owner, place = step, place.setdefault(step, empty)
    if value:
        place[last] = value
    else:
        place.pop(last, None)


def compacted(fields: Fields) -> Fields:
    """The fields without lines and blocks that say nothing."""
    return {name: kept for name, value in fields.items() if (kept := _kept(value))}


def trimmed(fields: Fields) -> Fields:
    """The fields without blank lines at the end of their lists: no other line changes its number, so a page that is
    still open may go on."""
    result = dict(fields)
    for name in LISTS:
        lines = list(result.get(name, ()))
        while lines and is_blank(lines[-1]):
            lines.pop()
        if lines:
            result[name] = lines
        else:
            result.pop(name, None)
    return result


def is_blank(value: Any) -> bool:
    """Whether a line, block or text says nothing; a choice alone, which every form brings, is nothing."""
    if isinstance(value, dict):
        return all(is_blank(member) for name, member in value.items() if name not in _CHOSEN)
    if isinstance(value, list):
        return all(map(is_blank, value))
    return not str(value).strip()


# Selects of a line that always say something: without a word beside them it is nobody's statement.
_CHOSEN: Final = frozenset({"kind", "collector_kind"})


def without_lines(fields: Fields, removed: Iterable[str]) -> Fields:
    """The fields without some lines (`payee_lines.3`); slips follow their payees to their new numbers."""
    result = copy.deepcopy(fields)
    gone: dict[str, set[int]] = {}
    for name in removed:
        owner, _, index = name.rpartition(".")
        if owner in LISTS and (place := whole_of(index, digits=_PLACE_DIGITS)) >= 0:
            gone.setdefault(owner, set()).add(place)
    for owner, indexes in gone.items():
        lines = result.get(owner, [])
        result[owner] = [line for index, line in enumerate(lines) if index not in indexes]
    if gone.get("payee_lines"):
        _renumber(result, gone["payee_lines"])
    return result


def _renumber(fields: Fields, gone: set[int]) -> None:
    """The slips of payees that are gone lose their number, those of later payees count on."""
    for slip in fields.get("collection_slips", []):
        number = slip.get("payee_seq", "")
        if (index := whole_of(number, digits=_PLACE_DIGITS) - 1) >= 0:
            if index in gone:
                slip.pop("payee_seq")
            else:
                slip["payee_seq"] = str(index + 1 - sum(one < index for one in gone))


def rearranged(fields: Fields) -> Fields:
    """The fields after another kind or method was chosen: what does not belong to it is set aside, what does and was
    set aside before comes back."""
    result = dict(fields)
    aside = dict(result.pop(ASIDE, {}))
    for name in OF_THE_WAY:
        if belongs(result, name):
            if name in aside and not result.get(name):
                result[name] = aside.pop(name)
        elif result.get(name):
            aside[name] = result.pop(name)
    return result | ({ASIDE: aside} if aside else {})


def _kept(value: Any) -> Any:
    if isinstance(value, list):
        return [kept for line in value if not is_blank(line) and (kept := _kept(line))]
    if isinstance(value, dict):
        return {name: kept for name, member in value.items() if (kept := _kept(member))}
    return value


def _write(fields: Any, key: str | int, name: str, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, dict):
        fields[key] = {}
        for member, inner in value.items():
            _write(fields[key], member, f"{name}.{member}", inner)
    elif isinstance(value, list):
        fields[key] = [{} for _ in value]
        for index, inner in enumerate(value):
            for member, deep in inner.items():
                _write(fields[key][index], member, f"{name}.{index}.{member}", deep)
    elif text := _text(name, value):
        fields[key] = text


def _text(name: str, value: Any) -> str:
    shape = shape_of(name)
    match shape.type if shape else "text":
        case "amount":
            return format_twd(value)
        case "date":
            return date_text(value)
        case "moment":
            at = datetime.fromisoformat(value)
            local = at.astimezone(ZONE) if at.tzinfo else at
            return f"{local:%Y-%m-%d %H:%M:%S}"
        case "flag":
            return "on" if value else ""
    return str(value)


def date_text(text: str) -> str:
    """An ISO date with its ROC year; one before the Republic as it is."""
    on = date.fromisoformat(text)
    return format_date(on) if on.year > 1911 else text
