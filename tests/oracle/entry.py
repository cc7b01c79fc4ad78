"""The entry rules E2 to E31, one small function each, named and ordered as the rules are.

Each function yields the reason it finds, as often as it finds it; E1 stands alone and is decided in `play`.
"""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from .checkdigits import is_right
from .names import has_bad_blank
from .world import Voucher, World

DATES = ("legal_pay_date", "distribution_date", "remit_date")
PETTY_NATURES = ("petty_cash_replenishment", "fixed_petty_cash", "refund")
FORWARDED_NATURES = ("prepaid", "advance_funds", "fixed_petty_cash", "petty_cash_replenishment")


def entry_findings(voucher: Voucher, world: World, agency_code: str, fiscal_year: int) -> list[tuple[str, str]]:
    """Return (rule, reason) of everything that makes the system refuse a voucher of an open year."""
    found = [("E2", reason) for reason in e2(voucher, world, agency_code, fiscal_year)]
    checks = [e3, e4, e5, e8] if voucher["kind"] == "transfer" else [e3, e4, e5, *PAYMENT_RULES]
    for check in checks:
        found += [(check.__name__.upper(), reason) for reason in check(voucher, world)]
    return found


def payees(voucher: Voucher) -> list[Voucher]:
    """Return the payee lines."""
    lines: list[Voucher] = voucher.get("payee_lines", [])
    return lines


def is_business(payee: Voucher) -> bool:
    """Tell whether the payee is a business payee."""
    return payee.get("kind", "business") in ("business", "public_enterprise")


def e2(voucher: Voucher, world: World, agency_code: str, fiscal_year: int) -> Iterator[str]:
    """The number is new."""
    if (agency_code, fiscal_year, voucher["number"]) in world.numbers:
        yield "R04"


def e3(voucher: Voucher, world: World) -> Iterator[str]:
    """The issue date is not after today."""
    if voucher["issue_date"] > world.today.isoformat():
        yield "R04"


def e4(voucher: Voucher, world: World) -> Iterator[str]:
    """Every account is in the budget table."""
    for line in voucher["account_lines"]:
        if line["account_code"] not in world.tables.accounts:
            yield "R04"


def e5(voucher: Voucher, world: World) -> Iterator[str]:
    """The gate is that of every account."""
    for line in voucher["account_lines"]:
        account = world.tables.accounts.get(line["account_code"])
        if account is not None and "gate" in voucher and voucher["gate"] != account.gate:
            yield "R04"


def e6(voucher: Voucher, world: World) -> Iterator[str]:
    """The account lines add up to the total."""
    if sum(line["amount_twd"] for line in voucher["account_lines"]) != voucher["total_twd"]:
        yield "R05"


def e7(voucher: Voucher, world: World) -> Iterator[str]:
    """The payee lines add up to the total."""
    if "payee_lines" in voucher and sum(payee["amount_twd"] for payee in payees(voucher)) != voucher["total_twd"]:
        yield "R05"


def e8(voucher: Voucher, world: World) -> Iterator[str]:
    """Each side of a transfer adds up to the total."""
    for side in ("debit", "credit"):
        lines = [line for line in voucher["account_lines"] if line.get("side") == side]
        if sum(line["amount_twd"] for line in lines) != voucher["total_twd"]:
            yield "R05"


def e9(voucher: Voucher, world: World) -> Iterator[str]:
    """For each of the three dates only one value is stated."""
    for name in DATES:
        if len({part[name] for part in [voucher, *payees(voucher)] if name in part}) > 1:
            yield "R09"


def e10(voucher: Voucher, world: World) -> Iterator[str]:
    """A petty amount has its reason."""
    exempt = voucher.get("nature", "normal") in PETTY_NATURES
    if voucher["total_twd"] <= 10_000 and not exempt and "petty_exception_reason" not in voucher.get("notes", {}):
        yield "R10"


def e11(voucher: Voucher, world: World) -> Iterator[str]:
    """A replenishment says so in its purpose."""
    if voucher.get("nature") == "petty_cash_replenishment" and "撥還零用金" not in voucher["purpose"]:
        yield "R04"


def e12(voucher: Voucher, world: World) -> Iterator[str]:
    """A business payee has an identifier and its type."""
    for payee in payees(voucher):
        if is_business(payee) and ("id" not in payee or "id_type" not in payee):
            yield "R08"


def e13(voucher: Voucher, world: World) -> Iterator[str]:
    """An individual has an identifier."""
    for payee in payees(voucher):
        if payee.get("kind") == "individual" and "id" not in payee:
            yield "R10"


def e14(voucher: Voucher, world: World) -> Iterator[str]:
    """Check digits are right."""
    for payee in payees(voucher):
        if "id" in payee and "id_type" in payee and not is_right(payee["id_type"], payee["id"]):
            yield "R04"


def e15(voucher: Voucher, world: World) -> Iterator[str]:
    """A business payee has its source documents, an invoice its number, each its date."""
    for payee in payees(voucher):
        if not is_business(payee):
            continue
        documents = payee.get("source_documents", [])
        if not documents:
            yield "R08"
        for document in documents:
            if document["type"] == "invoice" and "number" not in document:
                yield "R08"
            if "date" not in document:
                yield "R08"


def e16(voucher: Voucher, world: World) -> Iterator[str]:
    """Names have no blanks where they may have none."""
    for payee in payees(voucher):
        for name in (payee["name"], payee.get("account_name")):
            if name is not None and has_bad_blank(name):
                yield "R04"


