"""Signing and release: the three signatures over a voucher, and its handing over to the treasury."""

from django.db import transaction

from signing import services as signing
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.offers import step_check
from treasury.core.parameters import parameters_on
from treasury.core.steps import perform
from vouchers import selectors
from vouchers.models import Voucher
from vouchers.states import VOUCHER

VERBS = {"accountant": "certify_accountant", "head": "certify_head"}
RELEASER = "releaser"


def verb_of(capacity: str) -> str:
    """The step that a signature in a capacity takes; Problem `capacity_unknown` (403)."""
    if capacity not in (*VERBS, RELEASER):
        raise Problem("capacity_unknown", f"nobody signs as {capacity}", path="/capacity", status=403)
    return VERBS.get(capacity, "release")


def signing_content(*, voucher: Voucher, capacity: str, actor: Actor, session: str = "") -> bytes:
    """The canonical bytes that a person is to sign in a capacity, with a fresh nonce (A-1.1).

    A `session` binds them: the signature is then taken from that session only.
    Problem `capacity_not_asked`, or `wrong_state` (409) while it is not that capacity's turn.
    """
    parameters = parameters_on(clock.today())
    if capacity not in parameters.required_capacities:
        raise Problem("capacity_not_asked", f"the profile asks for no signature of the {capacity}")
    if voucher.state not in VOUCHER.step(verb_of(capacity)).sources:
        raise Problem("wrong_state", f"{voucher.reference} does not wait for the {capacity}", status=409)
    return signing.content_issue(
        document=selectors.voucher_document(voucher),
        capacity=capacity,
        user_id=_person(actor),
        statement_version=parameters.statement_version,
        session=session,
    )


def signature_prove(
    *, voucher: Voucher, capacity: str, actor: Actor, content: bytes, message: bytes
) -> signing.Proof | None:
    """Has a person's signature proven and timestamped before anything is locked; None where none is asked for.

    Whoever may not take the step does not get so far. Problem of `perform`, `timestamp_unavailable` (503); Refused.
    """
    step_check(voucher, verb_of(capacity), actor=actor)
    if capacity not in parameters_on(clock.today()).required_capacities:
        return None
    return signing.signature_prove(
        document_ref=voucher.reference,
        revision=voucher.revision,
        capacity=capacity,
        agency_code=voucher.agency_code,
        content=content,
        message=message,
    )


def voucher_sign(
    *, voucher: Voucher, capacity: str, actor: Actor, proof: signing.Proof | None, session: str = ""
) -> Voucher:
    """What a person's proven signature brings about in a capacity: the certifiers' certifies, the releaser's releases.

    At release the electronic payment document is sealed and the treasury is told (A-5.3, B-6.2). Problem
    `signature_missing` when the profile asks for a signature and there is no proof of one.
    """
    capacities = parameters_on(clock.today()).required_capacities
    if capacity in capacities and proof is None:
        raise Problem("signature_missing", f"{voucher.reference} lacks the signature of the {capacity}")
    with transaction.atomic():
        row = perform(voucher, verb_of(capacity), actor=actor)
        if proof is not None:
            signing.signature_store(
                proof=proof,
                document_ref=row.reference,
                revision=row.revision,
                capacity=capacity,
                user_id=_person(actor),
                agency_code=row.agency_code,
                session=session,
            )
        if capacity == RELEASER:
            signing.document_seal(document_ref=row.reference, revision=row.revision, required_capacities=capacities)
        return row


def voucher_certify(
    *, voucher: Voucher, capacity: str, actor: Actor, content: bytes, message: bytes, session: str = ""
) -> Voucher:
    """Certifies a voucher as chief accountant or head with a signature that passes the gate (B-6.2).

    Problem `capacity_unknown` for any other capacity: a releaser signs by releasing.
    """
    if capacity not in VERBS:
        raise Problem("capacity_unknown", f"nobody certifies as {capacity}", path="/capacity")
    proof = signature_prove(voucher=voucher, capacity=capacity, actor=actor, content=content, message=message)
    return voucher_sign(voucher=voucher, capacity=capacity, actor=actor, proof=proof, session=session)


def voucher_release(
    *, voucher: Voucher, actor: Actor, content: bytes = b"", message: bytes = b"", session: str = ""
) -> Voucher:
    """Hands a certified voucher over to the treasury: the releaser signs where the profile asks for it, the
    electronic payment document is sealed and the treasury is told (A-5.3, B-6.2)."""
    proof = signature_prove(voucher=voucher, capacity=RELEASER, actor=actor, content=content, message=message)
    return voucher_sign(voucher=voucher, capacity=RELEASER, actor=actor, proof=proof, session=session)


def _person(actor: Actor) -> int:
    """The id of the person who acts; Problem `no_person` (403) for the system."""
    if actor.user_id is None:
        raise Problem("no_person", "only a person signs", status=403)
    return actor.user_id
