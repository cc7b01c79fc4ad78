"""The schemas of vouchers over the API, most of them those of the voucher file."""

from typing import Any, Final

from treasury.core.api.components import (
    DATE,
    ERROR,
    ID,
    MOMENT,
    NULLABLE_MOMENT,
    PROBLEM,
    TEXT,
    TRUTH,
    WHOLE,
    YEAR,
    Schema,
    check_of,
    component,
    list_of,
    one_of,
    optional,
    page_of,
    pointer_prefixed,
    record,
)
from treasury.core.api.cursors import PAGE_QUERY
from vouchers.exchange import ItemState, JobState
from vouchers.schema import SCHEMA
from vouchers.states import STATES, VOUCHER

KINDS: Final = ["payment", "transfer"]
_DEFINITIONS: dict[str, Any] = SCHEMA["$defs"]


def _name(definition: str) -> str:
    """`payee_line` becomes `PayeeLine`; the voucher object, of which there is another here, `VoucherContent`."""
    words = "".join(word.capitalize() for word in definition.split("_"))
    return "VoucherContent" if words == "Voucher" else words


for _definition, _schema in _DEFINITIONS.items():
    component(_name(_definition), pointer_prefixed(_name, _schema))


def _patch(schema: Any) -> Any:
    """The schema of a merge patch: every member of an object may be missing, or null to take it away."""
    if "$ref" in schema:
        return _patch(_DEFINITIONS[schema["$ref"].removeprefix("#/$defs/")])
    if schema.get("type") != "object":
        return _plain(schema)
    members = {name: _nullable(_patch(member)) for name, member in schema["properties"].items()}
    return {"type": "object", "additionalProperties": False, "properties": members}


def _nullable(schema: Schema) -> Schema:
    if "enum" in schema:
        return {**schema, "enum": [*(one for one in schema["enum"] if one is not None), None]}
    kind = schema["type"]
    return schema if isinstance(kind, list) else {**schema, "type": [kind, "null"]}


def _plain(schema: Any) -> Any:
    """A schema with what it refers to in its place."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            return _plain(_DEFINITIONS[schema["$ref"].removeprefix("#/$defs/")])
        return {key: _plain(value) for key, value in schema.items()}
    return [_plain(one) for one in schema] if isinstance(schema, list) else schema


_PATCH_SCHEMA: Final = _patch({"$ref": "#/$defs/voucher"})
check_patch: Final = check_of(_PATCH_SCHEMA)
VOUCHER_CONTENT: Final[Schema] = {"$ref": "#/components/schemas/VoucherContent"}
VOUCHER_PATCH: Final = component("VoucherPatch", _PATCH_SCHEMA)
VOUCHER_FILE: Final = component(
    "VoucherFile",
    pointer_prefixed(_name, {key: SCHEMA[key] for key in SCHEMA if key not in ("$schema", "$id", "$defs", "title")}),
)

VOUCHER_QUERY: Final[dict[str, Schema]] = {
    "state": one_of(list(STATES)),
    "kind": one_of(KINDS),
    "fiscal_year": YEAR,
    "number": {"type": "string", "pattern": "^[0-9A-Z-]{1,20}$"},
    **PAGE_QUERY,
}
_HEAD: Final[dict[str, Schema]] = {
    "id": ID,
    "agency_code": TEXT,
    "fiscal_year": WHOLE,
    "number": TEXT,
    "revision": WHOLE,
    "kind": one_of(KINDS),
    "state": one_of(list(STATES)),
    "purpose": TEXT,
    "total_twd": WHOLE,
    "payee_count": WHOLE,
    "issue_date": DATE,
    "payable_date": DATE,
    "origin": TEXT,
    "created_at": MOMENT,
    "etag": TEXT,
}
VOUCHER_HEAD: Final = component("VoucherHead", record(**_HEAD))
VOUCHER_SHOWN: Final = component(
    "Voucher",
    record(**_HEAD, actions=list_of(one_of([step.verb for step in VOUCHER.steps])), content=VOUCHER_CONTENT),
)
VOUCHER_PAGE: Final = component("VoucherPage", page_of(VOUCHER_HEAD))
FINDINGS: Final = component("Findings", record(is_clean=TRUTH, findings=list_of(ERROR)))

REASON_BODY: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"because": {"type": "string", "maxLength": 500}},
}
STEP: Final = component("Step", REASON_BODY)

JOB_RESULT: Final = component(
    "VoucherJobResult",
    record(
        index=WHOLE,
        number=TEXT,
        state=one_of(ItemState.values),
        voucher_id=optional(ID),
        problem=optional(PROBLEM),
    ),
)
JOB: Final = component(
    "VoucherJob",
    record(
        id=ID,
        agency_code=TEXT,
        fiscal_year=WHOLE,
        state=one_of(JobState.values),
        submit=TRUTH,
        voucher_count=WHOLE,
        done_count=WHOLE,
        created_at=MOMENT,
        done_at=NULLABLE_MOMENT,
        results=list_of(JOB_RESULT),
    ),
)
