"""The figures the ledger's tests speak of, and the shortest way to say them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from treasury.ledger import services
from treasury.ledger.authorities import Draw
from treasury.ledger.bookings import Booking, booking
from treasury.ledger.events import Event
from treasury.ledger.models import Authority
from treasury.ledger.services import Booked

ON = date(2025, 3, 7)
CABINET = "0003010000"
MUSEUM = "0029510000"
OFFICE = "3203010100"
TRAVEL = "3203011100"
BUILDING = "3203019019"
EXHIBITION = "5329510100"
IDLE = "5329510200"
ADVANCE = "ADV114-004"
ADVANCE_TWD = 3_700_000
FUND = "F01"
FUND_DEPOSITED_TWD = 50_000
DEPOSITED_TWD = 9_000_000

# A year of 12,000 is 1,000 a month: 3,000 may be spent in March.
OFFICE_TWD = 3_000
BUDGET_HEAD = "account_code,account_name,level,agency_code,agency_name,amount_twd,gate\n"
BUDGET_CSV = (
    BUDGET_HEAD
    + f"{OFFICE},一般行政,目,{CABINET},行政院,12000,current\n"
    + f"{TRAVEL},施政推展聯繫,目,{CABINET},行政院,12011,current\n"
    + f"{BUILDING},其他設備,節,{CABINET},行政院,1200000,capital\n"
    + f"{EXHIBITION},展覽推廣,目,{MUSEUM},國立臺灣美術館,6000000,current\n"
    + f"{IDLE},第一預備金,目,{MUSEUM},國立臺灣美術館,11,current\n"
)
CASES_HEAD = "agency_code,case_no,approved_twd,approval_doc_no\n"
CASES_CSV = CASES_HEAD + f"{CABINET},{ADVANCE},{ADVANCE_TWD},院授主預字第1149231463號\n"


def a_booking(event: Event, ref: str, draws: Sequence[Draw] = (), **other: Any) -> Booking:
    """What an event of 行政院 posts on the sample's day."""
    given = {"agency_code": CABINET, "fiscal_year": 114, "on": ON} | other
    return booking(event, event_ref=ref, draws=draws, **given)


def book(event: Event, ref: str, draws: Sequence[Draw] = (), **other: Any) -> Booked:
    """Books an event of 行政院 on the sample's day."""
    return services.book_many([a_booking(event, ref, draws, **other)])[0]


def figures(code: str) -> tuple[int, int, int, int, int]:
    """Available, reserved, expended, relieved, settled of an authority."""
    row = Authority.objects.get(code=code)
    return row.available_twd, row.reserved_twd, row.expended_twd, row.relieved_twd, row.settled_twd
