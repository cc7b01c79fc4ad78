"""docs/ledger.md: the chart of accounts and the entries of each business event, written from the code."""

from collections.abc import Iterator
from typing import Final

from treasury.ledger.chart import CHART, DEBIT, FUNDS, GENERAL
from treasury.ledger.events import EVENTS, EVERY_KIND, SOURCE, Event, Leg, Per

_HEAD: Final = """# Ledger 帳務

Generated from `treasury/ledger/` (`python manage.py generate_docs`); do not edit.

The books are double entry in whole TWD. Every posting names the business event it books and balances in two sections
by itself: *money* says where the treasury's money is and whose it is, *budget* says how much of each authority to
spend is free, reserved and spent. An authority is a budget line of a year (`budget/114/3203010100`), an approved
advance (`case/0003010000/ADV114-004`) or a fund (`fund/F01`). Entries are per voucher and account line, never per
payee: a salary voucher of 20,000 people is one reservation and one payment.

## Chart of accounts
"""
_EVENTS: Final = f"""
Accounts kept per authority have a balance for each authority; `{FUNDS}` kept per fund is the fund's sub-ledger
(`{FUNDS}/<fund>`), and 8201 to 8205 are also the columns of the authority's row, which is what a voucher draws on.

## Business events

*per authority*: once for each authority the voucher draws on. *per source*: once for each owner of the money,
`{GENERAL}` for the general fund or `{FUNDS}/<fund>`. *relieved*: the credit lines of a transfer voucher. An event of
one name and reference is posted once: the same again returns the first posting, with other content it is refused
(`conflict`).

"""
_TAIL: Final = """
## What holds, and who sees to it

- **Available** = months released − reserved − expended + returned + relieved. Next month's share is not released, so
  it cannot be drawn on (B-23.2.1). A fund's available is its balance less what is reserved (B-23.2.2). A draw on a
  budget line with a fund binds both. An advance draws on its case alone (B-32.0).
- **Overspending is refused** three times: `ledger_book` locks the authorities in one global order and compares
  (`overdraft`, naming the authority), a CHECK on the row refuses whatever the code does, and `check_books` adds the
  entries up again. A transfer voucher makes no more available again than the credited line has spent: what it
  relieves above that (two transfers that name the same original, an original that was an advance) is on record in
  8206 and 8207 and cannot be drawn on. A relief never exceeds what was reserved or spent (`relief_above_spending`).
- **One hand writes.** Balances, postings, entries and chain heads are written by the function `ledger_book` alone, in
  one round trip; triggers refuse every other insert and update, every deletion, and TRUNCATE outside tests.
- **Changes show.** Each agency and fiscal year has its own chain (the treasury's own has no agency or its own code):
  a posting carries the hash of the one before it. `day_digest` ties the heads of all chains into one digest, which
  carries the digest before it, so that a chain written anew from its middle no longer fits either.
- **Corrections are further postings.** Nothing is ever taken out of the books.
- `check_books` recomputes all of it from what is stored: balances of postings, chains and digests, authorities
  against their entries, releases against allotments, the master account against its owners and what is on its way.

Bytes that are hashed (UTF-8, lines divided by line feeds): a chain begins with SHA-256 of `chain`, agency code,
fiscal year. A posting's fingerprint is SHA-256 of event, reference, agency code, fiscal year and its entries in
order, each as `8201D400 budget/114/3203010100` (account, side, amount, authority). Its hash is SHA-256 of the hash
before it, the fingerprint, the day it is booked on and the moment in microseconds since 1970. A digest is SHA-256 of
the digest before it, the day, and every head as `agency|year|number|hash`.
"""


def document() -> str:
    """The whole page."""
    chart = "\n".join(_table(("account", "帳戶", "name", "section", "normal side", "kept"), _accounts()))
    events = "\n".join(_table(("event", "業務事項", "what happens", "ground", "debit / credit"), _events()))
    return f"{_HEAD}\n{chart}\n{_EVENTS}{events}\n{_TAIL}"


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(row)} |"


def _accounts() -> Iterator[tuple[str, ...]]:
    for account in CHART:
        kept = f"per authority, column `{account.column}`" if account.column else "per authority"
        yield (
            account.code,
            account.name_zh,
            account.name_en,
            account.section.value,
            "debit" if account.side == DEBIT else "credit",
            kept if account.per_authority else "once",
        )


def _events() -> Iterator[tuple[str, ...]]:
    for event in EVENTS:
        yield f"`{event.name}`", event.title_zh, event.title_en, event.requirement, _legs(event)


def _legs(event: Event) -> str:
    return "<br>".join(_leg(leg) for leg in event.legs)


def _leg(leg: Leg) -> str:
    if leg.debit == leg.credit:
        return f"{_account(leg.debit)} of the debit lines / of the credit lines, where they differ"
    times = {Per.AUTHORITY: "per authority", Per.SOURCE: "per source", Per.TOTAL: "once"}[leg.per]
    if leg.of_reliefs:
        times += " relieved above its spending" if leg.of_excess else " relieved"
    if leg.kinds is not EVERY_KIND:
        times += f" ({', '.join(leg.kinds)})"
    return f"{_account(leg.debit)} / {_account(leg.credit)} {times}"


def _account(code: str) -> str:
    return f"{GENERAL} or {FUNDS}" if code == SOURCE else code
