"""The agency's steps before any signature: create, change, submit, review, send back, correct."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.parameters import parameters_on
from treasury.core.steps import authorize, born, perform
from vouchers import selectors
from vouchers.facts import VoucherFacts
from vouchers.files import read_voucher
from vouchers.models import Voucher
from vouchers.rules import Finding, check_entry
from vouchers.services.intake import draft_of, numbers_hold

CONTENT = ("kind", "method", "issue_on", "payable_on", "purpose", "total_twd", "payee_count", "content")


class VoucherRefused(Problem):
    """The entry rules found something; the agency cannot submit."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        first = findings[0]
        super().__init__("voucher_refused", first.message_zh, path=first.path)
        self.findings = findings


def voucher_create(
    *, content: dict[str, Any], agency_code: str, fiscal_year: int, actor: Actor, origin: str
) -> Voucher:
    """Stores one voucher as a draft (B-8); `origin` says by which way it came (`form`, `api`).

    Findings do not hinder a draft, only its submission. Problem of `read_voucher`, `number_taken` (409) for a number
    the agency has used in the fiscal year (B-9.2), 403 when the actor may not.
    """
    checked = read_voucher(content)
    authorize(actor=actor, permission="vouchers.create_voucher", agency_code=agency_code, earlier=())
    facts = VoucherFacts.from_content(checked, agency_code=agency_code, fiscal_year=fiscal_year)
    with transaction.atomic():
        numbers_hold(agency_code, fiscal_year)
        if selectors.number_is_taken(agency_code, fiscal_year, checked["number"]):
            raise Problem("number_taken", f"憑單編號 {checked['number']} 已使用", path="/number", status=409)
        row = draft_of(checked, agency_code=agency_code, fiscal_year=fiscal_year, facts=facts, origin=origin)
        row.save(force_insert=True)
        born(row, actor=actor)
        return row


def content_findings(
    *, content: dict[str, Any], agency_code: str, fiscal_year: int, besides: Voucher | None = None
) -> tuple[Finding, ...]:
    """What the entry rules say of a voucher object today, as a dry run; `besides` is the voucher of its number."""
    checked = read_voucher(content)
    facts = VoucherFacts.from_content(checked, agency_code=agency_code, fiscal_year=fiscal_year)
    is_own = besides is not None and besides.number == checked["number"]
    taken = not is_own and selectors.number_is_taken(agency_code, fiscal_year, checked["number"])
    tables = selectors.EntryTables(clock.today())
    return check_entry(facts, tables.world(fiscal_year=fiscal_year, number_taken=taken))


def voucher_findings(row: Voucher, tables: selectors.EntryTables | None = None) -> tuple[Finding, ...]:
    """What the entry rules say of a voucher today; its own number is no finding. `tables` serve many vouchers."""
    tables = tables or selectors.EntryTables(clock.today())
    world = tables.world(fiscal_year=row.fiscal_year, number_taken=False)
    return check_entry(facts_of(row), world)


def facts_of(row: Voucher) -> VoucherFacts:
    """The frozen facts of a voucher, as the rules see it."""
    return VoucherFacts.from_content(row.content, agency_code=row.agency_code, fiscal_year=row.fiscal_year)


def voucher_submit(*, voucher: Voucher, actor: Actor, tables: selectors.EntryTables | None = None) -> Voucher:
    """Sends a draft to review (A-5.2); VoucherRefused while an entry rule finds something.

    `tables` serve many vouchers.
    """
    with transaction.atomic():
        row = perform(voucher, "submit", actor=actor)
        findings = voucher_findings(row, tables)
        if findings:
            raise VoucherRefused(findings)
        return row


def voucher_pass_review(*, voucher: Voucher, actor: Actor) -> Voucher:
    """Passes review on to the chief accountant; a payment above the e-payment limit goes to paper instead (A-5.4)."""
    with transaction.atomic():
        row = selectors.voucher(voucher.pk, locked=True)
        return perform(row, "print_for_paper" if goes_on_paper(row) else "pass_review", actor=actor)


def goes_on_paper(row: Voucher) -> bool:
    """Whether a voucher is signed on paper: a payment above the e-payment limit, or one that says so (A-5.4, B-7)."""
    limit_twd = parameters_on(clock.today()).epay_limit_twd
    channel = selectors.content_part(row, "channel") or "electronic"
    return row.kind == "payment" and (row.total_twd > limit_twd or channel != "electronic")


def voucher_send_back(*, voucher: Voucher, actor: Actor, because: str) -> Voucher:
    """Sends a voucher back to its clerk; signatures given so far no longer count (revision + 1)."""
    return _reopen(voucher, "send_back", actor=actor, because=because)


def voucher_withdraw(*, voucher: Voucher, actor: Actor, because: str) -> Voucher:
    """Takes a released voucher back before the treasury has taken it in (取回, B-13.2)."""
    return _reopen(voucher, "withdraw", actor=actor, because=because)


def voucher_correct(*, voucher: Voucher, actor: Actor) -> Voucher:
    """Reopens a returned voucher as a draft under the same number, revision + 1 (B-9.2)."""
    return _reopen(voucher, "correct", actor=actor)


def _reopen(voucher: Voucher, verb: str, *, actor: Actor, because: str = "") -> Voucher:
    """Takes a step back to a draft of the next revision, counted on the locked row: none is ever given twice."""
    with transaction.atomic():
        row = selectors.voucher(voucher.pk, locked=True)
        return perform(row, verb, actor=actor, because=because, change={"revision": row.revision + 1})


def voucher_cancel(*, voucher: Voucher, actor: Actor, because: str) -> Voucher:
    """Gives a draft or returned voucher up; its number stays used (B-9.2)."""
    return perform(voucher, "cancel", actor=actor, because=because)


def voucher_change(*, voucher: Voucher, content: dict[str, Any], actor: Actor) -> Voucher:
    """Replaces the content of a draft; the history keeps what was there before (B-8).

    Problem of `read_voucher`, or `number_fixed` when it names another number.
    """
    checked = read_voucher(content)
    if checked["number"] != voucher.number:
        raise Problem("number_fixed", "the number of a voucher stays as it is", path="/number")
    facts = VoucherFacts.from_content(checked, agency_code=voucher.agency_code, fiscal_year=voucher.fiscal_year)
    fresh = draft_of(
        checked,
        agency_code=voucher.agency_code,
        fiscal_year=voucher.fiscal_year,
        facts=facts,
        origin=voucher.origin,
    )
    with transaction.atomic():
        before = selectors.voucher(voucher.pk, locked=True).content
        return perform(
            voucher,
            "change",
            actor=actor,
            details={"before": _changed(before, checked)},
            change={name: getattr(fresh, name) for name in CONTENT},
        )


def voucher_edit(*, voucher_id: int, edited: Callable[[Voucher], dict[str, Any]], actor: Actor) -> Voucher:
    """Replaces the content of a draft by what `edited` makes of the voucher while nobody else can change it.

    Problem `voucher_unknown` (404), those of `edited` (which may refuse what was seen) and of `voucher_change`.
    """
    with transaction.atomic():
        row = selectors.voucher(voucher_id, locked=True)
        return voucher_change(voucher=row, content=edited(row), actor=actor)


def _changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What the fields that change said before; null for a field that was not there."""
    names = sorted(before.keys() | after.keys())
    return {name: before.get(name) for name in names if before.get(name) != after.get(name)}
