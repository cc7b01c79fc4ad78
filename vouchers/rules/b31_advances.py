"""Points 31 and 32: an advance rests on an approved case and draws on it alone."""

from collections.abc import Iterator

from vouchers.facts import VoucherFacts
from vouchers.reasons import Reason
from vouchers.rules.catalogue import Binds, Found, Text, examination_rule
from vouchers.rules.worlds import ExaminationWorld


@examination_rule(
    "B-31",
    Reason.R02,
    Binds.ADVANCE,
    title=Text("墊付款應為本機關已核准登錄之墊付案", "An advance names an approved case of the agency"),
    remedy=Text("更正墊付案號，或俟墊付案登錄後再送", "Correct the case number, or wait until the case is entered"),
)
def advance_has_its_case(voucher: VoucherFacts, world: ExaminationWorld) -> Iterator[Found]:
    """Another agency's case is none."""
    if world.case is None:
        case_no = voucher.advance_case or "－"
        yield Found("/advance_case", f"無墊付案{case_no}", f"there is no case {case_no} of this agency")


@examination_rule(
    "B-32.0",
    Reason.R01,
    Binds.ADVANCE,
    title=Text("墊付款不得超過墊付案餘額", "An advance is not more than what is left of its case"),
    remedy=Text("減少金額，或申請增加墊付額度", "Reduce the amount, or have the case raised"),
)
def advance_is_within_its_case(voucher: VoucherFacts, world: ExaminationWorld) -> Iterator[Found]:
    """Exactly the rest is allowed."""
    if world.case is not None and voucher.total_twd > world.case.left_twd:
        yield Found(
            "/total_twd",
            f"金額{voucher.total_twd:,}元超過墊付案餘額{world.case.left_twd:,}元",
            f"{voucher.total_twd:,} is more than the {world.case.left_twd:,} left of the case",
        )
