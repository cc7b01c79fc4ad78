"""Vouchers without a fault: one recipe for each way money leaves the treasury.

A recipe returns a voucher that no entry rule refuses. Whether the treasury returns it depends on balances.
"""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .desk import Desk
from .world import Voucher

PURPOSES = ("辦公文具採購", "資訊系統維護費", "辦公大樓清潔費", "講座鐘點費", "教育訓練材料費", "會議餐費")


def payment(desk: Desk, method: str, total_twd: int, payee_lines: list[Voucher], **more: Any) -> Voucher:
    """Put a payment together from its payees; account lines, number, dates and reasons are added here."""
    gates = sorted({account.gate for account in desk.own_accounts()})
    gate = desk.rng.choice(["current", "current", "current", gates[0]])
    voucher: Voucher = {
        "kind": "payment",
        "number": desk.next_number("payment"),
        "issue_date": desk.day(-desk.rng.choice((0, 0, 1, 2, 30))),
        "gate": gate,
        "purpose": desk.rng.choice(PURPOSES),
        "method": method,
        "total_twd": total_twd,
        "account_lines": account_lines(desk, total_twd, gate),
        "payee_lines": payee_lines,
    }
    voucher |= more
    if desk.chance(0.3):
        voucher.setdefault("nature", "normal")
    if desk.chance(0.2):
        voucher.setdefault("expense_class", "general")
    if total_twd <= 10_000 and voucher.get("nature") not in ("petty_cash_replenishment", "fixed_petty_cash"):
        voucher.setdefault("notes", {})["petty_exception_reason"] = "零用金已用罄尚未撥還"
    return voucher


def account_lines(desk: Desk, total_twd: int, gate: str) -> list[Voucher]:
    """Charge a total to one account, to several, or to one account on several lines."""
    accounts = desk.own_accounts(gate)
    parts = desk.parts_twd(total_twd, desk.rng.choice((1, 1, 1, 1, 2, 3)))
    if len(parts) == 1:
        covered = [a for a in accounts if desk.world.available_twd(a.code) >= total_twd]
        accounts = covered if covered and desk.chance(0.85) else accounts
    return [account_line(desk.rng.choice(accounts).code, part, desk) for part in parts]


def account_line(code: str, amount_twd: int, desk: Desk) -> Voucher:
    """Return an account line with its name and, sometimes, the empty fund."""
    line = {"account_code": code, "account_name": desk.tables.accounts[code].name, "amount_twd": amount_twd}
    return line | ({"fund_code": None} if desk.chance(0.5) else {})


def documents(desk: Desk, amount_twd: int, individual: bool) -> list[Voucher]:
    """Return source documents that add up to an amount."""
    found = []
    for part in desk.parts_twd(amount_twd, desk.rng.choice((1, 1, 2))):
        kind = "individual_receipt" if individual else desk.rng.choice(("invoice", "invoice", "plain_receipt"))
        document = {"type": kind, "date": desk.day(-desk.rng.randint(1, 30)), "amount_twd": part}
        if kind == "invoice":
            document["number"] = "".join(desk.rng.choices("ABCDEFGH", k=2)) + desk.people.digits(8)
        found.append(document)
    return found


def line(desk: Desk, payee: Voucher, amount_twd: int, bank_code: str | None = None) -> Voucher:
    """Return a payee line with amount, account and documents, as the payee's kind asks for them."""
    payee = payee | {"amount_twd": amount_twd}
    if bank_code is not None:
        account = {"bank_code": bank_code, "account_no": desk.people.digits(desk.rng.randint(5, 16))}
        payee |= account | {"account_name": payee["name"]}
    kind = payee.get("kind", "business")
    if kind in ("business", "public_enterprise") or (kind == "individual" and desk.chance(0.5)):
        payee["source_documents"] = documents(desk, amount_twd, kind == "individual")
    return payee


def remittance(desk: Desk, payees: list[Voucher], total_twd: int | None = None, **more: Any) -> Voucher:
    """Remit to payees whose banks belong to one network."""
    network = desk.rng.choice(("intra_bank", "fisc"))
    parts = desk.parts_twd(total_twd or desk.amount_twd(), len(payees))
    lines = [line(desk, payee, part, desk.bank_code(network)) for payee, part in zip(payees, parts, strict=False)]
    return payment(desk, "remittance", sum(parts), lines, network=network, **more)


