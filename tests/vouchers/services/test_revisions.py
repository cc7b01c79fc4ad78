"""A revision is given once: signatures of one content never count for another."""

import pytest

from tests.core.conftest import morning, people  # noqa: F401
from tests.core.drafts import actor, draft
from treasury.core.steps import perform
from vouchers.models import Voucher
from vouchers.services.preparation import voucher_send_back

pytestmark = pytest.mark.usefixtures("people")


def test_a_stale_copy_in_hand_does_not_give_a_revision_twice() -> None:
    stale = draft()
    for _ in range(2):
        perform(stale, "submit", actor=actor("clerk"))
        voucher_send_back(voucher=stale, actor=actor("reviewer"), because="用途別有誤")

    assert Voucher.objects.get(pk=stale.pk).revision == 3
