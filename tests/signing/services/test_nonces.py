"""A number used once, also by two at the same moment."""

import hashlib
from typing import Any

import pytest

from agencies.models import User
from signing import services
from signing.content import content_build, split
from signing.models import Nonce
from signing.refusals import Refused
from signing.services.nonces import nonce_use
from tests.core.threads import at_once
from tests.signing.conftest import CABINET
from tests.signing.documents import REF, document
from treasury.core import clock


@pytest.mark.threat("nonce-used")
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_uses_it() -> None:
    user = User.objects.create_user("楊首長", agency_code=CABINET)
    nonce = services.nonce_issue(document_ref=REF, revision=1, capacity="head", user_id=user.pk)
    content = content_build(document=document(), capacity="head", nonce=nonce, statement_version="1")
    given: dict[str, Any] = {"content": split(content), "content_sha256": hashlib.sha256(content).digest()}

    def use() -> str:
        nonce_use(**given, user_id=user.pk, session="", at=clock.now())
        return "used"

    said = at_once(*[use] * 4)

    refusals = [one.code for one in said if isinstance(one, Refused)]
    assert (said.count("used"), refusals) == (1, ["nonce_used"] * 3)
    assert Nonce.objects.get().used_at is not None