def to_businesses(desk: Desk) -> Voucher:
    """Remit to one or several businesses; one of them may hold its account in another name, with a reason."""
    payees = [desk.people.business() for _ in range(desk.rng.choice((1, 1, 2, 5)))]
    voucher = remittance(desk, payees, nature=desk.rng.choice(("normal", "normal", "prepaid", "temporary")))
    if desk.chance(0.2):
        payee = desk.rng.choice(voucher["payee_lines"])
        payee["account_name"] = payee["name"] + desk.people.name()
        payee["account_name_reason"] = "獨資商號，帳戶以負責人名義開立"
    return voucher


def to_individuals(desk: Desk) -> Voucher:
    """Remit to individuals who are no staff."""
    return remittance(desk, [desk.people.individual() for _ in range(desk.rng.choice((1, 2, 6)))])


def to_public_bodies(desk: Desk) -> Voucher:
    """Remit to a government body and to a public enterprise."""
    return remittance(desk, [desk.people.government(), desk.people.enterprise()])


def staff_account(desk: Desk) -> Voucher:
    """Remit staff money to the agency's special account because entrusting is impossible."""
    account = desk.people.organisation("agency_special_account", desk.agency_name + "員工薪津專戶")
    reason: dict[str, Any] = {"entrusted_impossible_reason": "劃帳銀行系統維護，無法受理本期劃帳清冊"}
    return remittance(desk, [account], expense_class=desk.rng.choice(("staff", "retiree")), **reason)


def petty_cash(desk: Desk) -> Voucher:
    """Fill or replenish the agency's petty cash."""
    account = desk.people.organisation("agency_special_account", desk.agency_name + "零用金專戶")
    if desk.chance(0.4):
        return remittance(desk, [account], nature="fixed_petty_cash", purpose="額定零用金")
    replenished: dict[str, Any] = {
        "nature": "petty_cash_replenishment",
        "petty_cash_list_no": "零支1140" + desk.people.digits(3),
    }
    return remittance(desk, [account], purpose="3月份撥還零用金", **replenished)


def advance(desk: Desk) -> Voucher:
    """Draw on an approved case, often exactly on its rest."""
    cases = [case for agency, case in desk.tables.approved_twd if agency == desk.agency_code]
    if not cases:
        return to_businesses(desk)
    case = desk.rng.choice(cases)
    rest_twd = desk.world.case_rest_twd(desk.agency_code, case)
    total_twd = max(1, rest_twd + desk.rng.choice((0, 0, 1, -1))) if desk.chance(0.4) else desk.amount_twd()
    more = {
        "nature": "advance",
        "advance_case": case,
        "notes": {"approval_doc_no": f"院授主預字第{case}號"},
    }
    if total_twd > 5_000_000 and not desk.beyond_sample:
        total_twd = 5_000_000
    return remittance(desk, [desk.people.business()], total_twd, **more)


def foreign_currency(desk: Desk) -> Voucher:
    """Remit to a settling bank; the product of amount and rate often ends in exactly a half."""
    while True:
        if desk.chance(0.5):
            amount, rate = (
                Decimal(desk.rng.randint(100, 9_999_999)) / 100,
                Decimal(desk.rng.randint(1, 500000)) / 10000,
            )
        else:
            amount, rate = (
                Decimal(2 * desk.rng.randint(50, 9_999) + 1),
                Decimal(desk.rng.randint(0, 40)) + Decimal("0.5"),
            )
        total_twd = int((amount * rate).quantize(Decimal(1), ROUND_HALF_UP))
        if 0 < total_twd <= 5_000_000:
            break
    bank = desk.people.organisation("bank", "第一商業銀行")
    block = {"currency": "USD", "amount": str(amount), "rate": str(rate), "twd_amount": total_twd}
    block["quota_ref"] = "外匯額度字第114" + desk.people.digits(4) + "號"
    more = {"foreign_currency": block, "notes": {"text": f"美元{amount}元，匯率{rate}"}}
    return remittance(desk, [bank], total_twd, **more)


