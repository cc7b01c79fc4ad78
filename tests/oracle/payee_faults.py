"""Changes to one payee line of a payment."""

from .desk import UNKNOWN_BANKS, Desk
from .faults import Change
from .names import has_bad_blank
from .world import Voucher


def one_payee(voucher: Voucher, desk: Desk, *kinds: str) -> Voucher | None:
    """Choose a payee line, of one of the kinds if kinds are given."""
    if voucher["kind"] == "transfer":
        return None
    lines = [line for line in voucher["payee_lines"] if not kinds or line.get("kind", "business") in kinds]
    return desk.rng.choice(lines) if lines else None


def drop_business_id(voucher: Voucher, desk: Desk) -> bool:
    """Take the identifier, its type or both from a business payee."""
    payee = one_payee(voucher, desk, "business", "public_enterprise")
    for name in desk.rng.choice((("id",), ("id_type",), ("id", "id_type"))):
        if payee is not None:
            payee.pop(name, None)
    return payee is not None


def drop_individual_id(voucher: Voucher, desk: Desk) -> bool:
    """Take the identifier from an individual."""
    payee = one_payee(voucher, desk, "individual")
    for name in desk.rng.choice((("id",), ("id", "id_type"))):
        if payee is not None:
            payee.pop(name, None)
    return payee is not None


def drop_other_id(voucher: Voucher, desk: Desk) -> bool:
    """Take the identifier from a payee who needs none: harmless."""
    payee = one_payee(voucher, desk, "government", "agency_special_account", "bank")
    if payee is not None:
        payee.pop("id", None)
        payee.pop("id_type", None)
    return payee is not None


def spoil_id(voucher: Voucher, desk: Desk) -> bool:
    """Give a payee an identifier with a wrong check digit; a passport has none to be wrong."""
    payee = one_payee(voucher, desk)
    if payee is None or "id" not in payee or "id_type" not in payee:
        return False
    if payee["id_type"] == "ubn":
        payee["id"] = desk.rng.choice((desk.people.wrong_ubn(), desk.people.ubn()[:7]))
    elif payee["id_type"] == "passport":
        payee["id"] = desk.people.digits(9)
    else:
        payee["id"] = desk.people.wrong_person_id(payee["id_type"])
    return True


def swap_person_id(voucher: Voucher, desk: Desk) -> bool:
    """State a resident's number as a national one or the other way round: the second sign tells."""
    payee = one_payee(voucher, desk, "individual")
    other = {"national_id": "resident_id", "resident_id": "national_id"}
    if payee is None or payee.get("id_type") not in other:
        return False
    payee["id"] = desk.people.person_id(other[payee["id_type"]])
    return True


def drop_documents(voucher: Voucher, desk: Desk) -> bool:
    """Take all documents from a payee, by leaving the list out or empty; an individual needs none."""
    payee = one_payee(voucher, desk)
    if payee is None or "source_documents" not in payee:
        return False
    if desk.chance(0.5):
        payee["source_documents"] = []
    else:
        del payee["source_documents"]
    return True


def spoil_document(voucher: Voucher, desk: Desk) -> bool:
    """Take number or date from a document; only an invoice needs the number, only a business payee either."""
    payee = one_payee(voucher, desk)
    if payee is None or not payee.get("source_documents"):
        return False
    desk.rng.choice(payee["source_documents"]).pop(desk.rng.choice(("number", "date")), None)
    return True


def blank_in_name(voucher: Voucher, desk: Desk) -> bool:
    """Put a blank, half or full width, into name, account name or both: at an end, inside, or doubled."""
    payee = one_payee(voucher, desk)
    if payee is None:
        return False
    blank = desk.rng.choice((" ", "\u3000"))
    name = payee["name"]
    if " " in name and desk.chance(0.3):
        spoiled = name.replace(" ", " " + blank, 1)
    else:
        position = desk.rng.choice((0, len(name), desk.rng.randint(1, len(name) - 1)))
        spoiled = name[:position] + blank + name[position:]
    if not has_bad_blank(spoiled):
        return False
    for key in desk.rng.choice((("name",), ("account_name",), ("name", "account_name"))):
        if key in payee:
            payee[key] = spoiled
    return True


def change_account_name(voucher: Voucher, desk: Desk) -> bool:
    """Let the account be held by somebody else, with a reason or without."""
    payee = one_payee(voucher, desk)
    if payee is None or "account_name" not in payee:
        return False
    payee["account_name"] = desk.people.name()
    payee.pop("account_name_reason", None)
    if desk.chance(0.3):
        payee["account_name_reason"] = "受款人委任收款"
    return True


def drop_account_name_reason(voucher: Voucher, desk: Desk) -> bool:
    """Take the reason from an account in another name."""
    payees = [line for line in voucher.get("payee_lines", []) if "account_name_reason" in line]
    for payee in payees:
        del payee["account_name_reason"]
    return bool(payees)


def use_unknown_bank(voucher: Voucher, desk: Desk) -> bool:
    """Send the money to a branch that does not exist, of the right network or the wrong one."""
    payee = one_payee(voucher, desk)
    if payee is None or "bank_code" not in payee:
        return False
    payee["bank_code"] = desk.rng.choice(UNKNOWN_BANKS)
    return True


def spoil_first_pension(voucher: Voucher, desk: Desk) -> bool:
    """Take approval, retirement date or both from a first pension, or the mark that it is one (harmless)."""
    payees = [line for line in voucher.get("payee_lines", []) if line.get("is_first_pension")]
    if not payees:
        return False
    way = desk.rng.choice(("approval_doc_no", "retirement_date", "block", "mark"))
    if way == "block":
        del payees[0]["first_pension"]
    elif way == "mark":
        payees[0] |= {"is_first_pension": False, "first_pension": {}}
    else:
        del payees[0]["first_pension"][way]
    return True


PAYEE: dict[str, tuple[Change, ...]] = {
    "E12": (drop_business_id,),
    "E13": (drop_individual_id, drop_other_id),
    "E14": (spoil_id, spoil_id, swap_person_id),
    "E15": (drop_documents, spoil_document, spoil_document),
    "E16": (blank_in_name, blank_in_name),
    "E17": (change_account_name, drop_account_name_reason),
    "E18": (use_unknown_bank,),
    "E19": (spoil_first_pension,),
}
