"""Points 17 and 18: a cheque is handed over against a collection slip."""

from collections import Counter
from collections.abc import Iterator

from vouchers.facts import VoucherFacts
from vouchers.reasons import Reason
from vouchers.rules.catalogue import Binds, Found, Text, entry_rule
from vouchers.rules.worlds import EntryWorld


@entry_rule(
    "B-17.1",
    Reason.R04,
    Binds.CHEQUE,
    title=Text(
        "每一受款人應有一張領取支票憑證，號碼不得重複",
        "Every payee has one collection slip with a number of its own",
    ),
    remedy=Text("每一受款人填寫一張領取支票憑證", "Prepare one slip for each payee"),
)
def every_payee_has_one_slip(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """`payee_seq` counts from 1; a single payee's slip need not say so."""
    count = len(voucher.payee_lines)
    only = 1 if count == 1 else None
    for index, slip in enumerate(voucher.collection_slips):
        seq = slip.payee_seq or only
        if seq is None or seq > count:
            yield Found(
                f"/collection_slips/{index}/payee_seq",
                "憑證未對應受款人",
                "the slip is for no payee of the list",
            )
    slips = Counter(slip.payee_seq or only for slip in voucher.collection_slips)
    for seq in range(1, count + 1):
        if slips[seq] != 1:
            yield Found(
                "/collection_slips",
                f"第{seq}位受款人有{slips[seq]}張領取支票憑證",
                f"payee {seq} has {slips[seq]} collection slips",
            )
    for number, times in Counter(slip.no for slip in voucher.collection_slips).items():
        if times > 1:
            yield Found("/collection_slips", f"憑證號碼{number}重複", f"the slip number {number} stands {times} times")


@entry_rule(
    "B-18",
    Reason.R04,
    Binds.CHEQUE,
    title=Text(
        "領回轉發應載明指定領取人員及專用函",
        "A forwarded cheque names its designated collector and the letter",
    ),
    remedy=Text("填寫指定領取人員證號及專用函字號", "Enter the collector's ID and the number of the letter"),
)
def forwarded_cheque_names_its_collector(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """Who collects for the agency is known to the treasury by a letter."""
    if voucher.method != "cheque_forward":
        return
    for index, slip in enumerate(voucher.collection_slips):
        path = f"/collection_slips/{index}"
        if slip.collector_kind != "designated_collector":
            yield Found(f"{path}/collector_kind", "領取人非指定領取人員", "the collector is not the designated one")
        if slip.collector_id is None:
            yield Found(f"{path}/collector_id", "未載明指定領取人員", "the designated collector is missing")
        if slip.letter_no is None:
            yield Found(f"{path}/letter_no", "未載明專用函字號", "the letter is missing")
