"""The ledger's part: hashes of postings from link to link up to the digest of a day, and what the postings say."""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from .wrong import Wrong

_LINE = re.compile(r"([0-9]{4})([DC])([1-9][0-9]*)(?: ([!-~]+))?")
# The account that must show the voucher's total after these events: reserved, expended.
_TOTALS = {"reserve": "8202", "pay_by_remittance": "8203", "pay_by_cheque": "8203"}


@dataclass(frozen=True)
class Posting:
    """A posting that is told in full."""

    event_type: str
    event_ref: str
    booked_on: str
    lines: tuple[tuple[str, str, int, str], ...]

    def total_twd(self, account_code: str) -> int:
        """What the posting moves on one account; what a fund lends its name to is counted under the budget line."""
        return sum(
            twd for code, _, twd, ground in self.lines if code == account_code and not ground.startswith("fund/")
        )


def check(ledger: dict[str, Any]) -> tuple[list[Posting], dict[str, str]]:
    """The postings told, and the digests (hexadecimal) that seal them by day; Wrong where a hash does not fit."""
    days = {day["digest"]: day for day in ledger["days"]}
    postings: list[Posting] = []
    for day in days.values():
        _check_day(day)
    for run in ledger["runs"]:
        told, end = _run(run)
        postings += told
        if run["digest"] and end not in days[run["digest"]]["heads"]:
            raise Wrong(f"the digest of {days[run['digest']]['on']} does not hold the chain of the postings")
        if not told:
            raise Wrong("a run of links tells no posting")
    if {run["digest"] for run in ledger["runs"]} - {""} != set(days):
        raise Wrong("a day's digest seals none of the postings")
    return postings, {digest: day["on"] for digest, day in days.items()}


def check_totals(postings: list[Posting], voucher_ref: str, total_twd: int) -> None:
    """Wrong unless every posting of the voucher balances, and moves the total that was signed."""
    for one in postings:
        sums = {side: sum(line[2] for line in one.lines if line[1] == side) for side in "DC"}
        if sums["D"] != sums["C"]:
            raise Wrong(f"{one.event_type} {one.event_ref} does not balance")
        account_code = _TOTALS.get(one.event_type)
        if account_code and (one.event_ref, one.total_twd(account_code)) != (voucher_ref, total_twd):
            raise Wrong(f"{one.event_type} {one.event_ref} is not over the {total_twd} TWD of {voucher_ref}")


def _check_day(day: dict[str, Any]) -> None:
    lines = [day["on"], *("|".join(str(value) for value in head) for head in day["heads"])]
    if sha256(bytes.fromhex(day["previous_digest"]) + "\n".join(lines).encode()).hexdigest() != day["digest"]:
        raise Wrong(f"the digest of {day['on']} is not that of its chains")


def _run(run: dict[str, Any]) -> tuple[list[Posting], list[Any]]:
    """The postings told of a run and the head it ends with, as a digest names it."""
    agency_code, fiscal_year = run["agency_code"], run["fiscal_year"]
    hash_ = bytes.fromhex(run["previous_hash"])
    first = sha256(f"chain\n{agency_code}\n{fiscal_year}".encode()).digest()
    if run["first_seq"] == 1 and hash_ != first:
        raise Wrong("a chain does not begin as its agency's and year's")
    told = []
    for link in run["links"]:
        if "lines" in link:
            told.append(_posting(link, agency_code, fiscal_year))
        at = int(link["at"])
        print_ = bytes.fromhex(link["fingerprint"])
        hash_ = sha256(hash_ + print_ + f"{link['booked_on']}\n{at}".encode()).digest()
    return told, [agency_code, fiscal_year, run["first_seq"] + len(run["links"]) - 1, hash_.hex()]


def _posting(link: dict[str, Any], agency_code: str, fiscal_year: int) -> Posting:
    said = [link["event_type"], link["event_ref"], agency_code, str(fiscal_year), *link["lines"]]
    if sha256("\n".join(said).encode()).hexdigest() != link["fingerprint"]:
        raise Wrong(f"{link['event_type']} {link['event_ref']} is not what was sealed")
    lines = []
    for text in link["lines"]:
        found = _LINE.fullmatch(text)
        if found is None:
            raise Wrong(f"{text!r} is no line of a posting")
        lines.append((found[1], found[2], int(found[3]), found[4] or ""))
    return Posting(link["event_type"], link["event_ref"], link["booked_on"], tuple(lines))
