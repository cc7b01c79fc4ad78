"""What is wrong with a form, field by field: what cannot be read, what is missing, what the entry rules find."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from treasury.core import clock
from treasury.core.texts import either
from vouchers.english import word
from vouchers.models import Voucher
from vouchers.pages.form_layout import PLACES
from vouchers.pages.form_reading import Fault, Reading, read_fields
from vouchers.pages.form_shape import SHAPES, generic
from vouchers.rules import Finding
from vouchers.services.preparation import content_findings
from vouchers.words import LISTS

# Stand in for what is not yet there, so that the rules can speak of the rest.
_STAND_IN: Final = {"number": "X", "purpose": "——", "name": "—", "no": "—", "account_code": "—", "type": "invoice"}
_SUMS: Final = frozenset({"account_lines", "payee_lines", "total_twd", "foreign_currency.twd_amount"})


@dataclass(frozen=True, slots=True)
class Complaint:
    """One sentence about one field: what is wrong, what to do, and which law says so (empty: the form itself)."""

    name: str
    message: str
    remedy: str
    law: str = ""
    is_missing: bool = False

    @property
    def anchor(self) -> str:
        """The id of the field's control."""
        return field_anchor(self.name)

    @property
    def title(self) -> str:
        """The field in words, with its place in the list."""
        return field_title(self.name)


@dataclass
class Judgement:
    """A form as it was read, and everything that stands against it in the order of the form."""

    reading: Reading
    complaints: list[Complaint]

    @property
    def by_name(self) -> dict[str, list[Complaint]]:
        """The complaints of each field."""
        result: dict[str, list[Complaint]] = defaultdict(list)
        for complaint in self.complaints:
            result[complaint.name].append(complaint)
        return dict(result)

    @property
    def is_whole(self) -> bool:
        """Whether a voucher can be made of it: everything can be read and nothing required is missing."""
        return not self.reading.faults


def judged(
    fields: Mapping[str, Any], *, agency_code: str, fiscal_year: int, besides: Voucher | None = None
) -> Judgement:
    """Reads a form and asks the entry rules about as much of it as there is."""
    reading = read_fields(fields)
    findings = content_findings(
        content=_whole(reading), agency_code=agency_code, fiscal_year=fiscal_year, besides=besides
    )
    faults = [Complaint(one.name, one.message, one.remedy, "", one.is_missing) for one in reading.faults]
    found = [_complaint(reading, one) for one in findings]
    return Judgement(reading, sorted(faults + _beside(reading.faults, found), key=_place))


def _place(complaint: Complaint) -> tuple[int, int, int]:
    """Where on the form a complaint stands: its part, and in a list its line."""
    steps = complaint.name.split(".")
    is_line = len(steps) > 1 and steps[1].isdigit()
    return (*PLACES.get(complaint.name if not is_line else steps[0], (-1, 0)), int(steps[1]) if is_line else -1)


def field_id(name: str) -> str:
    """The id of a field's control in the page."""
    return f"f-{name.replace('.', '-')}"


def field_anchor(name: str) -> str:
    """The id of the control that a complaint leads to: for the documents of a payee the first of them."""
    return field_id(f"{name}.0.number" if name.endswith(".source_documents") else name)


def field_title(name: str) -> str:
    """A field in words: 受款人清單第 4 筆　帳號."""
    shape = SHAPES.get(generic(name))
    steps = name.split(".")
    words = [] if shape is None or len(steps) == 1 else _around(steps[:-1])
    if shape is None:
        words = _around(steps)
    return "　".join([*words, *([shape.title] if shape else [])]) or word("憑單")


def _around(steps: list[str]) -> list[str]:
    words: list[str] = []
    for step in steps:
        if step.isdigit() and words:
            words[-1] += either(f"第 {int(step) + 1} 筆", f" {int(step) + 1}")
        else:
            shape = SHAPES.get(step)
            words.append(word(LISTS.get(step) or (shape.word if shape else _BLOCKS.get(step, step))))
    return words


_BLOCKS: Final = {
    "cheque": "支票事項",
    "entrusted": "委託劃帳",
    "roster": "劃帳清冊",
    "foreign_currency": "外幣",
    "notes": "附記事項",
    "settlement": "歸墊",
    "first_pension": "首次退休金",
}


def _complaint(reading: Reading, finding: Finding) -> Complaint:
    return Complaint(
        name=reading.name_of(finding.path),
        message=either(finding.message_zh, finding.message_en),
        remedy=either(finding.remedy_zh, finding.remedy_en),
        law=finding.rule,
    )


def _beside(faults: Iterable[Fault], found: list[Complaint]) -> list[Complaint]:
    """The findings that do not speak of a stand-in."""
    names = [fault.name for fault in faults]
    if not names:
        return found
    sums = any(name.rpartition(".")[2] == "amount_twd" or name in _SUMS for name in names)
    hidden = set(names) | (_SUMS if sums else set())
    if "total_twd" in names:
        hidden.add("notes.petty_exception_reason")
    below = tuple(f"{name}." for name in names)
    return [one for one in found if one.name not in hidden and not one.name.startswith(below)]


def _whole(reading: Reading) -> dict[str, Any]:
    """The voucher object with something in the place of everything that is required and not there."""
    if not reading.faults:
        return reading.content
    content = {name: value for name, value in reading.content.items()}
    for name in ("account_lines", "payee_lines", "originals", "collection_slips", "attachments"):
        if name in content:
            content[name] = [_filled(line, name) for line in content[name]]
    lines = content.setdefault("account_lines", [{"account_code": "—", "amount_twd": 1}])
    content.setdefault("kind", "payment")
    content.setdefault("number", _STAND_IN["number"])
    content.setdefault("purpose", _STAND_IN["purpose"])
    content.setdefault("issue_date", clock.today().isoformat())
    content.setdefault("total_twd", max(1, sum(line["amount_twd"] for line in lines if line.get("side") != "credit")))
    return content


_REQUIRED: Final = {
    "account_lines": ("account_code", "amount_twd"),
    "payee_lines": ("name", "amount_twd"),
    "originals": ("number",),
    "collection_slips": ("no",),
    "attachments": ("name", "sha256"),
}


def _filled(line: dict[str, Any], owner: str) -> dict[str, Any]:
    missing = {name: _stand_in(name) for name in _REQUIRED[owner] if name not in line}
    documents = line.get("source_documents")
    if documents and any("type" not in document for document in documents):
        missing["source_documents"] = [{"type": "invoice"} | document for document in documents]
    return line | missing if missing else line


def _stand_in(name: str) -> Any:
    if name == "amount_twd":
        return 1
    return "0" * 64 if name == "sha256" else _STAND_IN[name]
