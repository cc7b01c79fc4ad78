"""Signing and release: the three signatures over a voucher, and its handing over to the treasury."""

from typing import Any

from django.db import transaction

from signing import services as signing
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.parameters import parameters_on
from treasury.core.steps import perform
from vouchers import selectors
from vouchers.models import Voucher
from vouchers.states import VOUCHER

VERBS = {"accountant": "certify_accountant", "head": "certify_head"}
RELEASER = "releaser"


def signing_content(*, voucher: Voucher, capacity: str, actor: Actor, session: str = "") -> bytes:
    """The canonical bytes that a person is to sign in a capacity, with a fresh nonce (A-1.1).

    A `session` binds them: the signature is then taken from that session only.
    Problem `capacity_not_asked`, or `wrong_state` (409) while it is not that capacity's turn.
    """
    parameters = parameters_on(clock.today())
    if capacity not in parameters.required_capacities:
        raise Problem("capacity_not_asked", f"the profile asks for no signature of the {capacity}")
    if voucher.state not in VOUCHER.step(VERBS.get(capacity, "release")).sources:
        raise Problem("wrong_state", f"{voucher.reference} does not wait for the {capacity}", status=409)
    return signing.content_issue(
        document=selectors.voucher_document(voucher),
        capacity=capacity,
        user_id=_person(actor),
        statement_version=parameters.statement_version,
        session=session,
    )


def voucher_certify(
    *, voucher: Voucher, capacity: str, actor: Actor, content: bytes, message: bytes, session: str = ""
) -> Voucher:
    """Certifies a voucher as chief accountant or head with a signature that passes the gate (B-6.2).

    Problem `capacity_unknown` for any other capacity: a releaser signs by releasing.
    """
    if capacity not in VERBS:
        raise Problem("capacity_unknown", f"nobody certifies as {capacity}", path="/capacity")
    with transaction.atomic():
        row = perform(voucher, VERBS[capacity], actor=actor)
        _accept(row, capacity, actor, content, message, session)
        return row


def voucher_release(
    *, voucher: Voucher, actor: Actor, content: bytes = b"", message: bytes = b"", session: str = ""
) -> Voucher:
    """Hands a certified voucher over to the treasury: the releaser signs where the profile asks for it, the
    electronic payment document is sealed and the treasury is told (A-5.3, B-6.2)."""
    capacities = parameters_on(clock.today()).required_capacities
    with transaction.atomic():
        row = perform(voucher, "release", actor=actor)
        if RELEASER in capacities:
            _accept(row, RELEASER, actor, content, message, session)
        signing.document_seal(document_ref=row.reference, revision=row.revision, required_capacities=capacities)
        return row


def voucher_sign(
    *, voucher: Voucher, capacity: str, actor: Actor, content: bytes = b"", message: bytes = b"", session: str = ""
) -> Voucher:
    """What a person's signature brings about in a capacity: the certifiers' certifies, the releaser's releases."""
    signed: dict[str, Any] = {"content": content, "message": message, "session": session}
    if capacity == RELEASER:
        return voucher_release(voucher=voucher, actor=actor, **signed)
    return voucher_certify(voucher=voucher, capacity=capacity, actor=actor, **signed)


def _accept(row: Voucher, capacity: str, actor: Actor, content: bytes, message: bytes, session: str) -> Any:
    """Runs the gate over one signature and stores it."""
    return signing.signature_accept(
        document_ref=row.reference,
        revision=row.revision,
        capacity=capacity,
        user_id=_person(actor),
        agency_code=row.agency_code,
        content=content,
        message=message,
        session=session,
    )


def _person(actor: Actor) -> int:
    """The id of the person who acts; Problem `no_person` (403) for the system."""
    if actor.user_id is None:
        raise Problem("no_person", "only a person signs", status=403)
    return actor.user_id
