"""The business events the books know, and the entries each of them posts.

A leg is one debit and one credit of the same amount. It is posted once per authority drawn on, once per source of
money (`SOURCE` stands for 3101, or for the fund's own 3201), or once for the total. A leg from source to source
moves only what the two sides of a transfer differ in. The table is executed by `bookings.booking`, and the table of
events in `docs/ledger.md` is generated from it.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from treasury.ledger import chart
from treasury.ledger.authorities import Kind

SOURCE: Final = "source"
EVERY_KIND: Final = (Kind.BUDGET, Kind.CASE, Kind.FUND)
CAN_BE_SPENT_AGAIN: Final = (Kind.BUDGET, Kind.FUND)


class Per(StrEnum):
    """How often a leg is posted."""

    AUTHORITY = "authority"
    SOURCE = "source"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Leg:
    """One debit and one credit of the same amount.

    `of_reliefs`: follows the credit lines of a transfer instead of the draws; `of_excess`: as far as they are more
    than the authority has spent. `kinds`: the kinds of authority it is posted for.
    """

    debit: str
    credit: str
    per: Per = Per.AUTHORITY
    of_reliefs: bool = False
    of_excess: bool = False
    kinds: tuple[Kind, ...] = EVERY_KIND


@dataclass(frozen=True, slots=True)
class Event:
    """One business event: the verb that names it in the books, its texts, its ground and its legs.

    An event that moves money only takes an amount; any other takes draws, and a transfer reliefs as well.
    """

    name: str
    title_zh: str
    title_en: str
    requirement: str
    legs: tuple[Leg, ...]
    per_authority: tuple[Leg, ...] = field(init=False)
    per_source: tuple[Leg, ...] = field(init=False)
    per_total: tuple[Leg, ...] = field(init=False)
    has_reliefs: bool = field(init=False)
    moves_money_only: bool = field(init=False)

    def __post_init__(self) -> None:
        for per in Per:
            object.__setattr__(self, f"per_{per}", tuple(leg for leg in self.legs if leg.per is per))
        object.__setattr__(self, "has_reliefs", any(leg.of_reliefs for leg in self.legs))
        object.__setattr__(self, "moves_money_only", all(leg.per is Per.TOTAL for leg in self.legs))


_EXPEND = Leg(chart.RESERVED, chart.EXPENDED)
_RESTORE = Leg(chart.EXPENDED, chart.AVAILABLE)


def _approve(kind: Kind) -> Leg:
    return Leg(chart.CONTROL, chart.AVAILABLE, kinds=(kind,))


def _from_source(credit: str) -> Leg:
    return Leg(SOURCE, credit, Per.SOURCE)


def _to_source(debit: str) -> Leg:
    return Leg(debit, SOURCE, Per.SOURCE)


def _move(debit: str, credit: str) -> Leg:
    return Leg(debit, credit, Per.TOTAL)


DEPOSIT: Final = Event(
    "deposit",
    "存入公庫總存款戶",
    "money comes into the master account",
    "B-4, B-34.1",
    (_to_source(chart.MASTER_DEPOSIT), _approve(Kind.FUND)),
)
RELEASE_ALLOTMENT: Final = Event(
    "release_allotment",
    "分配預算開始動支",
    "a month's allotment may be spent",
    "B-22.1, B-23.2.1",
    (_approve(Kind.BUDGET),),
)
LAPSE_ALLOTMENT: Final = Event(
    "lapse_allotment",
    "年度關帳餘額停止支用",
    "what is left of a closed year lapses",
    "B-24.6, 公庫法 19",
    (Leg(chart.AVAILABLE, chart.CONTROL, kinds=(Kind.BUDGET,)),),
)
APPROVE_CASE: Final = Event("approve_case", "墊付款核准", "an advance is approved", "B-31", (_approve(Kind.CASE),))
RESERVE: Final = Event(
    "reserve",
    "審核通過保留餘額",
    "a voucher is accepted: its balance is reserved",
    "B-23.0, B-23.2.1",
    (Leg(chart.AVAILABLE, chart.RESERVED),),
)
VOID: Final = Event(
    "void",
    "退件釋回保留",
    "an accepted voucher is returned: the reservation is released",
    "B-24",
    (Leg(chart.RESERVED, chart.AVAILABLE),),
)
PAY_BY_REMITTANCE: Final = Event(
    "pay_by_remittance",
    "電匯或委託劃帳付款",
    "a remittance leaves: the reservation becomes expenditure",
    "B-14.1, B-25",
    (_EXPEND, _from_source(chart.IN_TRANSIT)),
)
PAY_BY_CHEQUE: Final = Event(
    "pay_by_cheque",
    "簽開支票付款",
    "a cheque is issued: the reservation becomes expenditure",
    "B-14.2, B-28",
    (_EXPEND, _from_source(chart.CHEQUES_OUTSTANDING)),
)
DEBIT_BY_BANK: Final = Event(
    "debit_by_bank",
    "代庫銀行扣款",
    "the bank debits a remittance",
    "B-28",
    (_move(chart.IN_TRANSIT, chart.MASTER_DEPOSIT),),
)
CLEAR_CHEQUE: Final = Event(
    "clear_cheque",
    "支票兌付",
    "the bank pays a cheque",
    "B-28",
    (_move(chart.CHEQUES_OUTSTANDING, chart.MASTER_DEPOSIT),),
)
RETURN_BY_BANK: Final = Event(
    "return_by_bank",
    "退匯",
    "the bank returns a remittance",
    "B-25",
    (_move(chart.MASTER_DEPOSIT, chart.RETURNED),),
)
REJECT_BY_BANK: Final = Event(
    "reject_by_bank",
    "整批退件",
    "the bank refuses a whole batch and debits nothing",
    "B-25",
    (_move(chart.IN_TRANSIT, chart.RETURNED),),
)
RESEND: Final = Event(
    "resend",
    "重匯",
    "a corrected remittance is sent again",
    "B-25",
    (_move(chart.RETURNED, chart.IN_TRANSIT),),
)
RETURN_TO_TREASURY: Final = Event(
    "return_to_treasury",
    "退匯款支出收回",
    "a returned remittance goes back to its authority, same year",
    "B-25, B-22.2",
    (_to_source(chart.RETURNED), _RESTORE),
)
PAY_IN_RETURNED: Final = Event(
    "pay_in_returned",
    "退匯款繳庫",
    "a returned remittance of an earlier year is paid in; a budget line's old year stays as it is",
    "B-25",
    (_to_source(chart.RETURNED), _approve(Kind.FUND)),
)
RETURN_EXPENDITURE: Final = Event(
    "return_expenditure",
    "支出收回",
    "an agency pays expenditure back, same year (an advance: any year)",
    "B-22.2, B-32.4, C-50.2",
    (_to_source(chart.MASTER_DEPOSIT), _RESTORE),
)
CANCEL_CHEQUE: Final = Event(
    "cancel_cheque",
    "支票註銷",
    "an issued cheque is cancelled: the balance is restored",
    "B-22.2",
    (_to_source(chart.CHEQUES_OUTSTANDING), _RESTORE),
)
PAY_IN_CHEQUE: Final = Event(
    "pay_in_cheque",
    "以前年度支票註銷繳庫",
    "a cheque of an earlier year is cancelled and paid in (收回以前年度歲出); a budget line's old year stays as it is",
    "B-22.2, B-33.2, 國庫支票管理辦法 38",
    (_to_source(chart.CHEQUES_OUTSTANDING), _approve(Kind.FUND)),
)
POST_TRANSFER: Final = Event(
    "post_transfer",
    "轉帳憑單登帳",
    "a transfer voucher is posted: draws on the debited lines, relieves the credited ones, which may spend again "
    "what they have spent; a credited advance case is settled",
    "B-20, B-32.1",
    (
        Leg(chart.AVAILABLE, chart.EXPENDED),
        Leg(chart.RELIEVED, chart.AVAILABLE, of_reliefs=True, kinds=CAN_BE_SPENT_AGAIN),
        Leg(chart.RELIEVED, chart.SETTLED, of_reliefs=True, kinds=(Kind.CASE,)),
        Leg(chart.EXCESS, chart.UNEXPLAINED, of_reliefs=True, of_excess=True, kinds=(Kind.BUDGET,)),
        Leg(chart.CONTROL, chart.AVAILABLE, of_reliefs=True, of_excess=True, kinds=(Kind.FUND,)),
        Leg(SOURCE, SOURCE, Per.SOURCE),
    ),
)

EVENTS: Final[tuple[Event, ...]] = (
    DEPOSIT,
    RELEASE_ALLOTMENT,
    LAPSE_ALLOTMENT,
    APPROVE_CASE,
    RESERVE,
    VOID,
    PAY_BY_REMITTANCE,
    PAY_BY_CHEQUE,
    DEBIT_BY_BANK,
    CLEAR_CHEQUE,
    RETURN_BY_BANK,
    REJECT_BY_BANK,
    RESEND,
    RETURN_TO_TREASURY,
    PAY_IN_RETURNED,
    RETURN_EXPENDITURE,
    CANCEL_CHEQUE,
    PAY_IN_CHEQUE,
    POST_TRANSFER,
)
