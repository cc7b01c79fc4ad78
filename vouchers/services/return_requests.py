"""申請退件: an agency asks the treasury to return a voucher that it has taken in (B-13.2)."""

from typing import Final

from django.db import transaction

from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.steps import authorize
from vouchers import selectors
from vouchers.models import ReturnRequest, Voucher
from vouchers.states import VOUCHER

PERMISSION: Final = "vouchers.request_return"
# As long as the treasury may return it; once an instruction has left, only recovery helps (B-13.3).
STATES: Final = VOUCHER.step("return_to_agency").sources


def return_request(*, voucher: Voucher, actor: Actor, because: str) -> Voucher:
    """Records the request and leaves the voucher where it is: the examiner decides, with reason R07.

    Problem `wrong_state` (409) before reception and once payment has begun, 403 when the actor may not,
    `return_requested` (409) when this revision was asked back before.
    """
    with transaction.atomic():
        row = selectors.voucher(voucher.pk, locked=True)
        if row.state not in STATES:
            raise Problem("wrong_state", f"憑單 {row.number} 目前狀態不得申請退件", status=409)
        authorize(actor=actor, permission=PERMISSION, agency_code=row.agency_code, earlier=())
        if actor.user_id is None:
            raise Problem("no_person", "only a person asks for a return", status=403)
        if selectors.return_request_of(row) is not None:
            raise Problem("return_requested", f"憑單 {row.number} 已申請退件，等待公庫處理", status=409)
        ReturnRequest.objects.create(
            voucher=row,
            revision=row.revision,
            because=because,
            requested_at=clock.now(),
            actor_id=actor.user_id,
            actor_name=actor.name,
            actor_role=actor.role,
            address=actor.address,
        )
        return row
