"""The rules a voucher is judged by: a module per article, a function per rule.

`check_entry` is what the agency is told before it can submit, `check_examination` what the treasury returns a
voucher for. At each stage every rule runs and every finding counts, in the order of `CATALOGUE`. Rules see
frozen facts and a world given to them; they read no table, no clock and no file. `docs/rules.md` is made from
the catalogue.
"""

from itertools import chain
from types import ModuleType
from typing import Any

from vouchers.facts import VoucherFacts
from vouchers.reasons import joined
from vouchers.rules import (
    a05_payment_limit,
    b07_paper_fallback,
    b09_notes,
    b09_payees,
    b09_preparation,
    b11_certification,
    b14_entrusted,
    b15_banks_and_cheques,
    b16_staff_money,
    b17_collection_slips,
    b20_transfers,
    b21_foreign_currency,
    b23_balance,
    b24_return_reasons,
    b27_crossing,
    b31_advances,
    documentation,
)
from vouchers.rules.b24_return_reasons import year_is_open_or_carried_over
from vouchers.rules.catalogue import Finding, Rule, Stage
from vouchers.rules.worlds import EntryWorld, ExaminationWorld

ARTICLES: tuple[ModuleType, ...] = (
    a05_payment_limit,
    b07_paper_fallback,
    b09_preparation,
    b09_payees,
    b09_notes,
    b11_certification,
    b14_entrusted,
    b15_banks_and_cheques,
    b16_staff_money,
    b17_collection_slips,
    b20_transfers,
    b21_foreign_currency,
    b23_balance,
    b24_return_reasons,
    b27_crossing,
    b31_advances,
)


def rules_of(article: ModuleType) -> tuple[Rule[Any], ...]:
    """The rules of one article, in the order in which they are written."""
    return tuple(member for member in vars(article).values() if isinstance(member, Rule))


CATALOGUE: tuple[Rule[Any], ...] = tuple(chain.from_iterable(map(rules_of, ARTICLES)))
_ENTRY = tuple(rule for rule in CATALOGUE if rule.stage is Stage.ENTRY)
_EXAMINATION = tuple(rule for rule in CATALOGUE if rule.stage is Stage.EXAMINATION)


def check_entry(facts: VoucherFacts, world: EntryWorld) -> tuple[Finding, ...]:
    """What stops a voucher at the agency; a closed fiscal year stands alone (B-24.6)."""
    closed = tuple(year_is_open_or_carried_over.check(facts, world))
    return closed or tuple(finding for rule in _ENTRY for finding in rule.check(facts, world))


def check_examination(facts: VoucherFacts, world: ExaminationWorld) -> tuple[Finding, ...]:
    """What the treasury returns a voucher for; asked only for one without entry findings (B-23, B-24)."""
    return tuple(finding for rule in _EXAMINATION for finding in rule.check(facts, world))


def reasons(findings: tuple[Finding, ...]) -> str:
    """The reasons of some findings, each once, sorted: `R03;R10`; empty without findings."""
    return joined(finding.reason for finding in findings)


def document() -> str:
    """The text of `docs/rules.md`: one table per article."""
    return documentation.document({article: rules_of(article) for article in ARTICLES})


__all__ = [
    "ARTICLES",
    "CATALOGUE",
    "EntryWorld",
    "ExaminationWorld",
    "Finding",
    "Rule",
    "Stage",
    "check_entry",
    "check_examination",
    "document",
    "reasons",
    "rules_of",
]
