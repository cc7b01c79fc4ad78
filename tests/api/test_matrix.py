"""Every operation: refused without its scope, and blind to what belongs to another agency."""

from collections.abc import Callable
from typing import Any

import pytest

from agencies.scopes import SCOPES
from tests.api.system import System
from tests.factories import Desk
from tests.vouchers.examples import remittance
from treasury.core.api.openapi import document

# Addresses of a thing: what takes the place of the parameters for a thing of another agency.
OPERATIONS = [
    (method, path, row)
    for path, methods in document()["paths"].items()
    for method, row in methods.items()
    if row["security"]
]
IDS = [f"{method} {path}" for method, path, _ in OPERATIONS]
BODIES: dict[str, Any] = {
    "voucher_create": remittance() | {"number": "M-1"},
    "voucher_findings": remittance(),
    "voucher_replace": remittance(),
    "voucher_patch": {"purpose": "另一件事"},
    "voucher_job_create": {
        "format": "epay-vouchers/1",
        "agency_code": "0003010000",
        "fiscal_year": 114,
        "vouchers": [remittance() | {"number": "M-2"}],
    },
    "webhook_subscribe": {"url": "https://accounting.example/hooks", "events": ["voucher.changed"]},
}


def _ask(system: System, method: str, path: str, row: dict[str, Any], ids: dict[str, int]) -> Any:
    for name, value in {**ids, "verb": "submit"}.items():
        path = path.replace("{" + name + "}", str(value))
    kind = "application/merge-patch+json" if method == "patch" else "application/json"
    match = '"1-draft-1"' if method in ("put", "patch") else ""
    accept = {"Accept": "application/pdf"} if path.endswith(".pdf") else {}
    address = path.removeprefix("/api/v1")
    return system.ask(method.upper(), address, BODIES.get(row["operationId"]), kind=kind, match=match, **accept)


def test_every_operation_asks_for_its_scope(system_with: Callable[..., System]) -> None:
    systems = {scope: system_with(*(name for name in SCOPES if name != scope)) for scope in SCOPES}
    ids = {"voucher_id": 1, "job_id": 1, "webhook_id": 1, "delivery_id": 1, "size": 1}

    answers = {
        f"{method} {path}": _ask(systems[row["security"][0]["client"][0]], method, path, row, ids)
        for method, path, row in OPERATIONS
    }

    assert {name: answer.code for name, answer in answers.items()} == dict.fromkeys(answers, "scope_missing")
    assert {answer.status for answer in answers.values()} == {403}


@pytest.mark.parametrize(
    ("method", "path", "row"),
    [one for one in OPERATIONS if "{" in one[1]],
    ids=[name for name in IDS if "{" in name],
)
def test_a_thing_of_another_agency_is_not_there(
    system: System, other_system: System, desk: Desk, method: str, path: str, row: dict[str, Any]
) -> None:
    voucher = desk.draft()
    job = system.post("/voucher-jobs", BODIES["voucher_job_create"]).json["id"]
    webhook = system.post("/webhooks", BODIES["webhook_subscribe"]).json["id"]
    ids = {"voucher_id": voucher.pk, "job_id": job, "webhook_id": webhook, "delivery_id": 1}

    answer = _ask(other_system, method, path, row, ids)

    assert answer.status == 404
    assert answer.code in ("voucher_unknown", "not_found")
    assert desk.actor("clerk").name not in answer.json["detail"]


def test_lists_hold_the_own_agency_only(system: System, other_system: System, desk: Desk) -> None:
    desk.draft()

    assert len(system.get("/vouchers").json["items"]) == 1
    assert other_system.get("/vouchers").json["items"] == []
    assert other_system.get("/return-notices").json["items"] == []
    assert {row["account_code"] for row in other_system.get("/balances?fiscal_year=114").json["items"]} == {
        "5361400100"
    }
    assert len(other_system.get("/tables/accounts?fiscal_year=114").json["items"]) == 1


def test_a_file_for_another_agency_is_refused_as_a_whole(other_system: System) -> None:
    answer = other_system.post("/voucher-jobs", BODIES["voucher_job_create"])

    assert (answer.status, answer.code) == (422, "other_agency")
    assert answer.json["errors"][0]["pointer"] == "/agency_code"
