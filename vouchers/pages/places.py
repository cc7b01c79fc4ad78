"""Places and values of a voucher in the reader's language: what a diff and a finding speak of."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from treasury.core.amounts import format_twd
from treasury.core.roc import format_date
from treasury.core.texts import either
from vouchers import words
from vouchers.english import word

_CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "gate": words.GATES,
    "nature": words.NATURES,
    "expense_class": words.EXPENSE_CLASSES,
    "method": words.METHODS,
    "network": words.NETWORKS,
    "id_type": words.IDENTIFIERS,
    "type": words.DOCUMENTS,
    "crossing": words.CROSSINGS,
    "ground": words.CHEQUE_GROUNDS,
    "collector_kind": words.COLLECTORS,
    "way": words.SETTLEMENT_WAYS,
    "channel": words.CHANNELS,
    "side": words.SIDES,
}
_DATES: Final = ("issue_date", "legal_pay_date", "distribution_date", "remit_date", "retirement_date", "date")
_FIRST_DAY: Final = "1912-01-01"


def place_words(path: str) -> str:
    """The field that a JSON Pointer from the voucher points to: 受款人清單第 4 筆　帳號."""
    found: list[str] = []
    around = ""
    for step in (step for step in path.split("/") if step):
        if step.isdigit() and found:
            found[-1] += either(f"第 {int(step) + 1} 筆", f" line {int(step) + 1}")
            continue
        found.append(_field(around, step))
        around = step
    return either("　", ", ").join(found) or word("憑單")


def value_words(path: str, value: Any) -> str:
    """What a field says: codes as words, dates with their ROC year, whole dollars with separators; a line of a list
    or a block as all it says. Empty for nothing."""
    name = next((step for step in reversed(path.split("/")) if step and not step.isdigit()), "")
    if value is None:
        return ""
    if isinstance(value, bool):
        return either("是", "yes") if value else either("否", "no")
    if isinstance(value, Mapping):
        parts = ((key, value_words(f"{path}/{key}", part)) for key, part in value.items())
        return either("；", "; ").join(f"{_field(name, key)} {text}" for key, text in parts)
    if isinstance(value, list):
        return either("、", ", ").join(value_words(path, part) for part in value)
    return _scalar(path, name, value)


def _scalar(path: str, name: str, value: Any) -> str:
    codes = words.PAYEE_KINDS if name == "kind" and "payee_lines" in path else _CODES.get(name)
    if name == "kind" and codes is None:
        codes = words.KINDS
    if codes is not None:
        return word(codes.get(str(value), str(value)))
    if isinstance(value, int):
        return format_twd(value) if name.endswith(("_twd", "twd_amount")) else str(value)
    if name in _DATES and str(value) >= _FIRST_DAY:
        return format_date(date.fromisoformat(value))
    return str(value)


def _field(around: str, name: str) -> str:
    """The word for a field, which may be another below its list or block."""
    return word(words.field_words(f"/{around}/{name}" if around else f"/{name}").rpartition("　")[2])
