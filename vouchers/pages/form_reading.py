"""From what was typed to the voucher object of the contract, with a sentence for everything that cannot be read."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from django.utils.translation import gettext as _

from treasury.core.clock import ZONE
from treasury.core.errors import Problem
from treasury.core.roc import parse_date
from vouchers.pages.form_fields import OWN, is_blank
from vouchers.pages.form_shape import SHAPES, Shape, resolved
from vouchers.schema import SCHEMA

_VOUCHER: Final = SCHEMA["$defs"]["voucher"]
_MONEY: Final = re.compile(r"(?:NT\$|\$)?([0-9]{1,16})(?:\.0+)?元?")
_MOMENT: Final = re.compile(r"(\S+)[ T](\d{1,2}):(\d{2})(?::(\d{2}))?(?:[+]08:00)?")
_TRUE: Final = frozenset({"on", "1", "true", "yes", "y", "v", "是", "✓"})
_FALSE: Final = frozenset({"", "0", "false", "no", "n", "否"})


class Unread(Exception):
    """A text that is no value of its field: what is wrong, and what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Fault:
    """A field that cannot be read, or that a voucher cannot be without."""

    name: str
    message: str
    remedy: str
    is_missing: bool = False


@dataclass
class Reading:
    """The voucher object as far as it could be read; `places` tells which typed line each line of it was."""

    content: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    places: dict[str, list[int]] = field(default_factory=dict)

    def name_of(self, pointer: str) -> str:
        """The field that a JSON Pointer of a finding points to."""
        steps: list[str] = []
        way = ""
        for step in pointer.strip("/").split("/"):
            if step.isdigit() and way in self.places:
                kept = self.places[way]
                steps.append(str(kept[int(step)] if int(step) < len(kept) else int(step)))
            else:
                steps.append(step)
            way = f"{way}/{step}"
        return ".".join(steps)


def read_fields(fields: Mapping[str, Any]) -> Reading:
    """The voucher object of what was typed; lines that say nothing are left out."""
    reading = Reading()
    known = {name: value for name, value in fields.items() if name not in OWN}
    reading.content = _read_object(reading, _VOUCHER, known, "", "", "") or {}
    return reading


def read_value(name: str, text: str) -> Any:
    """One value by the shape of its field; Unread when it is none."""
    return _read_text(SHAPES[name], text)


def _read_object(
    reading: Reading, schema: Mapping[str, Any], typed: Mapping[str, Any], name: str, shape: str, pointer: str
) -> dict[str, Any]:
    result: dict[str, Any] = {}
    dot, shape_dot = (f"{name}." if name else ""), (f"{shape}." if shape else "")
    required = schema.get("required", ())
    for key, member in schema["properties"].items():
        value = typed.get(key)
        if value:
            read = _read(reading, member, value, dot + key, shape_dot + key, f"{pointer}/{key}")
            if read not in (None, "", {}, []):
                result[key] = read
                continue
            if reading.faults and reading.faults[-1].name.startswith(dot + key):
                continue
        if key in required:
            reading.faults.append(_missing(dot + key, shape_dot + key))
    return result


def _read(reading: Reading, schema: Mapping[str, Any], value: Any, name: str, shape: str, pointer: str) -> Any:
    schema = resolved(schema)
    if "properties" in schema:
        return None if is_blank(value) else _read_object(reading, schema, value, name, shape, pointer)
    if schema.get("type") == "array":
        return _read_list(reading, schema, value, name, shape, pointer)
    try:
        found = _read_text(SHAPES[shape], value)
    except Unread as unread:
        reading.faults.append(Fault(name, unread.message, unread.remedy))
        return None
    return None if found == SHAPES[shape].default else found


def _read_list(
    reading: Reading, schema: Mapping[str, Any], lines: list[Any], name: str, shape: str, pointer: str
) -> list[Any]:
    item = resolved(schema["items"])
    kept = [index for index, line in enumerate(lines) if not is_blank(line)]
    reading.places[pointer] = kept
    if len(kept) > schema.get("maxItems", len(kept)):
        most = f"{schema['maxItems']:,}"
        reading.faults.append(Fault(name, _("超過 %(most)s 筆") % {"most": most}, _("分成數張憑單")))
    return [
        _read_object(reading, item, lines[index], f"{name}.{index}", f"{shape}.*", f"{pointer}/{place}")
        for place, index in enumerate(kept)
    ]


def _missing(name: str, shape: str) -> Fault:
    found = SHAPES.get(shape)
    if found is None:
        return Fault(name, _("尚未填寫任何科目"), _("至少填寫一筆科目"), is_missing=True)
    title = found.title
    remedy = _("請選擇%(field)s") if found.choices else _("請填寫%(field)s")
    return Fault(name, _("未填%(field)s") % {"field": title}, remedy % {"field": title}, is_missing=True)


