"""What the treasury says of the payment itself, held against the voucher that was signed."""

from itertools import pairwise
from typing import Any

from .books import Posting
from .wrong import Wrong

BANK, HISTORY = "epay-evidence-bank/1", "epay-evidence-history/1"
_PAYEE = ("bank_code", "account_no", "account_name")


def check_bank(bank: dict[str, Any], voucher: dict[str, Any]) -> str:
    """Wrong unless every instruction and cheque is over a line of the signed voucher: its amount, and its account
    unless the bank had returned the money and the agency corrected it."""
    lines = voucher.get("payee_lines", [])
    if [one["line_no"] for one in bank["instructions"]] != list(range(1, len(bank["instructions"]) + 1)):
        raise Wrong("the instructions are not one for each line")
    for one in bank["instructions"]:
        if one["network"] == "entrusted":
            wanted = [voucher["total_twd"], voucher["entrusted"]["disbursement_account"]]
            found = [one["amount_twd"], one["account_no"]]
        else:
            line = lines[one["line_no"] - 1]
            names = ("amount_twd", *(_PAYEE if one["attempt"] == 1 else ()))
            wanted, found = [line[name] for name in names], [one[name] for name in names]
        if wanted != found:
            raise Wrong(f"instruction {one['end_to_end_id']} does not pay what was signed")
    for one in bank["cheques"]:
        if one["line_no"] < 1 or one["amount_twd"] != lines[one["line_no"] - 1]["amount_twd"]:
            raise Wrong(f"cheque {one['cheque_no']} does not pay what was signed")
    states = sorted({one["state"] for one in (*bank["instructions"], *bank["cheques"])})
    return f"{len(bank['instructions'])} instructions, {len(bank['cheques'])} cheques: {', '.join(states) or 'none'}"


def check_names(postings: list[Posting], bank: dict[str, Any], voucher_ref: str) -> None:
    """Wrong when a posting in the file is neither the voucher's nor of one of its instructions or cheques."""
    own = {voucher_ref, *(one["cheque_no"] for one in bank["cheques"])}
    for one in bank["instructions"]:
        own |= {one["end_to_end_id"], *(earlier["end_to_end_id"] for earlier in one["earlier"])}
    strangers = [one.event_ref for one in postings if one.event_ref not in own]
    if strangers:
        raise Wrong(f"the posting {strangers[0]} has nothing to do with the voucher")


def check_history(history: dict[str, Any]) -> str:
    """Wrong unless the acts are in the order of their moments and each begins where the one before it ended."""
    acts = history["acts"]
    if [one["at"] for one in acts] != sorted(one["at"] for one in acts):
        raise Wrong("the acts are not in the order of their moments")
    for before, after in pairwise(acts):
        if before["target"] != after["source"]:
            raise Wrong(f"{after['verb']} begins at {after['source']}, not at {before['target']}")
    return f"{len(acts)} acts, now {acts[-1]['target'] if acts else 'nowhere'}"
