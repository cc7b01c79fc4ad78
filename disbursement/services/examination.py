"""審核: the rules again over what was signed, then acceptance in one transaction, or a return (B-23, B-24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from disbursement.models import Acceptance, ReturnNotice
from disbursement.services.draws import draws_of, event_ref, reliefs_of
from disbursement.services.returns import require_seen, voucher_return
from signing import services as signing
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.numbers import next_number
from treasury.core.steps import perform
from treasury.ledger import events
from treasury.ledger import selectors as ledger_selectors
from treasury.ledger import services as ledger
from vouchers import selectors as vouchers
from vouchers.facts import VoucherFacts
from vouchers.rules import Finding, check_entry, check_examination, reasons
from vouchers.rules.worlds import ExaminationWorld

if TYPE_CHECKING:
    from vouchers.models import Voucher


@dataclass(frozen=True, slots=True)
class Examination:
    """What the examiner sees: every finding of the rules over the signed bytes."""

    findings: tuple[Finding, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """The return reasons marked, sorted, each once."""
        return tuple(filter(None, reasons(self.findings).split(";")))


def voucher_examine(*, voucher: Voucher, tables: vouchers.EntryTables | None = None) -> Examination:
    """Runs the entry rules and, where they find nothing, the treasury's over the signed content; stores nothing."""
    tables = tables or vouchers.EntryTables(clock.today())
    facts = VoucherFacts.from_content(
        _content(voucher), agency_code=voucher.agency_code, fiscal_year=voucher.fiscal_year
    )
    entry_world = tables.world(fiscal_year=facts.fiscal_year, number_taken=False)
    findings = check_entry(facts, entry_world)
    if not findings:
        findings = check_examination(facts, _examination_world(voucher, facts, tables))
    return Examination(findings)


def _content(voucher: Voucher) -> dict[str, Any]:
    """What was signed; on paper it is what was printed, which nobody can change any more (A-5.4)."""
    if voucher.state == "paper_received":
        content: dict[str, Any] = voucher.content
        return content
    return signing.voucher_signed(document_ref=voucher.reference, revision=voucher.revision)


def _examination_world(voucher: Voucher, facts: VoucherFacts, tables: vouchers.EntryTables) -> ExaminationWorld:
    case = facts.advance_case
    return ExaminationWorld(
        accounts=tables.accounts(facts.fiscal_year),
        available_twd=ledger_selectors.available(facts.fiscal_year, list(facts.draws_twd())),
        fund_available_twd=ledger_selectors.fund_available(_funds(facts)),
        case=ledger_selectors.case(facts.agency_code, case) if facts.is_advance and case else None,
        originals=vouchers.originals_of(voucher),
    )


def _funds(facts: VoucherFacts) -> set[str]:
    return {line.fund_code for line in facts.account_lines if line.fund_code}


def voucher_accept(*, voucher: Voucher, actor: Actor, checks: Sequence[str] = ()) -> Acceptance:
    """Accepts a voucher: balance reserved, number given, register written, all or nothing (B-23.0).

    `checks`: what the examiner ticked (requirement IDs), kept in the history. A transfer voucher is booked in the same
    transaction. Problem `overdraft` when the balance does not suffice, `revision_changed` (409) when another revision
    came in since `voucher` was read.
    """
    with transaction.atomic():
        row = perform(voucher, "accept", actor=actor, details={"checks": sorted(checks)} if checks else None)
        require_seen(row, voucher)
        common: dict[str, Any] = {
            "agency_code": row.agency_code,
            "fiscal_year": row.fiscal_year,
            "on": clock.today(),
        }
        if row.kind == "transfer":
            ledger.transfer_post(event_ref=event_ref(row), draws=draws_of(row), reliefs=reliefs_of(row), **common)
            perform(row, "post", actor=actor)
        else:
            ledger.book(events.RESERVE, event_ref=event_ref(row), draws=draws_of(row), **common)
        return Acceptance.objects.create(
            voucher_id=row.pk,
            revision=row.revision,
            fiscal_year=row.fiscal_year,
            register_no=next_number(f"register/{row.fiscal_year}"),
            accepted_on=clock.today(),
            accepted_at=clock.now(),
            examiner_id=actor.user_id,
            examiner_name=actor.name,
        )


def voucher_decide(
    *, voucher: Voucher, actor: Actor, tables: vouchers.EntryTables | None = None
) -> Acceptance | ReturnNotice:
    """What an examiner with no doubts does: accepts a voucher without findings, returns one with them."""
    for _ in range(2):
        examination = voucher_examine(voucher=voucher, tables=tables)
        if examination.findings:
            return voucher_return(
                voucher=voucher,
                actor=actor,
                reasons=examination.reasons,
                findings=[finding.as_dict() for finding in examination.findings],
            )
        try:
            return voucher_accept(voucher=voucher, actor=actor)
        except Problem as problem:
            # Another examiner took the balance between our look and our hold: look again, once.
            if problem.code != "overdraft":
                raise
    raise Problem("overdraft", f"the balance for {voucher.reference} changes under our hands", status=409)
