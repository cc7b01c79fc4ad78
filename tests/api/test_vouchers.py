"""Vouchers over the API: created, read, changed, moved on; every refusal is a problem with its place."""

import json
from typing import Any

import pytest

from tests.api.system import System
from tests.factories import Desk, fresh, statements, verbs
from tests.vouchers.examples import remittance
from vouchers.models import Voucher
from vouchers.services import preparation


def test_from_nothing_to_review_and_back(system: System) -> None:
    made = system.post("/vouchers", remittance())
    assert made.status == 201
    path = made.headers["Location"].removeprefix("/api/v1")
    read = system.get(path)
    assert (read.status, read.json["state"], read.json["content"]) == (200, "draft", remittance())
    assert read.headers["ETag"] == made.headers["ETag"] == read.json["etag"]
    assert read.json["fiscal_year"] == 114 and "submit" in read.json["actions"]

    changed = system.ask("PUT", path, remittance() | {"purpose": "改了用途"}, match=read.headers["ETag"])
    assert (changed.status, changed.json["content"]["purpose"]) == (200, "改了用途")
    assert changed.headers["ETag"] != read.headers["ETag"]
    submitted = system.post(f"{path}/submit")
    assert (submitted.status, submitted.json["state"]) == (200, "in_review")
    row = Voucher.objects.get()
    assert verbs(row) == ["create", "change", "submit"] and row.origin == "api"
    assert system.post(f"{path}/submit").code == "wrong_state"


def test_withdrawn_corrected_and_cancelled(system: System, desk: Desk) -> None:
    released = desk.brought("released")
    path = f"/vouchers/{released.pk}"

    assert system.post(f"{path}/withdraw").code == "because_missing"
    withdrawn = system.post(f"{path}/withdraw", {"because": "金額有誤"})
    assert (withdrawn.status, withdrawn.json["state"], withdrawn.json["revision"]) == (200, "draft", 2)
    cancelled = system.post(f"{path}/cancel", {"because": "不付了"})
    assert (cancelled.status, cancelled.json["state"], cancelled.json["actions"]) == (200, "cancelled", [])
    assert system.post(f"{path}/correct").code == "wrong_state"


def test_what_the_technical_account_has_prepared_it_cannot_sign(system: System) -> None:
    path = system.post("/vouchers", remittance()).headers["Location"].removeprefix("/api/v1")

    assert system.post(f"{path}/certify_accountant").status == 404
    assert system.post(f"{path}/pass_review").status == 404


def test_a_patch_merges(system: System) -> None:
    made = system.post("/vouchers", remittance() | {"notes": {"text": "甲", "approval_doc_no": "乙"}})
    path = made.headers["Location"].removeprefix("/api/v1")
    options: dict[str, Any] = {"kind": "application/merge-patch+json"}

    answer = system.ask("PATCH", path, {"gate": None, "notes": {"text": None}}, match=made.headers["ETag"], **options)

    assert answer.status == 200
    assert "gate" not in answer.json["content"] and answer.json["content"]["notes"] == {"approval_doc_no": "乙"}
    tag = answer.headers["ETag"]
    broken = system.ask("PATCH", path, {"kind": None}, match=tag, **options)
    assert (broken.status, broken.code, broken.json["errors"][0]["pointer"]) == (422, "missing_key", "/kind")
    assert system.ask("PATCH", path, {"nonsense": None}, match=tag, **options).code == "unknown_key"
    assert system.ask("PATCH", path, {"gate": None}, match=tag).code == "unsupported_media_type"


@pytest.mark.parametrize(
    ("match", "status", "code"),
    [("", 428, "if_match_missing"), ('"1-draft-0"', 412, "changed_meanwhile"), ("*", 400, "bad_if_match")],
)
def test_a_change_names_what_it_has_seen(system: System, match: str, status: int, code: str) -> None:
    path = system.post("/vouchers", remittance()).headers["Location"].removeprefix("/api/v1")

    answer = system.ask("PUT", path, remittance(), match=match)

    assert (answer.status, answer.code) == (status, code)


