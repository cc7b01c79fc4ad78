"""Changes to what a method of payment asks for."""

from .desk import UNKNOWN_BANKS, Desk
from .faults import Change
from .payee_faults import one_payee
from .world import Voucher


def drop_petty_reason(voucher: Voucher, desk: Desk) -> bool:
    """Take the reason for a voucher of a petty amount."""
    reason: str | None = voucher.get("notes", {}).pop("petty_exception_reason", None)
    if voucher.get("notes") == {} and desk.chance(0.5):
        del voucher["notes"]
    return reason is not None


def change_replenishment(voucher: Voucher, desk: Desk) -> bool:
    """Let a replenishment not say what it is, or nearly."""
    if voucher.get("nature") != "petty_cash_replenishment":
        return False
    voucher["purpose"] = desk.rng.choice(
        ("零用金", "撥還 零用金", "撥還額定零用金", "3月份零用金撥還", "申請撥還零用金一案")
    )
    return True


def drop_account_field(voucher: Voucher, desk: Desk) -> bool:
    """Take bank, account number or account name from a remitted payee."""
    payee = one_payee(voucher, desk)
    if payee is None or voucher["method"] != "remittance":
        return False
    for name in desk.rng.sample(("bank_code", "account_no", "account_name"), desk.rng.choice((1, 1, 3))):
        payee.pop(name, None)
    return True


def spoil_network(voucher: Voucher, desk: Desk) -> bool:
    """State no network, or the other one."""
    if voucher.get("method") != "remittance":
        return False
    other = {"intra_bank": "fisc", "fisc": "intra_bank"}.get(voucher.get("network") or "", "fisc")
    way = desk.rng.choice(("absent", "null", "other", "other"))
    if way == "absent":
        voucher.pop("network", None)
    else:
        voucher["network"] = None if way == "null" else other
    return True


def mix_banks(voucher: Voucher, desk: Desk) -> bool:
    """Give one of several payees a bank of the other network."""
    if voucher.get("method") != "remittance" or len(voucher["payee_lines"]) < 2:
        return False
    payee = desk.rng.choice(voucher["payee_lines"])
    payee["bank_code"] = desk.bank_code("fisc" if voucher.get("network") == "intra_bank" else "intra_bank")
    return True


def remit_to_individuals(voucher: Voucher, desk: Desk) -> bool:
    """Class a remittance to individuals as staff or retiree money, or a special account beside one."""
    if voucher.get("method") != "remittance":
        return False
    kinds = {line.get("kind") for line in voucher["payee_lines"]}
    if "individual" not in kinds or not kinds <= {"individual", "agency_special_account"}:
        return False
    voucher["expense_class"] = desk.rng.choice(("staff", "retiree"))
    if desk.chance(0.4):
        voucher["entrusted_impossible_reason"] = "劃帳銀行系統維護"
    return True


def add_individual(voucher: Voucher, desk: Desk) -> bool:
    """Add a person beside the special account that takes staff money."""
    if voucher.get("expense_class") not in ("staff", "retiree") or voucher["method"] != "remittance":
        return False
    payee = voucher["payee_lines"][0]
    person = desk.people.individual() | {"amount_twd": 1, "bank_code": payee.get("bank_code", "0040059")}
    voucher["payee_lines"].append(person | {"account_no": "12345678", "account_name": person["name"]})
    if payee["amount_twd"] > 1:
        payee["amount_twd"] -= 1
    return True


def spoil_foreign_currency(voucher: Voucher, desk: Desk) -> bool:
    """Change amount, rate or dollar amount a little, or take quota or note."""
    if "foreign_currency" not in voucher:
        return False
    block = voucher["foreign_currency"]
    way = desk.rng.choice(("twd_amount", "amount", "rate", "quota_ref", "text", "notes"))
    if way == "twd_amount":
        block["twd_amount"] += desk.rng.choice((1, -1)) if block["twd_amount"] > 1 else 1
    elif way in ("amount", "rate"):
        block[way] = grown(block[way], 1 if desk.chance(0.5) else 100)
    elif way == "quota_ref":
        del block["quota_ref"]
    elif way == "text":
        voucher["notes"].pop("text", None)
    else:
        voucher.pop("notes", None)
    return True


def grown(text: str, steps: int) -> str:
    """Return a decimal some units of its last place larger, written alike."""
    whole, point, places = text.partition(".")
    digits = str(int(whole + places) + steps).zfill(len(places) + 1)
    return digits[: len(digits) - len(places)] + point + digits[len(digits) - len(places) :]


def spoil_entrusted(voucher: Voucher, desk: Desk) -> bool:
    """Take the block, its bank or its account, or name a bank that does not exist."""
    if voucher.get("method") != "entrusted" or "entrusted" not in voucher:
        return False
    way = desk.rng.choice(("block", "bank_code", "disbursement_account", "unknown"))
    if way == "block":
        del voucher["entrusted"]
    elif way == "unknown":
        voucher["entrusted"]["bank_code"] = desk.rng.choice(UNKNOWN_BANKS)
    else:
        voucher["entrusted"].pop(way, None)
    return True


def spoil_cheque(voucher: Voucher, desk: Desk) -> bool:
    """Take consent, ground, reason or the whole block."""
    if "cheque" not in voucher:
        return False
    way = desk.rng.choice(("consent_ref", "ground", "reason", "block", "empty"))
    if way == "block":
        del voucher["cheque"]
    elif way == "empty":
        voucher["cheque"] = {}
    else:
        voucher["cheque"].pop(way, None)
    return True


def spoil_crossing(voucher: Voucher, desk: Desk) -> bool:
    """Leave a single payee's cheque uncrossed whatever the amount, with approval or without."""
    if "cheque" not in voucher or len(voucher["payee_lines"]) > 1:
        return False
    voucher["cheque"]["crossing"] = "uncrossed"
    if desk.chance(0.5):
        voucher["cheque"].pop("special_approval_ref", None)
    else:
        voucher["cheque"]["special_approval_ref"] = "專案核准字第1140021號"
    return True


def spoil_forwarder(voucher: Voucher, desk: Desk) -> bool:
    """Take ground 2 from a forwarded cheque: the mark of the person, or the nature."""
    payee = one_payee(voucher, desk)
    if payee is None or not payee.get("is_forwarder"):
        return False
    if desk.chance(0.5):
        payee["is_forwarder"] = False
    else:
        voucher["nature"] = desk.rng.choice(("normal", "temporary", "prepaid", "advance_funds"))
        voucher.pop("petty_cash_list_no", None)
    return True


def use_unknown_case(voucher: Voucher, desk: Desk) -> bool:
    """Name a case that nobody has, or another agency's."""
    if voucher.get("nature") != "advance":
        return False
    others = [case for agency, case in desk.tables.approved_twd if agency != desk.agency_code]
    own = {case for agency, case in desk.tables.approved_twd if agency == desk.agency_code}
    voucher["advance_case"] = desk.rng.choice(["ADV114-999", *sorted(set(others) - own)])
    return True


METHOD: dict[str, tuple[Change, ...]] = {
    "E10": (drop_petty_reason, drop_petty_reason),
    "E11": (change_replenishment,),
    "E20": (drop_account_field,),
    "E21": (spoil_network, mix_banks),
    "E23": (remit_to_individuals, add_individual),
    "E24": (spoil_foreign_currency, spoil_foreign_currency),
    "E27": (spoil_entrusted,),
    "E29": (spoil_cheque,),
    "E31": (spoil_crossing, spoil_crossing, spoil_forwarder),
    "T3": (use_unknown_case,),
}
