"""Taking in: once per message id, once per line, nothing of a wrong order."""

import json
from datetime import date

import pytest

from disbursement.bank_client import BankClient, BankRefused
from tests.disbursement.bank.bank_process import BankProcess, order, wait_for_results

FIRST, SECOND = "NTA-20250307-00001", "NTA-20250307-00002"


def test_the_same_batch_again_has_the_first_receipt_and_is_executed_once(bank: BankProcess, client: BankClient) -> None:
    message = order(FIRST, amounts=(1000, 2500))
    first = client.submit(FIRST, message)
    wait_for_results(client, 1)

    again = client.submit(FIRST, message)

    assert again == first
    assert (first.line_count, first.total_twd, first.received_at.date()) == (2, 3500, date(2025, 3, 7))
    assert len(client.results(0)) == 1
    assert bank.balance_twd() == 1_000_000 - 3500


def test_an_id_that_stands_for_another_message_is_a_conflict(bank: BankProcess, client: BankClient) -> None:
    client.submit(FIRST, order(FIRST, amounts=(1000,)))
    wait_for_results(client, 1)

    with pytest.raises(BankRefused) as other_content:
        client.submit(FIRST, order(FIRST, amounts=(1001,)))
    with pytest.raises(BankRefused) as same_line:
        client.submit(SECOND, order(SECOND, amounts=(7, 1000), prefix=FIRST))

    assert (other_content.value.code, other_content.value.status) == ("batch_id_taken", 409)
    assert (same_line.value.code, same_line.value.status) == ("line_id_taken", 409)
    assert client.enquire(SECOND).status == "unknown"
    assert bank.balance_twd() == 1_000_000 - 1000


def test_a_wrong_order_is_refused_and_nothing_of_it_is_kept(bank: BankProcess, client: BankClient) -> None:
    good = order(FIRST)
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    wrong = {
        "order_unreadable": [
            b"",
            good[:-20],
            f'<!DOCTYPE d [<!ENTITY l0 "l">{laughs}]><d>&l9;</d>'.encode(),
            good.replace("受款人0".encode(), b"&x;"),
            good.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
            b"<a>" * 5000 + b"</a>" * 5000,
        ],
        "order_schema": [
            b"<a/>",
            good.replace(b"pain.001.001.09", b"pain.001.001.03"),
            good.replace(b'"TWD">1000', b'"TWD">-1000'),
            good.replace("受款人0".encode(), "長".encode() * 100_000),
        ],
        "order_amount": [good.replace(b'"TWD">1000', b'"TWD">1000.5'), good.replace(b'"TWD">1000', b'"TWD">0')],
        "order_sum": [
            good.replace(b"<CtrlSum>3500", b"<CtrlSum>3501"),
            good.replace(b"<NbOfTxs>2", b"<NbOfTxs>3"),
            good.replace(b'"TWD">1000', b'"TWD">1001'),
        ],
        "order_form": [
            good.replace(b'"TWD">1000', b'"USD">1000'),
            good.replace(b"FISC", b"SWIFT"),
            good.replace(b"<EndToEndId>", b"<InstrId>I</InstrId><EndToEndId>", 1),
            good.replace(b"<Cdtr>", b"<CdtrAgtAcct><Id><IBAN>DE00123</IBAN></Id></CdtrAgtAcct><Cdtr>", 1),
            good.replace(b"<Othr><Id>000000000001</Id></Othr>", b"<IBAN>DE00123</IBAN>"),
            good.replace(b"<ClrSysMmbId><MmbId>8220059</MmbId></ClrSysMmbId>", b"", 1),
            good.replace("<Nm>受款人0</Nm>".encode(), b""),
            good.replace("<Cdtr><Nm>受款人0</Nm></Cdtr>".encode(), b""),
            good.replace(b"<Dt>2025-03-07</Dt>", b"<DtTm>2025-03-07T09:00:00Z</DtTm>"),
            good.replace(b"</PmtInf>", b"</PmtInf>" + good[good.index(b"<PmtInf>") : good.index(b"</PmtInf>") + 9]),
        ],
        "order_line_repeated": [good.replace(f"{FIRST}.1".encode(), f"{FIRST}.0".encode())],
        "order_id": [order(SECOND)],
        "account_unknown": [good.replace(b"00400000000018", b"00400000000019")],
        "wrong_network": [good.replace(b"8220059", b"0040059", 1), good.replace(b"FISC", b"INTRA_BANK")],
    }

    for code, messages in wrong.items():
        for number, message in enumerate(messages):
            with pytest.raises(BankRefused) as refused:
                client.submit(FIRST, message)
            assert refused.value.code == code, (code, number, refused.value.detail)

    assert client.enquire(FIRST).status == "unknown"
    assert client.enquire(f"{FIRST}.0").status == "unknown"
    assert bank.balance_twd() == 1_000_000
    assert client.submit(FIRST, good).line_count == 2


def _roster(*amounts: int, account_no: str = "123") -> bytes:
    rows = ({"name": f"員工{n}", "account_no": f"{account_no}{n}", "amount_twd": twd} for n, twd in enumerate(amounts))
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def test_an_entrusted_transfer_needs_a_roster_of_the_same_sum(bank: BankProcess, client: BankClient) -> None:
    message = order(FIRST, amounts=(900,), network="entrusted")

    with pytest.raises(BankRefused) as missing:
        client.submit(FIRST, message)
    receipt = client.submit(FIRST, message, roster=_roster(400, 500))
    with pytest.raises(BankRefused) as other_roster:
        client.submit(FIRST, message, roster=_roster(500, 400))
    with pytest.raises(BankRefused) as differs:
        client.submit(SECOND, order(SECOND, amounts=(901,), network="entrusted"), roster=_roster(900))
    with pytest.raises(BankRefused) as two_lines:
        client.submit("THIRD", order("THIRD", amounts=(1, 1), network="entrusted"), roster=_roster(2))

    assert receipt.total_twd == 900
    assert (missing.value.code, other_roster.value.code) == ("roster_missing", "roster_id_taken")
    assert (differs.value.code, two_lines.value.code) == ("roster_differs", "order_form")
    wait_for_results(client, 1)
    outcome = client.roster_outcome(FIRST)
    assert (outcome["payee_count"], outcome["total_twd"], outcome["failed"]) == (2, 900, [])
    assert bank.balance_twd() == 1_000_000 - 900


@pytest.mark.parametrize(
    "row",
    [
        b"",
        b"[]",
        b"{}",
        b'{"name": "", "amount_twd": 1}',
        b'{"name": "A", "amount_twd": 0}',
        b'{"name": "A", "amount_twd": 1.5}',
        b'{"name": "A", "amount_twd": true}',
        b'{"name": "A", "amount_twd": 1, "account_no": 5}',
    ],
)
def test_a_roster_that_cannot_be_used_is_refused(bank: BankProcess, row: bytes) -> None:
    status, problem = bank.ask("PUT", f"/rosters/{FIRST}", row)

    assert (status, problem["code"]) == (422, "roster_row")


def test_twenty_thousand_lines_go_through_in_one_piece(bank: BankProcess, client: BankClient) -> None:
    message = order(FIRST, amounts=(3,) * 20_000)

    receipt = client.submit(FIRST, message)

    assert (receipt.line_count, receipt.total_twd) == (20_000, 60_000)
    wait_for_results(client, 1)
    assert bank.balance_twd() == 1_000_000 - 60_000
