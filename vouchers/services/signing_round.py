"""Signing one voucher or many with the PIN typed once: what is signed, then each signature taken by itself (B-6.2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from signing import services as signing
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.idempotency import is_done, once
from treasury.core.offers import earlier_acts, refusal
from treasury.core.parameters import parameters_on
from vouchers import selectors
from vouchers.models import Voucher
from vouchers.rules import Finding
from vouchers.services.certification import signature_prove, signing_content, verb_of, voucher_sign
from vouchers.services.preparation import voucher_findings
from vouchers.states import STATES, VOUCHER

ROUND_MAX = 50


@dataclass(frozen=True, slots=True)
class Signable:
    """A voucher before a signer: `problem` says why it cannot be signed now, `findings` what the rules say today."""

    voucher: Voucher
    problem: Problem | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A voucher with the bytes to be signed, or with the problem that keeps it out of the round."""

    voucher: Voucher
    content: bytes = b""
    problem: Problem | None = None


def needs_card(capacity: str) -> bool:
    """Whether the profile asks for a signature in a capacity: a releaser may hand over without one (B-6.2)."""
    return capacity in parameters_on(clock.today()).required_capacities


def signables(*, vouchers: Sequence[Voucher], capacity: str, actor: Actor) -> tuple[Signable, ...]:
    """What a signer is to look at before signing, with what hinders each; nothing is held or raised."""
    tables = selectors.EntryTables(clock.today())
    problems = hindrances(vouchers, capacity, actor)
    return tuple(Signable(row, problems.get(row.pk), voucher_findings(row, tables)) for row in vouchers)


def round_prepare(
    *, vouchers: Sequence[Voucher], seen: Mapping[int, int], capacity: str, actor: Actor, session: str
) -> tuple[Prepared, ...]:
    """The bytes to be signed for each voucher, bound to a session; `seen` are the revisions looked at, by id.

    One that cannot be signed is left out with its problem and does not stop the others.
    """
    problems = hindrances(vouchers, capacity, actor)
    return tuple(_prepare(row, problems.get(row.pk), seen, capacity, actor, session) for row in vouchers)


def _prepare(
    row: Voucher, problem: Problem | None, seen: Mapping[int, int], capacity: str, actor: Actor, session: str
) -> Prepared:
    if problem is None and seen.get(row.pk) != row.revision:
        problem = Problem("seen_is_stale", f"憑單 {row.number} 已為第 {row.revision} 版，請重新審閱", status=409)
    if problem is not None:
        return Prepared(row, problem=problem)
    try:
        return Prepared(row, signing_content(voucher=row, capacity=capacity, actor=actor, session=session))
    except Problem as refused:
        return Prepared(row, problem=refused)


def signature_take(
    *, voucher: Voucher, capacity: str, actor: Actor, head: bytes, message: bytes, session: str, key: str
) -> str:
    """Takes one signature of a round in a transaction of its own and returns the state reached.

    `head` is that of the content issued, `key` names the signature in its round: the same one again has no second
    effect. It is timestamped before that transaction. Problem of `signature_prove` and `voucher_sign`; nothing is
    stored then.
    """
    scope, body = f"sign {actor.user_id} {capacity}", message or b"-"
    row = selectors.voucher(voucher.pk)
    proof: signing.Proof | None = None
    if not is_done(scope=scope, key=key):
        content = signing.join(head, signing.body_build(row.content)) if head else b""
        proof = signature_prove(voucher=row, capacity=capacity, actor=actor, content=content, message=message)

    def effect() -> str:
        signed = voucher_sign(voucher=row, capacity=capacity, actor=actor, proof=proof, session=session)
        return str(signed.state)

    state: str = once(scope=scope, key=key, body=body, effect=effect)
    return state


def hindrances(vouchers: Iterable[Voucher], capacity: str, actor: Actor) -> dict[int, Problem]:
    """Why vouchers cannot be signed by an actor now (state, role, separation of duty), by id; those free are not in."""
    step = VOUCHER.step(verb_of(capacity))
    rows = list(vouchers)
    earlier = earlier_acts(Voucher, [row.pk for row in rows])
    found: dict[int, Problem] = {}
    for row in rows:
        if row.state not in step.sources:
            detail = f"憑單 {row.number} 目前為「{STATES[row.state][0]}」"
            found[row.pk] = Problem("wrong_state", detail, status=409)
            continue
        problem = refusal(actor=actor, permission=step.permission, subject=row, earlier=earlier.get(row.pk, []))
        if problem is not None:
            found[row.pk] = problem
    return found
