"""What can be wrong with a voucher, and what only looks wrong: changes that apply to payments and transfers.

Each change returns whether it could be made. The rule in the name of a table's key says what it is aimed at;
what comes of it the oracle decides, so a change may also be harmless (the near side of the rule).
"""

from collections.abc import Callable

from .desk import Desk
from .entry import DATES
from .world import Voucher

Change = Callable[[Voucher, Desk], bool]


def take_used_number(voucher: Voucher, desk: Desk) -> bool:
    """Use a number that an accepted voucher of the agency has already."""
    taken = desk.book.numbers(desk.agency_code, "paid", "posted", "scheduled", "paper")
    if taken:
        voucher["number"] = desk.rng.choice(taken)
    return bool(taken)


def take_others_number(voucher: Voucher, desk: Desk) -> bool:
    """Use a number that only another agency has: harmless."""
    own = {key[2] for key in desk.book.rows if key[0] == desk.agency_code}
    free = sorted({key[2] for key in desk.book.rows} - own)
    if free:
        voucher["number"] = desk.rng.choice(free)
    return bool(free)


def change_issue_date(voucher: Voucher, desk: Desk) -> bool:
    """Issue the voucher tomorrow or later, or today: the last good day."""
    voucher["issue_date"] = desk.day(desk.rng.choice((0, 1, 21)))
    return True


def use_unknown_account(voucher: Voucher, desk: Desk) -> bool:
    """Charge an account that no table has (real codes never begin with 99)."""
    line = desk.rng.choice(voucher["account_lines"])
    line["account_code"] = "99" + line["account_code"][2:]
    return True


def use_foreign_account(voucher: Voucher, desk: Desk) -> bool:
    """Charge another agency's account, of the same gate or of the other."""
    account = desk.foreign_account()
    desk.rng.choice(voucher["account_lines"])["account_code"] = account.code
    if desk.chance(0.8) and len(voucher["account_lines"]) == 1:
        voucher["gate"] = account.gate
    return True


def flip_gate(voucher: Voucher, desk: Desk) -> bool:
    """State the other gate."""
    voucher["gate"] = "capital" if voucher["gate"] == "current" else "current"
    return True


def mix_gates(voucher: Voucher, desk: Desk) -> bool:
    """Charge one of several lines to an account of the other gate."""
    other = desk.own_accounts("capital" if voucher["gate"] == "current" else "current")
    if other and len(voucher["account_lines"]) > 1:
        voucher["account_lines"][-1]["account_code"] = desk.rng.choice(other).code
        return True
    return False


def shift_account_amount(voucher: Voucher, desk: Desk) -> bool:
    """Make an account line one dollar more, or much more."""
    desk.rng.choice(voucher["account_lines"])["amount_twd"] += desk.rng.choice((1, 1, 900))
    return True


def shift_between_lines(voucher: Voucher, desk: Desk) -> bool:
    """Move a dollar from one account line to another of the same side: harmless to the sums."""
    lines = [line for line in voucher["account_lines"] if line.get("side") in (None, "debit")]
    if len(lines) < 2 or lines[0]["amount_twd"] < 2:
        return False
    lines[0]["amount_twd"] -= 1
    lines[1]["amount_twd"] += 1
    return True


def shift_total(voucher: Voucher, desk: Desk) -> bool:
    """State another total than all the lists of a payment have."""
    if voucher["kind"] == "transfer":
        return False
    voucher["total_twd"] += desk.rng.choice((1, 1, 10_000))
    return True


def shift_both_lists(voucher: Voucher, desk: Desk) -> bool:
    """Make both lists agree with each other but not with the total."""
    return shift_account_amount(voucher, desk) and shift_payee_amount(voucher, desk)


def shift_payee_amount(voucher: Voucher, desk: Desk) -> bool:
    """Make a payee line one dollar more, its documents with it."""
    if voucher["kind"] == "transfer":
        return False
    payee = desk.rng.choice(voucher["payee_lines"])
    payee["amount_twd"] += 1
    if payee.get("source_documents"):
        payee["source_documents"][0]["amount_twd"] += 1
    return True


def drop_one_side(voucher: Voucher, desk: Desk) -> bool:
    """Leave a transfer without any debit or without any credit line."""
    if voucher["kind"] == "payment":
        return False
    side = desk.rng.choice(("debit", "credit"))
    voucher["account_lines"] = [line for line in voucher["account_lines"] if line["side"] == side]
    return True


def state_dates(voucher: Voucher, desk: Desk) -> bool:
    """State a date once, or the same on voucher and lines, or on every line: harmless when not to come."""
    if voucher["kind"] == "transfer":
        return False
    name, day = desk.rng.choice(DATES), desk.day(desk.rng.choice((0, 0, -1, *to_come(desk))))
    where = desk.rng.choice(("voucher", "lines", "both", "some"))
    if where != "lines":
        voucher[name] = day
    if where != "voucher":
        for payee in voucher["payee_lines"][:: 2 if where == "some" else 1]:
            payee[name] = day
    return True


def mix_dates(voucher: Voucher, desk: Desk) -> bool:
    """State two values of one date, on voucher and line or on two lines."""
    if voucher["kind"] == "transfer" or not voucher["payee_lines"]:
        return False
    name, lines = desk.rng.choice(DATES), voucher["payee_lines"]
    for payee in lines:
        payee[name] = desk.day(0)
    if len(lines) == 1 or desk.chance(0.5):
        voucher[name] = desk.day(0)
    desk.rng.choice(lines)[name] = desk.day(desk.rng.choice((-1, *to_come(desk))))
    return True


def mix_names_of_dates(voucher: Voucher, desk: Desk) -> bool:
    """State different days for different dates: harmless, each date has one value."""
    if voucher["kind"] == "transfer":
        return False
    for name in desk.rng.sample(DATES, 2):
        voucher[name] = desk.day(desk.rng.choice((0, -1, -2)))
    return True


def to_come(desk: Desk) -> tuple[int, ...]:
    """Return days ahead that may be stated: none unless the day goes beyond the sample."""
    return (1, 7) if desk.beyond_sample else ()


COMMON: dict[str, tuple[Change, ...]] = {
    "E2": (take_used_number, take_others_number),
    "E3": (change_issue_date,),
    "E4": (use_unknown_account,),
    "E5": (flip_gate, mix_gates),
    "E6": (shift_account_amount, shift_between_lines, shift_total, shift_both_lists),
    "E7": (shift_payee_amount,),
    "E8": (drop_one_side,),
    "E9": (state_dates, mix_dates, mix_names_of_dates),
    "T1": (use_foreign_account,),
}
