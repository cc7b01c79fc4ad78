"""A voucher on paper says what its content says, in words, with the seals of those who signed this revision."""

from typing import Any

import pytest

from disbursement.services.returns import voucher_return
from signing import services as signing
from tests.core.documents.reading import pages, squeezed
from tests.factories import CABINET, GRANTS, MUSEUM, OFFICE, ON, Cards, Desk, fresh, many_payees, statements
from tests.vouchers.examples import changed, cheque, entrusted, foreign_currency, remittance, transfer
from treasury.core.amounts import to_chinese_amount
from treasury.core.documents import render
from treasury.core.documents.shapes import Mark, PaymentVoucher, TransferVoucher
from treasury.ledger import services as ledger
from vouchers.documents import VoucherShape, voucher_shape, voucher_shapes
from vouchers.models import Voucher
from vouchers.services.certification import voucher_release
from vouchers.services.preparation import voucher_send_back


def _printed(shape: VoucherShape) -> str:
    return "".join(pages(render(shape)))


def _payment(voucher: Voucher) -> PaymentVoucher:
    shape = voucher_shape(voucher)
    assert isinstance(shape, PaymentVoucher)
    return shape


def test_a_released_payment_is_printed_with_everything_the_form_asks_for(desk: Desk) -> None:
    voucher = desk.brought("released")

    text = _printed(voucher_shape(voucher))

    sealed = signing.document_of(document_ref=voucher.reference, revision=1)
    assert sealed is not None
    for value in (
        "財政部國庫署",
        "付款憑單",
        f"{CABINET}行政院",
        voucher.number,
        "中華民國114年3月10日",
        "✓經常門",
        "✓電匯存帳",
        "✓跨行通匯",
        f"{OFFICE}一般行政",
        "晨曦文具有限公司",
        "統一編號",
        "04595257",
        "0130017國泰世華銀行分行",
        "012345678901",
        to_chinese_amount(30_000, mode="voucher"),
        "30,000",
        "114年3月份辦公文具採購",
        "統一發票AB12345678114/03/05",
        bytes(sealed.digest).hex(),
    ):
        assert squeezed(value) in text, value


def test_the_seals_are_those_of_the_signatures_over_this_revision(desk: Desk) -> None:
    voucher = desk.brought("released")

    seals = voucher_shape(voucher).seals

    assert [seal.capacity for seal in seals] == ["承辦人員", "覆核人員", "主辦會計人員", "機關長官", "放行人"]
    roles = ("clerk", "reviewer", "accountant", "head", "releaser")
    assert [seal.name for seal in seals] == [desk.actor(role).name for role in roles]
    signatures = signing.signatures_of(document_ref=voucher.reference, revision=1)
    assert [(seal.at, seal.certificate_serial, seal.card_no) for seal in seals[2:]] == [
        (one.signed_at, one.card.serial, one.card.card_no) for one in signatures
    ]
    assert seals[2].certificate_serial.upper()[:20] in _printed(voucher_shape(voucher))


def test_a_draft_has_places_for_seals_and_no_seals(desk: Desk) -> None:
    shape = voucher_shape(desk.draft())

    assert shape.head.status == "草稿"
    assert shape.head.digest_sha256 == ""
    assert [(seal.name, seal.at) for seal in shape.seals] == [("", None)] * 5
    assert "未經簽證" in _printed(shape)


def test_a_voucher_sent_back_has_lost_its_seals(desk: Desk) -> None:
    voucher = desk.brought("awaiting_head")
    assert [bool(seal.name) for seal in voucher_shape(voucher).seals] == [True, True, True, False, False]

    voucher_send_back(voucher=voucher, actor=desk.actor("head"), because="金額有誤")

    shape = voucher_shape(fresh(voucher))
    assert (shape.head.revision, {seal.name for seal in shape.seals}) == (2, {""})


def test_a_voucher_under_way_and_a_returned_one_say_so(desk: Desk) -> None:
    under_way, received = desk.brought("certified"), desk.brought("received")
    voucher_return(voucher=received, actor=desk.treasurer("examiner"), reasons=["R07"])

    shapes = voucher_shapes([under_way, fresh(received)])

    assert [shape.head.status for shape in shapes] == ["簽核中", "已退件"]
    assert shapes[1].head.digest_sha256


def test_on_paper_the_certifiers_seal_by_hand(desk: Desk) -> None:
    voucher = desk.brought("printed", many_payees(2, amount_twd=4_000_000))

    shape = voucher_shape(voucher)

    assert shape.head.is_paper
    assert [(seal.capacity, bool(seal.name)) for seal in shape.seals] == [
        ("承辦人員", True),
        ("覆核人員", True),
        ("主辦會計人員", False),
        ("機關長官", False),
    ]
    text = _printed(shape)
    assert "紙本憑單，以簽證印鑑為準" in text
    assert "以簽證印鑑為準" not in _printed(voucher_shape(desk.draft()))


def test_without_a_releasers_signature_the_release_itself_is_named(
    db: None, day: None, cards: Cards, tmp_path: Any
) -> None:
    desk = Desk(cards, tmp_path, profile="taichung")
    voucher = desk.brought("certified")
    assert voucher_shape(voucher).seals[-1].name == ""

    voucher_release(voucher=voucher, actor=desk.actor("releaser"))

    seals = voucher_shape(fresh(voucher)).seals
    assert [(seal.capacity, bool(seal.certificate_serial)) for seal in seals][2:] == [
        ("主辦會計人員", True),
        ("機關長官", True),
        ("放行人", False),
    ]
    assert seals[-1].name == desk.actor("releaser").name