def entrusted(desk: Desk) -> Voucher:
    """Entrust staff pay, pensions or a list of grants to a bank."""
    total_twd = desk.amount_twd()
    bank_code = desk.bank_code(desk.rng.choice(("intra_bank", "fisc")))
    parts = desk.parts_twd(total_twd, desk.rng.choice((1, 3, 12)))
    lines = [line(desk, desk.people.individual(), part, bank_code) for part in parts]
    expense_class = desk.rng.choice(("staff", "retiree", "general"))
    if expense_class == "retiree" and desk.chance(0.6):
        pension = {
            "approval_doc_no": "部退三字第114" + desk.people.digits(5),
            "retirement_date": desk.day(-20),
        }
        lines[-1] |= {"is_first_pension": True, "first_pension": pension}
    roster = {"sha256": desk.people.digits(64), "delivered_at": desk.day(0) + "T09:13:00+08:00"}
    block = {"bank_code": bank_code, "disbursement_account": desk.people.digits(12), "roster": roster}
    return payment(desk, "entrusted", total_twd, lines, expense_class=expense_class, entrusted=block)


def cheque(desk: Desk) -> Voucher:
    """Pay one payee by crossed cheque, or several."""
    makers = (desk.people.individual, desk.people.business, desk.people.enterprise, desk.people.government)
    parts = desk.parts_twd(desk.amount_twd(), desk.rng.choice((1, 1, 1, 3)))
    return by_cheque(desk, [line(desk, desk.rng.choice(makers)(), part) for part in parts])


def by_cheque(desk: Desk, lines: list[Voucher], **more: Any) -> Voucher:
    """Put a cheque voucher together, with a collection slip for each payee."""
    method = desk.rng.choice(("cheque_self", "cheque_forward"))
    block = {"ground": desk.rng.choice(("utility", "debt_principal", "welfare", "no_account", "special"))}
    block |= {"reason": "受款人無法開立帳戶", "consent_ref": "府財庫字第114" + desk.people.digits(5) + "號"}
    if desk.chance(0.3):
        block["crossing"] = "crossed"
    slips = []
    for position in range(1, len(lines) + 1):
        slip: Voucher = {"no": f"CS114{desk.people.digits(6)}", "payee_seq": position}
        if method == "cheque_forward":
            slip |= {
                "collector_kind": "designated_collector",
                "collector_id": desk.people.person_id("national_id"),
            }
            slip |= {"letter_no": "指領字第114" + desk.people.digits(4) + "號"}
        slips.append(slip)
    total_twd = sum(payee["amount_twd"] for payee in lines)
    return payment(desk, method, total_twd, lines, cheque=block, collection_slips=slips, **more)


def uncrossed_cheque(desk: Desk) -> Voucher:
    """Pay one payee by an uncrossed cheque that is allowed, at every edge of the table."""
    total_twd = desk.rng.choice((499_999, 500_000, 500_001, desk.amount_twd()))
    maker = desk.rng.choice(
        (desk.people.individual, desk.people.business, desk.people.enterprise, desk.people.government)
    )
    payee = line(desk, maker(), total_twd)
    public = payee.get("kind") in ("government", "public_enterprise")
    voucher = by_cheque(desk, [payee])
    if total_twd >= 500_000:
        voucher["cheque"]["special_approval_ref"] = "專案核准字第114" + desk.people.digits(4) + "號"
    if total_twd >= 500_000 or not public:
        voucher["cheque"]["crossing"] = "uncrossed"
    return voucher


def forwarded_cheque(desk: Desk) -> Voucher:
    """Hand an uncrossed cheque of any amount to the agency's forwarding person."""
    nature = desk.rng.choice(("prepaid", "advance_funds", "fixed_petty_cash", "petty_cash_replenishment"))
    payee = line(desk, desk.people.individual() | {"is_forwarder": True}, desk.amount_twd())
    voucher = by_cheque(desk, [payee], nature=nature)
    if nature == "petty_cash_replenishment":
        voucher |= {"purpose": "撥還零用金", "petty_cash_list_no": "零支114" + desk.people.digits(4)}
    voucher["cheque"]["crossing"] = "uncrossed"
    return voucher


RECIPES: dict[Callable[[Desk], Voucher], int] = {
    to_businesses: 10,
    to_individuals: 4,
    to_public_bodies: 3,
    staff_account: 3,
    petty_cash: 4,
    advance: 6,
    foreign_currency: 5,
    entrusted: 6,
    cheque: 5,
    uncrossed_cheque: 7,
    forwarded_cheque: 4,
}
