"""Vouchers handed over in bulk: a job, and a result for each."""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from agencies.api.views import AgencyView
from treasury.core.api.components import ID
from treasury.core.api.operations import KEY_HEADER, Operation, operation
from treasury.core.api.views import answered
from treasury.core.errors import Problem
from vouchers import selectors
from vouchers.api.schemas import JOB, VOUCHER_FILE
from vouchers.exchange import ItemState
from vouchers.models import VoucherJob, VoucherJobItem
from vouchers.schema import check_voucher_file
from vouchers.services.jobs import job_record


class VoucherJobsView(AgencyView):
    """/voucher-jobs"""

    @operation(
        Operation(
            name="voucher_job_create",
            title_zh="整批傳送憑單",
            title_en="Hand over vouchers in bulk",
            tag="voucher-jobs",
            scope="vouchers:write",
            query={"submit": {"type": "boolean", "default": False}},
            headers=(KEY_HEADER,),
            body=VOUCHER_FILE,
            check=check_voucher_file,
            status=202,
            answer=JOB,
            answer_headers=("Location",),
            description=(
                "The body is a voucher file. Each voucher stands or falls alone; with `submit` those without findings "
                "go to review and the others are not created."
            ),
        )
    )
    def post(self, request: Request) -> HttpResponse:
        """Takes the file in."""
        return self.once(self._record, scope=self.key_scope)

    def _record(self) -> dict[str, Any]:
        if self.content["agency_code"] != self.agency_code:
            raise Problem("other_agency", "", path="/agency_code", status=422)
        job = job_record(
            agency_code=self.agency_code,
            fiscal_year=self.content["fiscal_year"],
            contents=self.content["vouchers"],
            submits=self.query["submit"],
            actor=self.actor,
        )
        headers = {"Location": f"/api/v1/voucher-jobs/{job.pk}"}
        return {"status": 202, "body": job_object(job), "headers": headers}


class VoucherJobView(AgencyView):
    """/voucher-jobs/{job_id}"""

    @operation(
        Operation(
            name="voucher_job_read",
            title_zh="讀取整批傳送結果",
            title_en="Read a job with its results",
            tag="voucher-jobs",
            scope="vouchers:read",
            path={"job_id": ID},
            answer=JOB,
        )
    )
    def get(self, request: Request, job_id: int) -> HttpResponse:
        """The job as it stands."""
        return answered(job_object(selectors.voucher_job(job_id, agency_code=self.agency_code)))


def job_object(job: VoucherJob) -> dict[str, Any]:
    """A job with the result of each voucher, in one query."""
    items = list(job.items.defer("content").order_by("index"))
    return {
        "id": job.pk,
        "agency_code": str(job.agency_id),
        "fiscal_year": job.fiscal_year,
        "state": str(job.state),
        "submit": job.submits,
        "voucher_count": job.voucher_count,
        "done_count": sum(item.state != ItemState.WAITING for item in items),
        "created_at": job.created_at.isoformat(),
        "done_at": job.done_at.isoformat() if job.done_at else None,
        "results": [_result(item) for item in items],
    }


def _result(item: VoucherJobItem) -> dict[str, Any]:
    made: dict[str, Any] = {"index": item.index, "number": item.number, "state": str(item.state)}
    if item.voucher_id is not None:
        made["voucher_id"] = item.voucher_id
    if item.problem is not None:
        made["problem"] = item.problem
    return made