def test_only_a_draft_is_changed_and_its_number_stays(system: System, desk: Desk) -> None:
    row = desk.draft()
    tag = system.get(f"/vouchers/{row.pk}").headers["ETag"]
    assert system.ask("PUT", f"/vouchers/{row.pk}", remittance() | {"number": "X-1"}, match=tag).code == "number_fixed"
    preparation.voucher_submit(voucher=row, actor=desk.actor("clerk"))

    assert system.ask("PUT", f"/vouchers/{row.pk}", row.content, match=tag).code == "changed_meanwhile"
    tag = system.get(f"/vouchers/{row.pk}").headers["ETag"]
    assert system.ask("PUT", f"/vouchers/{row.pk}", row.content, match=tag).code == "wrong_state"


def test_the_same_key_has_one_effect(system: System) -> None:
    first = system.post("/vouchers", remittance(), key="once")
    again = system.post("/vouchers", remittance(), key="once")

    assert (again.status, again.bytes, again.headers["Location"]) == (201, first.bytes, first.headers["Location"])
    assert Voucher.objects.count() == 1
    other = system.post("/vouchers", remittance() | {"number": "P-2"}, key="once")
    assert (other.status, other.code) == (409, "idempotency_key_reused")
    assert system.post("/vouchers/findings", remittance(), key="once").code == "idempotency_key_reused"


def test_a_refused_request_leaves_its_key_free(system: System) -> None:
    assert system.post("/vouchers", remittance() | {"kind": "gift"}, key="k").status == 400
    assert system.post("/vouchers", remittance(), key="k").status == 201


@pytest.mark.parametrize(
    ("key", "code"),
    [(None, "idempotency_key_missing"), ("x" * 121, "bad_idempotency_key"), ("a b", "bad_idempotency_key")],
)
def test_a_post_has_a_key(system: System, key: str | None, code: str) -> None:
    answer = system.post("/vouchers", remittance(), key=key)

    assert (answer.status, answer.code) == (400, code)


def test_a_number_is_used_once(system: System) -> None:
    system.post("/vouchers", remittance())
    answer = system.post("/vouchers", remittance())

    assert (answer.status, answer.code, answer.json["errors"][0]["pointer"]) == (409, "number_taken", "/number")


def test_findings_hinder_submission_with_a_remedy_in_both_languages(system: System) -> None:
    content = remittance() | {"total_twd": 31_000}
    dry = system.post("/vouchers/findings", content)
    assert (dry.status, dry.json["is_clean"]) == (200, False)
    assert Voucher.objects.count() == 0
    path = system.post("/vouchers", content).headers["Location"].removeprefix("/api/v1")

    answer = system.post(f"{path}/submit")

    assert (answer.status, answer.code, answer.json["errors"]) == (422, "voucher_refused", dry.json["findings"])
    for error in answer.json["errors"]:
        assert all(error[name] for name in ("pointer", "code", "reason", "detail", "detail_en", "remedy", "remedy_en"))
    assert fresh(Voucher.objects.get()).state == "draft"
    assert system.post("/vouchers/findings", remittance() | {"number": "N-1"}).json == {
        "is_clean": True,
        "findings": [],
    }


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        (b"{", 400, "not_json", None),
        (b'{"kind": "payment", "kind": "transfer"}', 400, "duplicate_key", "/kind"),
        (b'{"total_twd": 1.5}', 422, "number_not_whole", "/total_twd"),
        (b'{"total_twd": NaN}', 422, "number_not_whole", "/total_twd"),
        (b"\xff", 400, "not_utf8", None),
        (b'"text"', 400, "wrong_type", None),
        (b'{"purpose": "\\u0000"}', 422, "character_not_allowed", "/purpose"),
        (b"", 400, "body_missing", None),
    ],
)
def test_a_body_is_read_strictly(system: System, body: bytes, status: int, code: str, pointer: str | None) -> None:
    answer = system.post("/vouchers", body)

    assert (answer.status, answer.code) == (status, code)
    assert [error["pointer"] for error in answer.json["errors"]] == ([pointer] if pointer else [])


