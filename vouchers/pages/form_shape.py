"""The fields of the voucher form, read from the schema: nothing that a voucher may say can be missing here.

A field's name is its way through the voucher object with dots (`payee_lines.3.account_no`); its shape is that of the
same name with `*` for each number.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from vouchers import words
from vouchers.english import word
from vouchers.schema import SCHEMA

Fields = Mapping[str, Any]

LISTS: Final = ("account_lines", "payee_lines", "originals", "collection_slips", "attachments")
_DEFINITIONS: Final = SCHEMA["$defs"]
_NUMBER: Final = re.compile(r"(?<=\.)[0-9]{1,5}(?=\.|$)")
# Texts that take a line of their own, more than one where they are long.
_LONG: Final = 121
_ELSEWHERE: Final = {
    "account_lines.*.account_name": "科目名稱",
    "payee_lines.*.kind": "受款人類別",
    "payee_lines.*.source_documents.*.number": "憑證號碼",
    "attachments.*.name": "附件名稱",
}
_CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "kind": words.KINDS,
    "gate": words.GATES,
    "nature": words.NATURES,
    "expense_class": words.EXPENSE_CLASSES,
    "method": words.METHODS,
    "network": words.NETWORKS,
    "channel": words.CHANNELS,
    "account_lines.*.side": words.SIDES,
    "payee_lines.*.kind": words.PAYEE_KINDS,
    "payee_lines.*.id_type": words.IDENTIFIERS,
    "payee_lines.*.source_documents.*.type": words.DOCUMENTS,
    "cheque.ground": words.CHEQUE_GROUNDS,
    "cheque.crossing": words.CROSSINGS,
    "collection_slips.*.collector_kind": words.COLLECTORS,
    "settlement.way": words.SETTLEMENT_WAYS,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """One field: its type (`text`, `long`, `code`, `amount`, `whole`, `date`, `moment`, `choice`, `flag`), its word
    in Chinese, and what the schema asks of its value."""

    name: str
    type: str
    word: str
    choices: tuple[tuple[str, str], ...]
    default: str
    min_length: int
    max_length: int
    pattern: str
    minimum: int
    maximum: int

    @property
    def title(self) -> str:
        """Its word in the reader's language."""
        return word(self.word)

    @property
    def options(self) -> list[tuple[str, str]]:
        """The choices in the reader's language."""
        return [(value, word(zh)) for value, zh in self.choices]


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema with its reference followed."""
    if "$ref" not in schema:
        return schema
    definition: Mapping[str, Any] = _DEFINITIONS[schema["$ref"].removeprefix("#/$defs/")]
    return definition


def generic(name: str) -> str:
    """A field's name with `*` for every number: the name of its shape."""
    return _NUMBER.sub("*", name)


@lru_cache(maxsize=32_768)
def shape_of(name: str) -> Shape | None:
    """The shape of a field, None for a name that is no field of a voucher."""
    return SHAPES.get(generic(name))


def _walk(schema: Mapping[str, Any], name: str) -> Iterator[Shape]:
    schema = resolved(schema)
    if "properties" in schema:
        for key, member in schema["properties"].items():
            yield from _walk(member, f"{name}.{key}" if name else key)
    elif schema.get("type") == "array":
        yield from _walk(schema["items"], f"{name}.*")
    else:
        yield _shape(name, schema)


def _shape(name: str, schema: Mapping[str, Any]) -> Shape:
    last = name.rpartition(".")[2]
    choices = _CHOICES.get(name, {})
    default = schema.get("default", "")
    return Shape(
        name=name,
        type=_type(schema),
        word=_ELSEWHERE.get(name) or words.FIELDS[last],
        choices=tuple(choices.items()),
        default="" if isinstance(default, bool) else default,
        min_length=schema.get("minLength", 0),
        max_length=schema.get("maxLength", 200),
        pattern=schema.get("pattern", ""),
        minimum=schema.get("minimum", 0),
        maximum=schema.get("maximum", 0),
    )


def _type(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return "choice"
    kind = schema["type"]
    if kind == "boolean":
        return "flag"
    if kind == "integer":
        return "amount" if schema.get("maximum", 0) > 10_000 else "whole"
    if schema.get("format"):
        return "date" if schema["format"] == "date" else "moment"
    if schema.get("pattern"):
        return "code"
    return "long" if schema.get("maxLength", 0) >= _LONG else "text"


SHAPES: Final[Mapping[str, Shape]] = {shape.name: shape for shape in _walk(_DEFINITIONS["voucher"], "")}


def stated(fields: Fields, name: str) -> str:
    """What a field of the voucher itself (or of a block) says, its default where nothing is chosen."""
    value: Any = fields
    for step in name.split("."):
        value = value.get(step, "") if isinstance(value, dict) else ""
    shape = SHAPES.get(name)
    return str(value or (shape.default if shape else ""))


def _when(name: str, *values: str) -> Callable[[Fields], bool]:
    return lambda fields: stated(fields, name) in values


def _both(*tests: Callable[[Fields], bool]) -> Callable[[Fields], bool]:
    return lambda fields: all(test(fields) for test in tests)


_PAYMENT = _when("kind", "payment")
_TRANSFER = _when("kind", "transfer")
_REMITTANCE = _both(_PAYMENT, _when("method", "remittance"))
_CHEQUE = _both(_PAYMENT, _when("method", "cheque_self", "cheque_forward"))

# What belongs to a kind or method of payment: set aside when another is chosen, brought back with it.
OF_THE_WAY: Final[Mapping[str, Callable[[Fields], bool]]] = {
    "method": _PAYMENT,
    "expense_class": _PAYMENT,
    "channel": _PAYMENT,
    "incident_ref": _both(_PAYMENT, _when("channel", "paper_fallback")),
    "legal_pay_date": _PAYMENT,
    "distribution_date": _PAYMENT,
    "remit_date": _PAYMENT,
    "payee_lines": _PAYMENT,
    "network": _REMITTANCE,
    "foreign_currency": _REMITTANCE,
    "cheque": _CHEQUE,
    "collection_slips": _CHEQUE,
    "entrusted": _both(_PAYMENT, _when("method", "entrusted")),
    "originals": _TRANSFER,
}
# What is asked for by another field; what was typed stays until it is taken out.
_OF_THE_MATTER: Final[Mapping[str, Callable[[Fields], bool]]] = {
    "entrusted_impossible_reason": _both(_REMITTANCE, _when("expense_class", "staff", "retiree")),
    "advance_case": _when("nature", "advance"),
    "settlement": _when("nature", "advance_settlement"),
    "petty_cash_list_no": _when("nature", "petty_cash_replenishment"),
    "refund_of": _when("nature", "refund"),
}


def belongs(fields: Fields, name: str) -> bool:
    """Whether a field, block or list of the voucher belongs to the kind, method and nature chosen."""
    test = OF_THE_WAY.get(name) or _OF_THE_MATTER.get(name)
    return test is None or test(fields)


def is_shown(fields: Fields, name: str) -> bool:
    """Whether the form shows a field, block or list: it belongs here, or says something that nobody may lose."""
    return belongs(fields, name) or bool(fields.get(name))
