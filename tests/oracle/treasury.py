"""The treasury rules T1 to T5."""

from collections.abc import Iterator

from .world import Voucher, World


def treasury_findings(voucher: Voucher, world: World, agency_code: str, fiscal_year: int) -> list[tuple[str, str]]:
    """Return (rule, reason) of everything that makes the treasury return a voucher."""
    found = []
    for check in (t1, t2, t3, t4, t5):
        found += [(check.__name__.upper(), reason) for reason in check(voucher, world, agency_code, fiscal_year)]
    return found


def is_advance(voucher: Voucher) -> bool:
    """Tell whether the voucher is an advance, which draws on its case alone."""
    return voucher.get("nature") == "advance"


def drawn_by_account(voucher: Voucher) -> dict[str, int]:
    """Return what the voucher draws, by account: all lines of a payment, the debit lines of a transfer."""
    drawn: dict[str, int] = {}
    for line in voucher["account_lines"]:
        if voucher["kind"] == "payment" or line.get("side") == "debit":
            drawn[line["account_code"]] = drawn.get(line["account_code"], 0) + line["amount_twd"]
    return drawn


def t1(voucher: Voucher, world: World, agency_code: str, fiscal_year: int) -> Iterator[str]:
    """Every account is the agency's own."""
    for line in voucher["account_lines"]:
        if world.tables.accounts[line["account_code"]].agency_code != agency_code:
            yield "R02"


def t2(voucher: Voucher, world: World, agency_code: str, fiscal_year: int) -> Iterator[str]:
    """No account is drawn beyond its balance; another agency's account is not looked at."""
    if is_advance(voucher):
        return
    for code, amount_twd in drawn_by_account(voucher).items():
        own = world.tables.accounts[code].agency_code == agency_code
        if own and amount_twd > world.available_twd(code):
            yield "R01"


def t3(voucher: Voucher, world: World, agency_code: str, fiscal_year: int) -> Iterator[str]:
    """The case of an advance is a case of this agency."""
    if is_advance(voucher) and (agency_code, voucher["advance_case"]) not in world.tables.approved_twd:
        yield "R02"


def t4(voucher: Voucher, world: World, agency_code: str, fiscal_year: int) -> Iterator[str]:
    """An advance is within what is left of its case."""
    if not is_advance(voucher) or (agency_code, voucher["advance_case"]) not in world.tables.approved_twd:
        return
    if voucher["total_twd"] > world.case_rest_twd(agency_code, voucher["advance_case"]):
        yield "R01"


def t5(voucher: Voucher, world: World, agency_code: str, fiscal_year: int) -> Iterator[str]:
    """Every original of a transfer is a payment of this agency and year that has been paid."""
    if voucher["kind"] != "transfer":
        return
    for original in voucher.get("originals", []):
        named = (
            original.get("agency_code", agency_code),
            original.get("fiscal_year", fiscal_year),
            original["number"],
        )
        if named[:2] != (agency_code, fiscal_year) or named not in world.paid:
            yield "R02"