def _read_text(shape: Shape, text: str) -> Any:
    return _READERS[shape.type](shape, text)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _amount(shape: Shape, text: str) -> int:
    plain = _plain(text).replace(",", "").replace(" ", "")
    match = _MONEY.fullmatch(plain)
    if match is None:
        raise Unread(_("「%(text)s」不是整數金額") % {"text": text[:40]}, _("以整數新臺幣元填寫，例如 30,000"))
    number = int(match[1])
    if number < shape.minimum:
        raise Unread(_("金額應大於零"), _("以整數新臺幣元填寫，例如 30,000"))
    if number > shape.maximum:
        raise Unread(_("金額超過上限 %(most)s 元") % {"most": f"{shape.maximum:,}"}, _("確認金額"))
    return number


def _whole(shape: Shape, text: str) -> int:
    plain = _plain(text)
    if not re.fullmatch("[0-9]{1,6}", plain):
        raise Unread(_("「%(text)s」不是整數") % {"text": text[:40]}, _("以阿拉伯數字填寫"))
    number = int(plain)
    if number < shape.minimum or (shape.maximum and number > shape.maximum):
        limits = f"{shape.minimum}–{shape.maximum}" if shape.maximum else f"≥ {shape.minimum}"
        raise Unread(_("%(number)s 不在範圍內") % {"number": number}, _("範圍：%(limits)s") % {"limits": limits})
    return number


@lru_cache(maxsize=1024)
def _day(text: str) -> str:
    return parse_date(text).isoformat()


def _date(shape: Shape, text: str) -> str:
    try:
        return _day(text)
    except Problem:
        raise Unread(
            _("「%(text)s」不是日期") % {"text": text[:40]}, _("填寫如 114/3/10、1140310 或 2025-03-10")
        ) from None


def _moment(shape: Shape, text: str) -> str:
    remedy = _("填寫如 114/3/10 09:30")
    match = _MOMENT.fullmatch(_plain(text))
    try:
        if match is None:
            raise ValueError
        day = datetime.fromisoformat(_day(match[1]))
        at = day.replace(hour=int(match[2]), minute=int(match[3]), second=int(match[4] or 0), tzinfo=ZONE)
    except (Problem, ValueError):
        raise Unread(_("「%(text)s」不是日期及時間") % {"text": text[:40]}, remedy) from None
    return at.isoformat()


def _choice(shape: Shape, text: str) -> str:
    plain = _plain(text)
    for value, zh in shape.choices:
        if plain in (value, zh):
            return value
    allowed = "、".join(title for _value, title in shape.options)
    raise Unread(_("「%(text)s」不是可選的項目") % {"text": text[:40]}, _("可選：%(allowed)s") % {"allowed": allowed})


def _flag(shape: Shape, text: str) -> bool | None:
    plain = _plain(text).casefold()
    if plain in _TRUE:
        return True
    if plain in _FALSE:
        return None
    raise Unread(_("「%(text)s」不是「是」或「否」") % {"text": text[:40]}, _("填寫「是」或留空"))


def _code(shape: Shape, text: str) -> str:
    plain = _plain(text)
    last = shape.name.rpartition(".")[2]
    if last in ("number", "currency"):
        plain = plain.upper()
    elif last == "sha256":
        plain = plain.lower()
    elif last in ("amount", "rate"):
        plain = plain.replace(",", "")
    if plain and not re.fullmatch(shape.pattern.removeprefix("^").removesuffix("$"), plain):
        raise Unread(_("%(field)s「%(text)s」格式不符") % {"field": shape.title, "text": text[:40]}, _form_words(last))
    return plain


def _form_words(last: str) -> str:
    """What a code looks like, in words."""
    return {
        "number": _("限大寫英文字母、數字及連字號，最多 20 字"),
        "bank_code": _("銀行代號為 7 碼數字：銀行 3 碼、分行 4 碼"),
        "account_no": _("帳號為 5 至 16 碼數字，不含連字號"),
        "disbursement_account": _("帳號為 5 至 16 碼數字，不含連字號"),
        "sha256": _("檔案雜湊值為 64 碼十六進位數字"),
        "currency": _("幣別為 3 碼英文字母，例如 USD"),
        "amount": _("外幣金額最多 12 位整數、2 位小數"),
        "rate": _("匯率最多 6 位整數、6 位小數"),
    }[last]


def _words(shape: Shape, text: str) -> str:
    last = shape.name.rpartition(".")[2]
    if last in ("id", "collector_id", "account_code", "fund_code"):
        text = _plain(text).upper()
    if not text.strip():
        return ""
    if len(text) < shape.min_length:
        raise Unread(_("%(field)s太短") % {"field": shape.title}, _("至少 %(least)s 字") % {"least": shape.min_length})
    if len(text) > shape.max_length:
        raise Unread(
            _("%(field)s有 %(length)s 字，太長") % {"field": shape.title, "length": len(text)},
            _("最多 %(most)s 字") % {"most": shape.max_length},
        )
    return text


_READERS: Final[dict[str, Callable[[Shape, str], Any]]] = {
    "text": _words,
    "long": _words,
    "code": _code,
    "amount": _amount,
    "whole": _whole,
    "date": _date,
    "moment": _moment,
    "choice": _choice,
    "flag": _flag,
}
