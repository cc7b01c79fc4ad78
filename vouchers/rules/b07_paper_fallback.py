"""Point 7: paper first when the system is down and the payment is urgent."""

from collections.abc import Iterator

from vouchers.facts import VoucherFacts
from vouchers.reasons import Reason
from vouchers.rules.catalogue import Binds, Found, Text, entry_rule
from vouchers.rules.worlds import EntryWorld


@entry_rule(
    "B-7",
    Reason.R04,
    Binds.EVERY_VOUCHER,
    title=Text("紙本先行應註明系統故障案號", "A paper fallback names the outage that justifies it"),
    remedy=Text("填寫系統故障案號", "Enter the number of the outage"),
)
def paper_fallback_names_its_outage(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """Without an outage there is no paper fallback."""
    if voucher.channel == "paper_fallback" and voucher.incident_ref is None:
        yield Found("/incident_ref", "未註明系統故障案號", "the outage is not named")
