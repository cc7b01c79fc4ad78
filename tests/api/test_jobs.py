"""Bulk: a job worked by a worker that may be killed at any moment, a result for each voucher."""

from typing import Any

import pytest

from tests.api.system import System, system_of
from tests.core.threads import at_once
from tests.factories import CABINET, Desk, statements
from tests.vouchers.examples import remittance
from treasury.core import outbox
from treasury.core.models import OutboxEvent
from vouchers.models import Voucher, VoucherJob, VoucherJobItem
from vouchers.services import jobs


def _file(*contents: dict[str, Any]) -> dict[str, Any]:
    return {"format": "epay-vouchers/1", "agency_code": CABINET, "fiscal_year": 114, "vouchers": list(contents)}


def _many(count: int) -> list[dict[str, Any]]:
    return [remittance() | {"number": f"J-{index:04d}"} for index in range(count)]


def _work() -> None:
    for event in OutboxEvent.objects.filter(topic=jobs.TOPIC, done_at__isnull=True).order_by("pk"):
        outbox.deliver(event.pk)


def test_each_voucher_has_its_own_result(system: System) -> None:
    bad = remittance() | {"number": "J-BAD", "total_twd": 31_000}
    answer = system.post("/voucher-jobs?submit=true", _file(*_many(2), bad, remittance() | {"number": "J-0001"}))
    assert (answer.status, answer.json["state"], answer.json["done_count"]) == (202, "working", 0)
    _work()

    job = system.get(answer.headers["Location"].removeprefix("/api/v1")).json

    assert (job["state"], job["done_count"]) == ("done", 4)
    assert [row["state"] for row in job["results"]] == ["submitted", "submitted", "refused", "refused"]
    assert [row.get("problem", {}).get("code") for row in job["results"][2:]] == ["voucher_refused", "number_taken"]
    assert job["results"][2]["problem"]["errors"][0]["remedy_en"]
    assert set(Voucher.objects.values_list("number", "state")) == {("J-0000", "in_review"), ("J-0001", "in_review")}


def test_a_worker_killed_midway_leaves_what_it_has_done(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    system.post("/voucher-jobs", _file(*_many(6)))
    create, made = jobs.voucher_create, []

    def killed(**options: Any) -> Voucher:
        row = create(**options)
        made.append(row)
        if len(made) == 3:
            raise KeyboardInterrupt
        return row

    monkeypatch.setattr(jobs, "voucher_create", killed)
    with pytest.raises(KeyboardInterrupt):
        _work()
    job = VoucherJob.objects.get()
    assert (job.state, Voucher.objects.count()) == ("working", 2)
    monkeypatch.setattr(jobs, "voucher_create", create)

    _work()
    jobs.job_work(job_id=job.pk)

    assert VoucherJob.objects.get().state == "done"
    assert list(VoucherJobItem.objects.order_by("index").values_list("state", flat=True)) == ["created"] * 6
    assert Voucher.objects.count() == 6


def test_two_workers_at_one_job_create_each_voucher_once(shared_desk: Desk) -> None:
    system_of(shared_desk).post("/voucher-jobs", _file(*_many(8)))
    job = VoucherJob.objects.get()

    at_once(*[lambda: jobs.job_work(job_id=job.pk)] * 3)

    assert Voucher.objects.count() == 8
    assert set(VoucherJobItem.objects.values_list("state", flat=True)) == {"created"}


def test_a_job_is_taken_and_read_by_as_many_statements_for_two_thousand(system: System) -> None:
    assert system.token
    few = statements(lambda: system.post("/voucher-jobs", _file(*_many(10))))
    more = statements(lambda: system.post("/voucher-jobs", _file(*_many(2_000))))
    small, large = VoucherJob.objects.order_by("pk").values_list("pk", flat=True)

    assert more == few
    assert statements(lambda: system.get(f"/voucher-jobs/{large}")) == statements(
        lambda: system.get(f"/voucher-jobs/{small}")
    )


def test_a_client_revoked_meanwhile_creates_nothing_more(system: System) -> None:
    system.post("/voucher-jobs", _file(*_many(2)))
    assert system.client.user is not None
    system.client.user.is_active = False
    system.client.user.save()

    _work()

    assert not Voucher.objects.exists()
    assert {row.problem["code"] for row in VoucherJobItem.objects.all()} == {"role_missing"}
