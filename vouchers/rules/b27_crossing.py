"""Point 27: cheques are crossed; when the crossing may be left out.

The seed joins three grounds by "any one". Read strictly (the default), ground 1 covers private payees only
below the threshold; read literally, it covers them at any amount (requirements section 9, open point 1).
"""

from collections.abc import Iterator

from vouchers.facts import VoucherFacts
from vouchers.parts import PayeeLine
from vouchers.reasons import Reason
from vouchers.rules.catalogue import Binds, Found, Text, entry_rule
from vouchers.rules.worlds import EntryWorld

_FORWARDED_NATURES = frozenset({"prepaid", "advance_funds", "fixed_petty_cash", "petty_cash_replenishment"})


@entry_rule(
    "B-27.2",
    Reason.R03,
    Binds.CHEQUE,
    title=Text("免劃平行線應符合規定情形", "An uncrossed cheque is one of the allowed cases"),
    remedy=Text(
        "改為劃平行線，或填寫專案核准文號（達門檻者）",
        "Cross the cheque, or enter the special approval where the amount allows it",
    ),
)
def uncrossed_cheque_is_allowed(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """Judged for each payee by the amount of its line, which is the amount of its cheque."""
    if voucher.cheque.crossing != "uncrossed":
        return
    for index, line in enumerate(voucher.payee_lines):
        why = _why_crossed(line, voucher, world)
        if why is not None:
            yield Found(f"/payee_lines/{index}/amount_twd", f"「{line.name}」{why.zh}", f"“{line.name}”: {why.en}")


def _why_crossed(line: PayeeLine, voucher: VoucherFacts, world: EntryWorld) -> Text | None:
    """Why this payee's cheque has to be crossed, or None; the first ground that fits decides."""
    threshold_twd = world.crossing_threshold_twd
    is_under = line.amount_twd < threshold_twd
    if line.is_forwarder and voucher.nature in _FORWARDED_NATURES:
        return None
    if line.is_public and is_under:
        return Text(
            f"為政府機關或公營事業且未達{threshold_twd:,}元，不得免劃平行線",
            f"a public payee below {threshold_twd:,} is paid by crossed cheque",
        )
    if is_under or (world.crossing_reading == "literal" and not line.is_public):
        return None
    if voucher.cheque.special_approval_ref is None:
        return Text(
            f"達{threshold_twd:,}元，免劃平行線須有專案核准",
            f"from {threshold_twd:,} an uncrossed cheque needs a special approval",
        )
    return None
