"""Vouchers that look at what earlier ones left: payments at the edge of a balance, and transfers."""

from .correct import account_line, remittance
from .desk import LIMIT_TWD, OPEN_YEAR, Desk
from .entry import DATES
from .world import Account, Voucher


def at_the_balance(desk: Desk) -> Voucher | None:
    """Pay around what is left of one account: half of it, all but one dollar, exactly all, one more."""
    reachable = [a for a in desk.own_accounts() if 4 <= desk.world.available_twd(a.code) < LIMIT_TWD]
    if not reachable:
        return None
    account = desk.rng.choice(reachable)
    left_twd = desk.world.available_twd(account.code)
    total_twd = desk.rng.choice((left_twd, left_twd, left_twd + 1, left_twd + 1, left_twd - 1, left_twd // 2, 1))
    voucher = remittance(desk, [desk.people.business()], total_twd)
    voucher["gate"] = account.gate
    parts = desk.parts_twd(total_twd, desk.rng.choice((1, 1, 2)))
    voucher["account_lines"] = [account_line(account.code, part, desk) for part in parts]
    others = [a for a in desk.own_accounts(account.gate) if a.code != account.code]
    if others and len(parts) > 1 and desk.chance(0.5):
        other = desk.rng.choice(others)
        voucher["account_lines"][0] = account_line(other.code, parts[0], desk)
    return voucher


def correctable_twd(desk: Desk, number: str, account_code: str) -> int:
    """Return what transfers may still move away from an account of a paid voucher.

    At times it is all the voucher charged, though an earlier transfer moved it: the rules ask no more of an
    original than that it was paid.
    """
    lines = desk.book.vouchers[desk.agency_code, OPEN_YEAR, number]["account_lines"]
    charged_twd: int = sum(line["amount_twd"] for line in lines if line["account_code"] == account_code)
    if desk.chance(0.15):
        return charged_twd
    return charged_twd - desk.book.corrected_twd.get((desk.agency_code, number, account_code), 0)


def corrections(desk: Desk) -> list[tuple[str, str, int]]:
    """Return (number, account, amount) of what the agency paid, advances too, and may correct."""
    found = []
    for number in desk.book.numbers(desk.agency_code, "paid"):
        voucher = desk.book.vouchers[desk.agency_code, OPEN_YEAR, number]
        for code in sorted({line["account_code"] for line in voucher["account_lines"]}):
            left_twd = correctable_twd(desk, number, code)
            if left_twd > 0:
                found.append((number, code, left_twd))
    return found


def transfer(desk: Desk) -> Voucher | None:
    """Move what was paid to another account of the agency: one original or several, wholly or in part."""
    found = corrections(desk)
    if not found:
        return None
    first = desk.rng.choice(found)
    gate = desk.tables.accounts[first[1]].gate
    same = [item for item in found if desk.tables.accounts[item[1]].gate == gate and item[0] != first[0]]
    others = desk.rng.sample(same, min(len(same), desk.rng.choice((0, 0, 1, 2))))
    chosen = [first, *{item[0]: item for item in others}.values()]
    parts = [(number, code, desk.rng.choice((whole, desk.rng.randint(1, whole)))) for number, code, whole in chosen]
    return moved(desk, gate, parts)


def moved(desk: Desk, gate: str, chosen: list[tuple[str, str, int]]) -> Voucher | None:
    """Put a transfer together from (original number, account, amount), debiting accounts not credited."""
    total_twd = sum(amount_twd for _, _, amount_twd in chosen)
    credited = {code for _, code, _ in chosen}
    free = [account for account in desk.own_accounts(gate) if account.code not in credited]
    if not free:
        return None
    debits = debit_lines(desk, free, total_twd)
    credits = []
    for code in sorted(credited):
        amount_twd = sum(part for _, original, part in chosen if original == code)
        credits.append(account_line(code, amount_twd, desk) | {"side": "credit"})
    originals = []
    for number, code, amount_twd in chosen:
        original: Voucher = {"number": number, "account_code": code, "amount_twd": amount_twd}
        if desk.chance(0.3):
            original |= {"fiscal_year": desk.fiscal_year, "agency_code": desk.agency_code}
        originals.append(original)
    lines = debits + credits
    desk.rng.shuffle(lines)
    return {
        "kind": "transfer",
        "number": desk.next_number("transfer"),
        "issue_date": desk.day(-desk.rng.choice((0, 0, 1))),
        "gate": gate,
        "purpose": "轉正" + "、".join(number for number, _, _ in chosen)[:100] + "支出科目",
        "total_twd": total_twd,
        "account_lines": lines,
        "originals": originals,
    }


def debit_lines(desk: Desk, free: list[Account], total_twd: int) -> list[Voucher]:
    """Charge a transfer to one account that covers it if there is one, or to several."""
    covered = [account for account in free if desk.world.available_twd(account.code) >= total_twd]
    if covered and desk.chance(0.8):
        return [account_line(desk.rng.choice(covered).code, total_twd, desk) | {"side": "debit"}]
    parts = desk.parts_twd(total_twd, desk.rng.choice((1, 2)))
    return [account_line(desk.rng.choice(free).code, part, desk) | {"side": "debit"} for part in parts]


def transfer_at_the_balance(desk: Desk) -> Voucher | None:
    """Move exactly what is left of the debited account, or one dollar more."""
    found = corrections(desk)
    desk.rng.shuffle(found)
    for number, code, whole_twd in found:
        gate = desk.tables.accounts[code].gate
        for account in desk.own_accounts(gate):
            left_twd = desk.world.available_twd(account.code)
            if account.code != code and 0 < left_twd < whole_twd:
                amount_twd = left_twd + desk.rng.choice((0, 1))
                voucher = moved(desk, gate, [(number, code, amount_twd)])
                if voucher is not None:
                    credit = [line for line in voucher["account_lines"] if line["side"] == "credit"]
                    debit = account_line(account.code, amount_twd, desk) | {"side": "debit"}
                    voucher["account_lines"] = [debit, *credit]
                return voucher
    return None


def groundless_transfer(desk: Desk) -> Voucher | None:
    """Name an original that is not a paid payment of this agency, alone or beside good ones."""
    good = corrections(desk)
    gate = desk.rng.choice(desk.own_accounts()).gate
    codes = [account.code for account in desk.own_accounts(gate)]
    chosen = [(number, code, whole) for number, code, whole in good if code in codes][: desk.rng.choice((0, 1))]
    number, code, amount_twd = desk.rng.choice(wrong_originals(desk, gate, codes))
    voucher = moved(desk, gate, [*chosen, (number, code, amount_twd)])
    foreign = [key for key, row in desk.book.rows.items() if row.outcome == "paid" and key[0] != desk.agency_code]
    if voucher is not None and foreign and desk.chance(0.2):
        agency_code, _, number = desk.rng.choice(foreign)
        voucher["originals"][-1] |= {"agency_code": agency_code, "number": number}
    return voucher


def wrong_originals(desk: Desk, gate: str, codes: list[str]) -> list[tuple[str, str, int]]:
    """Return (number, account, amount) of nothing paid here: nobody's, another agency's, unpaid, to come."""
    own = {key[2] for key in desk.book.rows if key[0] == desk.agency_code}
    others = {key[2] for key, row in desk.book.rows.items() if row.outcome == "paid"} - own
    numbers = ["P0000-999", f"P{desk.today:%m%d}-{desk.written + 2:03d}", *sorted(others)[:3]]
    wrong = [(number, desk.rng.choice(codes), desk.rng.randint(1, 90_000)) for number in numbers]
    for number in desk.book.numbers(desk.agency_code, "refused", "returned", "posted", "paper", "scheduled"):
        voucher = desk.book.vouchers[desk.agency_code, OPEN_YEAR, number]
        lines = [line for line in voucher["account_lines"] if line["account_code"] in codes]
        if lines and voucher.get("nature") != "advance" and not is_due(voucher, desk):
            wrong.append((number, lines[0]["account_code"], lines[0]["amount_twd"]))
    return wrong


def is_due(voucher: Voucher, desk: Desk) -> bool:
    """Tell whether a voucher states dates, none of them to come: scheduled before, it could be paid."""
    parts = [voucher, *voucher.get("payee_lines", [])]
    stated = [part[name] for part in parts for name in DATES if name in part]
    return bool(stated) and max(stated) <= desk.today.isoformat()
