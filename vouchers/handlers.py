"""What the vouchers' side does when news arrives: each handler may be called again for the same news."""

from treasury.core.outbox import handles
from vouchers.services.jobs import TOPIC, job_work


@handles(TOPIC)
def voucher_job_recorded(job_id: int) -> None:
    """Vouchers were handed over in bulk: work through those that have no result yet."""
    job_work(job_id=job_id)
