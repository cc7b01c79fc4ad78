"""Vouchers handed over in bulk: taken in at once, worked through one by one by a worker that may die at any moment."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from treasury.core import clock, outbox
from treasury.core.actors import Actor
from treasury.core.api.problems import problem_object
from treasury.core.errors import Problem
from treasury.core.steps import authorize
from vouchers.exchange import ItemState, JobState
from vouchers.models import Voucher, VoucherJob, VoucherJobItem
from vouchers.selectors import EntryTables
from vouchers.services.preparation import voucher_create, voucher_submit

TOPIC = "VoucherJobRecorded"


def job_record(
    *, agency_code: str, fiscal_year: int, contents: Sequence[dict[str, Any]], submits: bool, actor: Actor
) -> VoucherJob:
    """Keeps vouchers to be worked through and tells the workers; a fixed number of statements (A-5.1).

    With `submits` a voucher that an entry rule speaks against is not created at all, so that its number stays free.
    Problem `no_person` (403) for the system, 403 when the actor may not.
    """
    if actor.user_id is None:
        raise Problem("no_person", "only a person hands vouchers over", status=403)
    authorize(actor=actor, permission="vouchers.create_voucher", agency_code=agency_code, earlier=())
    with transaction.atomic():
        job = VoucherJob.objects.create(
            agency_id=agency_code,
            fiscal_year=fiscal_year,
            actor_id=actor.user_id,
            actor_name=actor.name,
            actor_role=actor.role,
            address=actor.address,
            submits=submits,
            voucher_count=len(contents),
            created_at=clock.now(),
        )
        VoucherJobItem.objects.bulk_create(
            [
                VoucherJobItem(job=job, index=index, number=content["number"], content=content)
                for index, content in enumerate(contents)
            ],
            batch_size=5000,
        )
        outbox.record(TOPIC, job_id=job.pk)
        return job


def job_work(*, job_id: int) -> None:
    """Gives every voucher of a job that has none its result, each in a transaction of its own, in the job's order.

    Whoever is killed leaves the results so far; called again, it goes on where they end.
    """
    job = VoucherJob.objects.get(pk=job_id)
    tables = EntryTables(clock.today())
    waiting = VoucherJobItem.objects.filter(job=job, state=ItemState.WAITING).order_by("index")
    for item_id in list(waiting.values_list("pk", flat=True)):
        _work(job, item_id, tables)
    VoucherJob.objects.filter(pk=job_id, state=JobState.WORKING).update(state=JobState.DONE, done_at=clock.now())


def _work(job: VoucherJob, item_id: int, tables: EntryTables) -> None:
    """One voucher: its result is stored with its effect, or neither is."""
    with transaction.atomic():
        item = VoucherJobItem.objects.select_for_update().get(pk=item_id)
        if item.state != ItemState.WAITING:
            return
        try:
            with transaction.atomic():
                item.voucher = _created(job, item, tables)
            item.state = ItemState.SUBMITTED if job.submits else ItemState.CREATED
        except Problem as problem:
            item.voucher, item.state, item.problem = None, ItemState.REFUSED, problem_object(problem)
        item.save(update_fields=["voucher", "state", "problem"])


def _created(job: VoucherJob, item: VoucherJobItem, tables: EntryTables) -> Voucher:
    actor = Actor(job.actor_id, job.actor_name, job.actor_role, job.agency_id, job.address)
    voucher = voucher_create(
        content=item.content, agency_code=job.agency_id, fiscal_year=job.fiscal_year, actor=actor, origin="api"
    )
    return voucher_submit(voucher=voucher, actor=actor, tables=tables) if job.submits else voucher
