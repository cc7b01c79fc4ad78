"""What an evidence file says of the money, held against the books' seals and the voucher that was signed."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from signing.refusals import Refused
from treasury.ledger.seals import Head, digest_of, fingerprint, first_hash, link

LEDGER_TYPE: Final = "epay-evidence-ledger/1"
BANK_TYPE: Final = "epay-evidence-bank/1"
HISTORY_TYPE: Final = "epay-evidence-history/1"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PAYEE: Final = ("bank_code", "account_no", "account_name")
# Which account shows the voucher's total after these events: reserved, expended.
_TOTALS: Final = {"reserve": "8202", "pay_by_remittance": "8203", "pay_by_cheque": "8203"}
Link = dict[str, Any]


def ledger_check(ledger: dict[str, Any]) -> tuple[list[Link], dict[str, str]]:
    """The postings told, and their days by digest (an empty one for what no day has sealed yet); Refused
    `evidence_ledger` for a hash that does not fit."""
    days = {day["digest"]: day for day in ledger["days"]}
    for day in days.values():
        heads = [Head(*head) for head in day["heads"]]
        if (
            digest_of(bytes.fromhex(day["previous_digest"]), date.fromisoformat(day["on"]), heads).hex()
            != day["digest"]
        ):
            raise Refused("evidence_ledger", f"the digest of {day['on']}")
    told = [one for run in ledger["runs"] for one in _run(run, days)]
    used = {run["digest"]: days[run["digest"]]["on"] if run["digest"] else "" for run in ledger["runs"]}
    if ledger["typ"] != LEDGER_TYPE or set(days) - set(used):
        raise Refused("evidence_ledger", "a digest that seals nothing here")
    return told, used


def _run(run: dict[str, Any], days: dict[str, Any]) -> list[Link]:
    """The postings told in a run of links whose hashes lead to the head that the day's digest holds."""
    chain = (run["agency_code"], run["fiscal_year"])
    hash_ = bytes.fromhex(run["previous_hash"])
    if run["first_seq"] == 1 and hash_ != first_hash(*chain):
        raise Refused("evidence_ledger", "a chain does not begin as its own")
    told = [one for one in run["links"] if "lines" in one]
    for one in told:
        if fingerprint(one["event_type"], one["event_ref"], *chain, one["lines"]).hex() != one["fingerprint"]:
            raise Refused("evidence_ledger", f"{one['event_type']} {one['event_ref']}")
    for one in run["links"]:
        at = _EPOCH + timedelta(microseconds=one["at"])
        hash_ = link(hash_, bytes.fromhex(one["fingerprint"]), date.fromisoformat(one["booked_on"]), at)
    end = [*chain, run["first_seq"] + len(run["links"]) - 1, hash_.hex()]
    if not told or (run["digest"] and end not in days[run["digest"]]["heads"]):
        raise Refused("evidence_ledger", "a chain does not lead to its day's digest")
    return told


def postings_check(told: Sequence[Link], bank: dict[str, Any], name: str, total_twd: int) -> None:
    """Refused `evidence_payment` unless every posting is the voucher's, of one of its lines or of its cheques, and
    moves the total that was signed."""
    own = {name, *(one["cheque_no"] for one in bank["cheques"])}
    for line in bank["instructions"]:
        own |= {line["end_to_end_id"], *(one["end_to_end_id"] for one in line["earlier"])}
    for one in told:
        account_code = _TOTALS.get(one["event_type"], "")
        moved_twd = sum(_twd(line) for line in one["lines"] if line[:4] == account_code and " fund/" not in line)
        is_whole = not account_code or (one["event_ref"], moved_twd) == (name, total_twd)
        if one["event_ref"] not in own or not is_whole:
            raise Refused("evidence_payment", f"{one['event_type']} {one['event_ref']}: {moved_twd} TWD")


def _twd(line: str) -> int:
    """The amount in a line of a posting (`8201D400 budget/114/3203010100`)."""
    return int(line[5:].partition(" ")[0])


def bank_check(bank: dict[str, Any], voucher: dict[str, Any]) -> None:
    """Refused `evidence_payment` unless each instruction and cheque pays a line of the voucher: its amount, and its
    account as long as the bank has not returned the money."""
    payees = voucher.get("payee_lines", [])
    lines = [one["line_no"] for one in bank["instructions"]]
    if bank["typ"] != BANK_TYPE or lines != list(range(1, len(lines) + 1)):
        raise Refused("evidence_payment", "the instructions are not one a line")
    for one in bank["instructions"]:
        if one["network"] == "entrusted":
            wanted = (voucher["total_twd"], voucher["entrusted"]["disbursement_account"])
            is_paid = (one["amount_twd"], one["account_no"]) == wanted
        else:
            names = ("amount_twd", *(_PAYEE if one["attempt"] == 1 else ()))
            is_paid = all(one[name] == payees[one["line_no"] - 1][name] for name in names)
        if not is_paid:
            raise Refused("evidence_payment", one["end_to_end_id"])
    for one in bank["cheques"]:
        if one["line_no"] < 1 or one["amount_twd"] != payees[one["line_no"] - 1]["amount_twd"]:
            raise Refused("evidence_payment", one["cheque_no"])


def history_check(history: dict[str, Any]) -> None:
    """Refused `evidence_differs` unless each act begins where the one before it ended, and not earlier."""
    acts = history["acts"]
    moments = [one["at"] for one in acts]
    if history["typ"] != HISTORY_TYPE or moments != sorted(moments):
        raise Refused("evidence_differs", "the acts are not in order")
    if any(before["target"] != after["source"] for before, after in pairwise(acts)):
        raise Refused("evidence_differs", "an act begins elsewhere than the one before it ended")