def test_salaries_go_to_the_banks_account_and_the_payees_stand_in_the_list(desk: Desk) -> None:
    content = changed(entrusted(), {"/payee_lines/0/bank_code": ...})
    voucher = desk.brought("released", content)

    shape = _payment(voucher)

    assert (shape.disbursement_bank_code, shape.disbursement_account) == ("0040107", "061400974691")
    assert shape.nature == "一般（員工給付）"
    assert [line.bank_code for line in shape.payee_lines] == ["0040107", "0130017"]
    text = _printed(shape)
    for value in (
        "✓委託劃帳",
        "詳受款人清單（共2筆）",
        "0040107臺灣銀行分行",
        "受款人清單2筆",
        "林小美",
        "陳大文",
        "60,000",
    ):
        assert value in text, value
    assert "✓聯行通匯" not in text


def test_a_cheque_is_crossed_unless_it_is_not(desk: Desk) -> None:
    crossed = desk.draft(cheque())
    uncrossed = desk.draft(changed(cheque(), {"/cheque/crossing": "uncrossed"}))

    texts = [_printed(voucher_shape(voucher)) for voucher in (crossed, uncrossed)]

    assert ["✓劃平行線" in text for text in texts] == [True, False]
    assert ["✓免劃平行線" in text for text in texts] == [False, True]
    assert all("✓禁止背書轉讓" in text and "領取支票憑證：CS114000001" in text for text in texts)
    assert all("公庫同意文號：庫字第1140001號" in text for text in texts)


def test_foreign_currency_is_noted(desk: Desk) -> None:
    text = _printed(voucher_shape(desk.draft(foreign_currency())))

    assert "GBP301.51匯率42.3105折合新臺幣12,757元" in text
    assert "核定外匯額度：外匯額度字第114001號" in text


def test_a_date_that_only_a_payee_line_states_is_that_of_the_voucher(desk: Desk) -> None:
    content = changed(remittance(), {"/payee_lines/0/remit_date": "2025-03-12", "/legal_pay_date": "2025-03-11"})

    shape = _payment(desk.draft(content))

    assert (str(shape.legal_pay_on), shape.distribution_on, str(shape.remit_on)) == ("2025-03-11", None, "2025-03-12")


def test_a_fund_and_an_account_are_named_by_the_books(desk: Desk) -> None:
    ledger.fund_open(code="F001", name="民營化基金", agency_code=CABINET)
    lines = [
        {"account_code": OFFICE, "amount_twd": 10_000, "fund_code": "F001"},
        {"account_code": GRANTS, "account_name": "補助", "amount_twd": 10_000},
        {"account_code": "0000000000", "amount_twd": 10_000, "fund_code": "F999"},
    ]
    voucher = desk.draft()
    voucher.content = voucher.content | {"account_lines": lines}

    shape = voucher_shape(voucher)

    assert [(line.account_name, line.fund) for line in shape.account_lines] == [
        ("一般行政", "F001 民營化基金"),
        ("補助", ""),
        ("", "F999"),
    ]


def test_an_identifier_without_a_type_is_still_printed(desk: Desk) -> None:
    lines = [remittance()["payee_lines"][0], {"name": "某公所", "kind": "government", "amount_twd": 1, "id": "X1"}]
    voucher = desk.draft()
    voucher.content = voucher.content | {"payee_lines": [*lines, {"name": "某鄉", "amount_twd": 1}]}

    kinds = [(line.identifier_kind, line.identifier) for line in _payment(voucher).payee_lines]

    assert kinds == [("統一編號", "04595257"), ("證號", "X1"), ("", "")]


def test_a_transfer_shows_both_sides_and_what_it_corrects(desk: Desk) -> None:
    originals = [
        {"number": "P0307-004", "account_code": "3203010100", "amount_twd": 30_000},
        {"number": "P0307-009", "agency_code": MUSEUM, "fiscal_year": 113},
    ]
    voucher = desk.draft(transfer())
    voucher.content = voucher.content | {"originals": originals}

    shape = voucher_shape(voucher)

    assert isinstance(shape, TransferVoucher)
    assert [line.side for line in shape.account_lines] == ["debit", "credit"]
    text = _printed(shape)
    for value in (
        "轉帳憑單",
        "3203011100施政推展聯繫",
        "114年度P0307-004科目320301010030,000元",
        f"113年度{MUSEUM}P0307-009",
    ):
        assert value in text, value


def test_the_treasurys_marks_are_the_callers(desk: Desk) -> None:
    voucher = desk.draft()
    marks = (Mark(label="收件", number="114-0000007"),)

    assert voucher_shape(voucher, marks=marks).marks == marks
    assert voucher_shapes([voucher])[0].marks == ()


@pytest.mark.parametrize("count", [1, 6])
def test_many_vouchers_take_no_more_statements_than_one(desk: Desk, count: int) -> None:
    rows = [desk.brought("released", many_payees(payees)) for payees in range(1, count + 1)]

    assert statements(lambda: voucher_shapes(rows)) == 7
    assert len(voucher_shapes(rows)) == count
    assert rows[0].issue_on == ON
