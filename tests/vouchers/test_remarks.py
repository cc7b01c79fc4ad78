"""特別記載事項 and 附記事項: what the law wants noted is noted, in words, and nothing else."""

from tests.vouchers.examples import Content, advance, changed, cheque, entrusted, foreign_currency, remittance, transfer
from treasury.core.documents.shapes import Remark
from vouchers.remarks import payee_remarks, remarks, slips_by_payee, special_instructions


def test_a_plain_remittance_notes_its_invoice() -> None:
    content = remittance()

    assert remarks(content) == (Remark("憑證", "統一發票 AB12345678　114/03/05"),)
    assert special_instructions(content) == ()


def test_a_cheque_states_slip_and_consent_and_notes_ground_and_reason() -> None:
    content = changed(cheque(), {"/cheque/special_approval_ref": "專准字第1號"})

    assert special_instructions(content) == (
        Remark("領取支票憑證", "CS114000001"),
        Remark("公庫同意文號", "庫字第1140001號"),
        Remark("專案核准文號", "專准字第1號"),
    )
    assert remarks(content) == (
        Remark("得採支票之事由", "受款人無法開立帳戶"),
        Remark("採支票之理由", "受款人無法開立帳戶"),
    )


def test_a_designated_collector_is_named_with_the_letter() -> None:
    slip = {"no": "CS1", "collector_kind": "designated_collector", "collector_id": "A123456789", "letter_no": "函1號"}
    content = changed(cheque(), {"/collection_slips": [slip]})

    assert special_instructions(content)[0].text == "CS1　機關指定人員領取 A123456789　專用函 函1號"


def test_slips_of_several_payees_stand_with_their_payees() -> None:
    payee = cheque()["payee_lines"][0]
    slips = [{"no": "CS2", "payee_seq": 2}, {"no": "CS1", "payee_seq": 1}]
    content = cheque() | {"payee_lines": [payee, payee], "collection_slips": slips}

    assert special_instructions(content)[0] == Remark("領取支票憑證", "共 2 張，詳受款人清單")
    assert payee_remarks(payee, slips_by_payee(content)[1]) == ("領取支票憑證：CS1",)
    assert payee_remarks(payee, slips_by_payee(content)[2]) == ("領取支票憑證：CS2",)


def test_a_slip_that_names_nobody_is_that_of_the_only_payee() -> None:
    content = changed(cheque(), {"/collection_slips": [{"no": "CS1"}]})

    assert slips_by_payee(content) == {1: [{"no": "CS1"}]}


def test_the_roster_says_when_it_was_delivered() -> None:
    roster = {"delivered_at": "2025-03-10T02:30:00Z", "receipt_ref": "清收字第1號"}
    content = changed(entrusted(), {"/entrusted/roster": roster})

    assert special_instructions(content) == (Remark("受款人劃帳清冊", "114/03/10 10:30 送達　收據 清收字第1號"),)


def test_foreign_currency_notes_currency_amount_and_equivalent() -> None:
    assert remarks(foreign_currency()) == (
        Remark("外幣", "GBP 301.51　匯率 42.3105　折合新臺幣 12,757 元"),
        Remark("核定外匯額度", "外匯額度字第114001號"),
        Remark("受款人類別", "結匯銀行"),
        Remark("附記", "英鎊301.51元，匯率42.3105，折合新臺幣12,757元"),
    )


def test_half_a_foreign_currency_says_what_there_is() -> None:
    content = foreign_currency() | {"foreign_currency": {"currency": "GBP"}, "notes": {}}

    assert remarks(content)[0] == Remark("外幣", "GBP")


def test_an_advance_notes_its_approval_and_its_case() -> None:
    assert remarks(advance())[:2] == (Remark("核准文號", "院授主預字第114001號"), Remark("墊付案號", "ADV114-004"))


def test_a_settlement_says_how() -> None:
    settlement = {"case_no": "ADV114-004", "way": "other_agency_budget", "original_agency_code": "0061400000"}

    told = remarks(transfer() | {"settlement": settlement})

    assert told == (Remark("歸墊", "ADV114-004　其他機關預算歸墊　原墊付機關 0061400000"),)


def test_a_first_pension_another_account_holder_and_a_forwarder_are_noted_with_the_payee() -> None:
    line = {
        "name": "林小美",
        "kind": "individual",
        "amount_twd": 30_000,
        "is_forwarder": True,
        "account_name_reason": "監護人代領",
        "is_first_pension": True,
        "first_pension": {"approval_doc_no": "銓字第1號", "retirement_date": "2025-02-01"},
        "source_documents": [{"type": "plain_receipt", "amount_twd": 30_000}],
    }
    content: Content = remittance() | {"payee_lines": [line]}

    assert [f"{remark.label} {remark.text}" for remark in remarks(content)] == [
        "受款人類別 機關指定轉發人員",
        "憑證 普通收據　30,000 元",
        "戶名不同之理由 監護人代領",
        "首次退休金 核准文號 銓字第1號　退休生效日 114/02/01",
    ]
    assert payee_remarks(line)[2:] == (
        "戶名不同之理由：監護人代領",
        "首次退休金：核准文號 銓字第1號　退休生效日 114/02/01",
    )


def test_a_first_pension_without_its_notes_still_says_that_it_is_one() -> None:
    content = changed(remittance(), {"/payee_lines/0/is_first_pension": True})

    assert Remark("首次退休金", "是") in remarks(content)


def test_the_way_of_a_paper_voucher_is_stated() -> None:
    content = remittance() | {"channel": "paper_fallback", "incident_ref": "障114-01"}

    assert special_instructions(content) == (Remark("送件方式", "系統故障，紙本先行"),)
    assert Remark("系統故障案號", "障114-01") in remarks(content)


def test_blank_texts_say_nothing_and_days_before_the_republic_stand_as_written() -> None:
    document = {"type": "invoice", "number": "AB12345678", "date": "1911-12-31"}
    changes = {"/notes/text": "　", "/payee_lines/0/source_documents": [document]}

    assert remarks(changed(remittance(), changes)) == (Remark("憑證", "統一發票 AB12345678　1911-12-31"),)
    early = changed(entrusted(), {"/entrusted/roster/delivered_at": "0001-01-01T00:00:00+08:00"})
    assert special_instructions(early)[0].text == "0001-01-01T00:00:00+08:00 送達"