def test_every_other_refusal_is_a_problem_too(system: System) -> None:
    assert (system.get("/nowhere").status, system.get("/nowhere").code) == (404, "not_found")
    assert (system.ask("DELETE", "/vouchers").status, system.ask("DELETE", "/vouchers").code) == (
        405,
        "method_not_allowed",
    )
    assert set(system.ask("DELETE", "/vouchers").headers["Allow"].split(", ")) == {"GET", "POST", "HEAD"}
    assert system.get("/vouchers", Accept="text/html").code == "not_acceptable"
    assert system.post("/vouchers", b"<a/>", kind="application/xml").code == "unsupported_media_type"
    for query in ("nonsense=1", "limit=0", "limit=x", "state=nowhere", "state=draft&state=paid"):
        assert system.get(f"/vouchers?{query}").code == "bad_query"
    assert system.get("/vouchers?cursor=abc").code == "bad_cursor"


def test_pages_follow_each_other_without_gap_or_repetition(system: System, desk: Desk) -> None:
    rows = [desk.draft() for _ in range(5)]
    found, path = [], "/vouchers?limit=2"
    while True:
        answer = system.get(path).json
        found += [item["id"] for item in answer["items"]]
        if answer["next_cursor"] is None:
            break
        path = f"/vouchers?limit=2&cursor={answer['next_cursor']}"

    assert found == [row.pk for row in rows]
    desk.moved(rows[0])
    assert [item["id"] for item in system.get("/vouchers?state=in_review").json["items"]] == [rows[0].pk]
    assert [item["number"] for item in system.get(f"/vouchers?number={rows[1].number}").json["items"]] == [
        rows[1].number
    ]


def test_a_list_takes_as_many_statements_for_two_thousand(system: System, desk: Desk) -> None:
    rows = [remittance() | {"number": f"N-{index}"} for index in range(10)]
    desk.hand_in(*rows, name="few.json")
    assert system.get("/vouchers?limit=200").status == 200
    few = statements(lambda: system.get("/vouchers?limit=200"))
    more = [remittance() | {"number": f"N-{index}"} for index in range(10, 2_000)]
    desk.hand_in(*more, name="many.json")

    assert statements(lambda: system.get("/vouchers?limit=200")) == few


def test_a_voucher_is_printed(system: System, desk: Desk) -> None:
    row = desk.draft()

    answer = system.get(f"/vouchers/{row.pk}/voucher.pdf", Accept="application/pdf")

    assert (answer.status, answer.kind, answer.bytes[:5]) == (200, "application/pdf", b"%PDF-")
    assert system.get(f"/vouchers/{row.pk}/voucher.pdf", Accept="text/html").code == "not_acceptable"


def test_results_and_notices_are_read(system: System, desk: Desk) -> None:
    row = desk.brought("paying")

    answer = system.get(f"/vouchers/{row.pk}/results").json

    assert (answer["state"], len(answer["lines"]["items"]), answer["cheques"]) == ("paying", 1, [])
    assert answer["lines"]["items"][0]["amount_twd"] == 30_000
    assert [one["capacity"] for one in answer["signatures"]] == ["accountant", "head", "releaser"]
    assert all(one["token_at"] >= one["signed_at"] > "2025-03-10" for one in answer["signatures"])
    assert json.dumps(system.get("/return-notices").json) == '{"items": [], "next_cursor": null}'


def test_tables_and_balances(system: System, desk: Desk) -> None:
    banks = system.get("/tables/banks?institution_code=004").json["items"]
    assert {bank["bank_code"] for bank in banks} == {"0040059", "0040107"}
    assert len(system.get("/tables/accounts?fiscal_year=114").json["items"]) == 3
    assert len(system.get("/tables/reasons").json["items"]) == 11
    assert system.get("/tables/states").json["items"][0]["code"] == "draft"
    before = {row["account_code"]: row for row in system.get("/balances?fiscal_year=114").json["items"]}
    desk.brought("accepted")
    after = {row["account_code"]: row for row in system.get("/balances?fiscal_year=114").json["items"]}
    assert before["3203010100"]["available_twd"] - after["3203010100"]["available_twd"] == 30_000
    assert after["3203010100"]["reserved_twd"] == 30_000


def test_health_and_document_are_open_to_everybody(system: System) -> None:
    assert system.http.get("/api/v1/health").json()["status"] == "ok"
    assert system.http.get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")
    page = system.http.get("/api/v1/").content.decode()
    assert "/api/v1/vouchers" in page and "https://" not in page.replace("https://.", "")
