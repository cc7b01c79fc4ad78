"""The desk's words: numbers, people, and what bank and reconciliation told it."""

import pytest

from disbursement.documents import wording


def test_numbers_carry_their_year_and_the_system_its_name() -> None:
    assert wording.numbered(114, 12) == "114-0000012"
    assert [wording.person("system"), wording.person("黃雅雯")] == ["系統", "黃雅雯"]


@pytest.mark.parametrize(
    ("reason", "value", "zh", "en"),
    [
        ("unexplained", "", "原因不明，應即查明", "unexplained, to be cleared up at once"),
        ("not_yet_debited", "", "代庫銀行尚未扣帳", "not yet debited by the bank"),
        ("not_yet_presented", "", "受款人尚未提示兌付", "not yet presented by the payee"),
        ("returned", "04", "退匯待處理（04 無此帳號）", "returned by the bank (04 no such account)"),
        (
            "return_announced",
            "22",
            "銀行通知退匯，尚未入帳（22 帳戶已結清）",
            "announced by the bank as returned, not yet booked (22 account closed)",
        ),
        (
            "stranger",
            "cheque",
            "銀行列有支票兌付，帳上無此項",
            "the bank booked a paid cheque that the books do not know",
        ),
        ("stranger", "fee", "銀行列有fee，帳上無此項", "the bank booked a fee that the books do not know"),
        ("something new", "", "something new", "something new"),
    ],
)
def test_every_reason_of_a_difference_is_said_in_both_languages(reason: str, value: str, zh: str, en: str) -> None:
    kept = {"reason": reason, "value": value}

    assert (wording.difference_reason(kept), wording.difference_reason(kept, language="en")) == (zh, en)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("unexplained", "原因不明，應即查明"),
        ("not yet debited by the bank", "代庫銀行尚未扣帳"),
        ("not yet presented", "受款人尚未提示兌付"),
        ("returned by the bank, code 04", "退匯待處理（04 無此帳號）"),
        ("announced by the bank as returned, not yet booked, code 22", "銀行通知退匯，尚未入帳（22 帳戶已結清）"),
        ("the bank booked a cheque that the books do not know", "銀行列有支票兌付，帳上無此項"),
        ("the bank booked a fee that the books do not know", "銀行列有fee，帳上無此項"),
        ("something new", "something new"),
    ],
)
def test_a_difference_kept_as_a_sentence_is_still_read(sentence: str, expected: str) -> None:
    assert wording.difference_reason({"reason": sentence}) == expected


def test_an_account_that_differs_is_named_and_other_items_name_themselves() -> None:
    assert wording.difference_item("books_master") == "總存款戶與銀行結存"
    assert wording.difference_item("in_transit", language="en") == "remittances in transit and batches not debited"
    assert wording.difference_item("NT0000001") == "NT0000001"
    assert wording.returned("") == ""
