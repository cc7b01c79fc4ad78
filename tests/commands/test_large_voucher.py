"""A voucher of 20,000 payees goes through the whole day in one piece."""

from pathlib import Path

from tests.journeys.books import hand_over, outcomes, table_arguments
from tests.journeys.days import MONDAY, own_books

CABINET, COUNT = "0003010000", 20_000
PERSON = {
    "name": "林小美",
    "kind": "individual",
    "id_type": "national_id",
    "id": "A123456789",
    "bank_code": "0050050",
    "account_name": "林小美",
    "amount_twd": 100,
}


def test_twenty_thousand_payees(tmp_path: Path) -> None:
    voucher = {
        "kind": "payment",
        "number": "P0310-001",
        "issue_date": "2025-03-10",
        "gate": "current",
        "purpose": "災害救助金",
        "method": "remittance",
        "network": "fisc",
        "total_twd": COUNT * 100,
        "account_lines": [{"account_code": "3203010100", "amount_twd": COUNT * 100}],
        "payee_lines": [PERSON | {"account_no": f"{number:012d}"} for number in range(1, COUNT + 1)],
    }
    hand_over(tmp_path / "day", CABINET, [voucher])

    with own_books("twenty_thousand") as books:
        played = books.run_day(tmp_path / "day", MONDAY, tmp_path / "out", *table_arguments())
        executed = books.bank("SELECT count(DISTINCT end_to_end_id), count(*), sum(amount_twd) FROM lines")
        drawn = books.value("SELECT expended_twd FROM ledger_authority WHERE code = '3203010100'")

    assert (played.code, played.err) == (0, "")
    assert outcomes(tmp_path / "out" / "outcome.csv") == [("day", CABINET, "P0310-001", "paid", "")]
    assert executed == [(COUNT, COUNT, COUNT * 100)]
    assert drawn == COUNT * 100
