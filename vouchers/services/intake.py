"""Handing in voucher files: judged by the entry rules, then stored whole with what was found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.sql import fetch_value
from treasury.core.steps import authorize, born_each
from vouchers import selectors
from vouchers.drafts import UploadedFile
from vouchers.facts import VoucherFacts
from vouchers.files import VoucherFile, read_voucher_file
from vouchers.models import IntakeFile, IntakeItem, Voucher
from vouchers.rules import Finding, check_entry

_LOCK = "SELECT pg_advisory_xact_lock(7004, hashtext(%s))"


@dataclass(frozen=True, slots=True)
class Judged:
    """One voucher of a file with what the entry rules found."""

    index: int
    content: dict[str, Any]
    facts: VoucherFacts
    findings: tuple[Finding, ...]


def voucher_file_judge(*, file: VoucherFile, tables: selectors.EntryTables, taken: set[str]) -> Iterator[Judged]:
    """Runs the entry rules over a file in its order, storing nothing; adds its numbers to `taken` (B-9.2)."""
    for index, content in enumerate(file.vouchers):
        facts = VoucherFacts.from_content(
            content, agency_code=file.agency_code, fiscal_year=file.fiscal_year, index=index
        )
        world = tables.world(fiscal_year=file.fiscal_year, number_taken=content["number"] in taken)
        taken.add(content["number"])
        yield Judged(index, content, facts, check_entry(facts, world))


def voucher_file_import(*, data: bytes, name: str, on: date, clerk_of: Callable[[VoucherFile], Actor]) -> IntakeFile:
    """Takes a voucher file in, in one transaction: what passes becomes a draft, what does not is noted as refused.

    The same bytes again return the file already taken in. `clerk_of` says who hands a file in. Problem when the file
    cannot be read; then nothing is stored.
    """
    file = read_voucher_file(data, name)
    actor = clerk_of(file)
    authorize(actor=actor, permission="vouchers.create_voucher", agency_code=file.agency_code, earlier=())
    with transaction.atomic():
        numbers_hold(file.agency_code, file.fiscal_year)
        known = IntakeFile.objects.filter(sha256=file.sha256).first()
        if known is not None:
            return known
        intake = IntakeFile.objects.create(
            sha256=file.sha256,
            name=name[-255:],
            agency_code=file.agency_code,
            fiscal_year=file.fiscal_year,
            handed_in_on=on,
            handed_in_at=clock.now(),
        )
        taken = selectors.numbers_taken(agency_code=file.agency_code, fiscal_year=file.fiscal_year)
        judged = list(voucher_file_judge(file=file, tables=selectors.EntryTables(on), taken=taken))
        passed = iter(_drafts(file, [one for one in judged if not one.findings], actor))
        IntakeItem.objects.bulk_create(
            IntakeItem(
                file=intake,
                index=one.index,
                number=one.content["number"],
                total_twd=one.content["total_twd"],
                voucher=None if one.findings else next(passed),
                findings=[finding.as_dict() for finding in one.findings],
            )
            for one in judged
        )
        return intake


def uploaded_file_import(*, file: UploadedFile, on: date, clerk: Actor) -> IntakeFile:
    """Takes in a file that was uploaded and looked at, and forgets the upload; as `voucher_file_import`."""
    with transaction.atomic():
        taken = voucher_file_import(data=bytes(file.content), name=file.name, on=on, clerk_of=lambda read: clerk)
        UploadedFile.objects.filter(pk=file.pk).delete()
        return taken


def numbers_hold(agency_code: str, fiscal_year: int) -> None:
    """Holds an agency's numbers until the transaction ends: two at once would both find a number free."""
    fetch_value(_LOCK, (f"{agency_code}/{fiscal_year}",))


def _drafts(file: VoucherFile, judged: list[Judged], actor: Actor) -> list[Voucher]:
    """Stores the vouchers as drafts: a fixed number of statements for all of them."""
    drafts = Voucher.objects.bulk_create(
        draft_of(
            one.content,
            agency_code=file.agency_code,
            fiscal_year=file.fiscal_year,
            facts=one.facts,
            origin="file",
        )
        for one in judged
    )
    born_each(Voucher, [draft.pk for draft in drafts], actor=actor)
    return drafts


def draft_of(
    content: dict[str, Any], *, agency_code: str, fiscal_year: int, facts: VoucherFacts, origin: str
) -> Voucher:
    """An unsaved draft of a voucher object, its columns taken from the content."""
    issue_on = date.fromisoformat(content["issue_date"])
    return Voucher(
        agency_id=agency_code,
        fiscal_year=fiscal_year,
        number=content["number"],
        kind=content["kind"],
        method=content.get("method", ""),
        origin=origin,
        issue_on=issue_on,
        payable_on=max([issue_on, *facts.stated_dates]),
        purpose=content["purpose"],
        total_twd=content["total_twd"],
        payee_count=len(content.get("payee_lines", [])),
        content=content,
        created_at=clock.now(),
    )