def e17(voucher: Voucher, world: World) -> Iterator[str]:
    """The account is the payee's own, or a reason says why not."""
    for payee in payees(voucher):
        other = "account_name" in payee and payee["account_name"] != payee["name"]
        if other and "account_name_reason" not in payee:
            yield "R04"


def e18(voucher: Voucher, world: World) -> Iterator[str]:
    """A payee's bank code is in the directory."""
    for payee in payees(voucher):
        if "bank_code" in payee and payee["bank_code"] not in world.tables.bank_codes:
            yield "R04"


def e19(voucher: Voucher, world: World) -> Iterator[str]:
    """A first pension has its approval and date of retirement."""
    for payee in payees(voucher):
        pension = payee.get("first_pension", {})
        if payee.get("is_first_pension") and not ("approval_doc_no" in pension and "retirement_date" in pension):
            yield "R10"


def e20(voucher: Voucher, world: World) -> Iterator[str]:
    """A remittance knows bank, account and holder of each payee."""
    if voucher["method"] == "remittance":
        for payee in payees(voucher):
            if not ("bank_code" in payee and "account_no" in payee and "account_name" in payee):
                yield "R04"


def e21(voucher: Voucher, world: World) -> Iterator[str]:
    """A remittance states its network."""
    if voucher["method"] == "remittance" and voucher.get("network") is None:
        yield "R04"


def e22(voucher: Voucher, world: World) -> Iterator[str]:
    """Every payee's bank belongs to the network."""
    if voucher["method"] == "remittance" and voucher.get("network") is not None:
        for payee in payees(voucher):
            if "bank_code" in payee:
                network = "intra_bank" if payee["bank_code"].startswith("004") else "fisc"
                if network != voucher["network"]:
                    yield "R09"


def e23(voucher: Voucher, world: World) -> Iterator[str]:
    """Staff and retiree money is not remitted to individuals."""
    if voucher["method"] == "remittance" and voucher.get("expense_class") in ("staff", "retiree"):
        for payee in payees(voucher):
            if payee.get("kind") == "individual":
                yield "R03"


def e24(voucher: Voucher, world: World) -> Iterator[str]:
    """The stated dollar amount of a foreign currency is the total."""
    foreign = voucher.get("foreign_currency")
    if foreign is not None and "twd_amount" in foreign and foreign["twd_amount"] != voucher["total_twd"]:
        yield "R04"


def e25(voucher: Voucher, world: World) -> Iterator[str]:
    """Amount times rate, rounded half up, is the total."""
    foreign = voucher.get("foreign_currency")
    if foreign is not None and "amount" in foreign and "rate" in foreign:
        exact = Decimal(foreign["amount"]) * Decimal(foreign["rate"])
        if int(exact.quantize(Decimal(1), ROUND_HALF_UP)) != voucher["total_twd"]:
            yield "R04"


def e26(voucher: Voucher, world: World) -> Iterator[str]:
    """A foreign currency has its quota and its note."""
    foreign = voucher.get("foreign_currency")
    if foreign is not None and not ("quota_ref" in foreign and "text" in voucher.get("notes", {})):
        yield "R10"


def e27(voucher: Voucher, world: World) -> Iterator[str]:
    """An entrusted transfer names bank and account."""
    block = voucher.get("entrusted", {})
    if voucher["method"] == "entrusted" and not ("bank_code" in block and "disbursement_account" in block):
        yield "R04"


def e28(voucher: Voucher, world: World) -> Iterator[str]:
    """The bank of an entrusted transfer is in the directory."""
    code = voucher.get("entrusted", {}).get("bank_code")
    if voucher["method"] == "entrusted" and code is not None and code not in world.tables.bank_codes:
        yield "R04"


def e29(voucher: Voucher, world: World) -> Iterator[str]:
    """A cheque has the treasury's consent."""
    if voucher["method"] in ("cheque_self", "cheque_forward") and "consent_ref" not in voucher.get("cheque", {}):
        yield "R03"


def e30(voucher: Voucher, world: World) -> Iterator[str]:
    """A cheque has ground and reason."""
    block = voucher.get("cheque", {})
    if voucher["method"] in ("cheque_self", "cheque_forward") and not ("ground" in block and "reason" in block):
        yield "R10"


def e31(voucher: Voucher, world: World) -> Iterator[str]:
    """An uncrossed cheque is allowed by the table."""
    block = voucher.get("cheque", {})
    if voucher["method"] in ("cheque_self", "cheque_forward") and block.get("crossing") == "uncrossed":
        for payee in payees(voucher):
            if not may_be_uncrossed(voucher, payee, "special_approval_ref" in block):
                yield "R03"


def may_be_uncrossed(voucher: Voucher, payee: Voucher, approved: bool) -> bool:
    """Read the table of E31 from its first row to its last."""
    public = payee.get("kind", "business") in ("government", "public_enterprise")
    if payee.get("is_forwarder") and voucher.get("nature", "normal") in FORWARDED_NATURES:
        return True
    if not public and payee["amount_twd"] < 500_000:
        return True
    if not public:
        return approved
    if payee["amount_twd"] < 500_000:
        return False
    return approved


PAYMENT_RULES = [
    *(e6, e7, e9, e10, e11, e12, e13, e14, e15, e16, e17, e18, e19, e20),
    *(e21, e22, e23, e24, e25, e26, e27, e28, e29, e30, e31),
]
