import re
from datetime import date

from tests.core.documents import examples
from tests.core.documents.reading import counts_its_pages, pages, reader, squeezed
from treasury.core.documents import render
from treasury.core.documents.shapes import AccountLine, Choice, Mark, Original, PayeeLine, Remark, Seal
from treasury.core.documents.vouchers import PRINTED_PAYEES_MAX, payment_voucher_content, qr_text

ORDER = [
    "財政部國庫署",
    "付款憑單",
    "支用機關",
    "憑單編號",
    "會計年度",
    "製單日期",
    "經費門別",
    "預算科目",
    "支付方式",
    "法定支付日",
    "受款人",
    "金融機構",
    "帳號",
    "戶名",
    "金額",
    "支出用途",
    "特別記載事項",
    "附記事項",
    "機關長官",
    "收件",
    "付訖",
    "SHA-256",
]


def test_the_form_shows_every_field_in_the_order_of_the_form() -> None:
    text = pages(render(examples.payment()))[0]

    places = [text.find(word) for word in ORDER]
    assert -1 not in places
    assert places == sorted(places)
    for value in [
        "0003010000",
        "行政院",
        "P0310-001",
        "中華民國114年3月10日",
        "3203010100",
        "一般行政",
        "114/03/12",
        "翠堤昱企管顧問股份有限公司",
        "12345675",
        "0130017",
        "國泰世華商業銀行館前分行",
        "012345678901",
        "新臺幣壹佰貳拾參萬肆仟伍佰陸拾柒元整",
        "1,234,567",
        "業務費－2月份資訊設備維護費",
        "院授主預字第1140100123號",
        "統一發票AB12345678",
        "林美惠",
        "114/03/1010:02:33",
        "GP00003010000102",
        "3A9F00C1D2E4B5A69788",
        "7766554433221100FFEE",
        "R114-0000123",
        "黃雅雯",
        "114-0000087",
        examples.DIGEST,
    ]:
        assert value in text, value


def test_the_chosen_option_is_ticked_and_no_other() -> None:
    text = pages(render(examples.payment(gate=Choice(examples.GATES, "資本門"))))[0]

    assert "✓資本門" in text
    assert "✓經常門" not in text


def test_a_choice_outside_the_options_is_printed_ticked() -> None:
    assert "✓其他門" in pages(render(examples.payment(gate=Choice(examples.GATES, "其他門"))))[0]


def test_a_crossing_wish_stands_in_the_special_instructions_beside_the_fixed_mark() -> None:
    voucher = examples.payment(
        crossing=Choice(("劃線", "勿劃線"), "勿劃線"), special_instructions=(Remark("同意文號", "臺庫支字第1號"),)
    )

    text = pages(render(voucher))[0]

    assert "✓勿劃線" in text
    assert "✓禁止背書轉讓" in text
    assert "同意文號：臺庫支字第1號" in text


def test_capitals_on_a_voucher_leave_inner_zeros_out() -> None:
    voucher = examples.payment(
        total_twd=10_215,
        account_lines=(AccountLine(account_code="3203010100", amount_twd=10_215),),
        payee_lines=(examples.payee(amount_twd=10_215),),
    )

    assert "新臺幣壹萬貳佰壹拾伍元整" in pages(render(voucher))[0]


def test_several_payees_follow_as_a_list_whose_totals_run_from_page_to_page() -> None:
    voucher = examples.salaries(100)

    texts = pages(render(voucher))

    assert counts_its_pages(texts)
    assert "詳受款人清單（共100筆）" in texts[0]
    assert "詳科目清單（共2筆）" in texts[0]
    assert "科目清單2筆受款人清單100筆" in texts[0]
    lists = texts[2:]
    sums = [_amount_after(text, "本頁小計") for text in lists]
    for number, text in enumerate(lists):
        assert ("累計（承上頁）" in text) == (number > 0)
        assert ("接下頁" in text) == (number < len(lists) - 1)
        if number > 0:
            assert _amount_after(text, "累計（承上頁）") == sum(sums[:number])
        if number < len(lists) - 1:
            assert _amount_after(text, "累計（接下頁）") == sum(sums[: number + 1])
    assert _amount_after(lists[-1], "合計共100筆") == voucher.total_twd == sum(sums)


def test_every_payee_of_a_long_list_stands_on_exactly_one_page() -> None:
    voucher = examples.salaries(100)

    whole = "".join(pages(render(voucher))[2:])

    assert [whole.count(f"{number:014}") for number in range(1, 101)] == [1] * 100


def test_two_thousand_payees_are_set_to_the_last_total() -> None:
    voucher = examples.salaries(2000, each_twd=9_999_999)

    sheets = reader(render(voucher)).pages

    last = squeezed(sheets[len(sheets) - 1].extract_text())
    assert _amount_after(last, "合計共2,000筆") == voucher.total_twd
    assert last.endswith(f"第{len(sheets)}頁，共{len(sheets)}頁")


def test_an_entrusted_transfer_shows_the_disbursement_account() -> None:
    text = pages(render(examples.salaries(2)))[0]

    assert "0040037" in text
    assert "003001234567" in text
    assert "依受款人劃帳清冊" in text


def test_beyond_the_printed_maximum_the_list_stays_electronic() -> None:
    line = PayeeLine(name="王大同", amount_twd=1)
    voucher = examples.payment(payee_lines=(line,) * (PRINTED_PAYEES_MAX + 1), total_twd=PRINTED_PAYEES_MAX + 1)

    content = payment_voucher_content(voucher)

    assert content["lists"] == []
    assert "以電子檔為準" in content["enclosures"]


def test_a_draft_with_missing_fields_is_one_page_with_dashes() -> None:
    draft = examples.payment(
        head=examples.head(status="草稿", digest_sha256=""),
        gate=Choice(examples.GATES),
        method=Choice(examples.METHODS),
        network=Choice(examples.NETWORKS),
        account_lines=(),
        payee_lines=(),
        seals=(Seal(capacity="主辦會計人員"),),
        marks=(),
        nature="",
        legal_pay_on=None,
        remarks=(),
    )

    texts = pages(render(draft))

    assert len(texts) == 1
    assert "草稿" in texts[0]
    assert "未經簽證" in texts[0]
    assert "（簽章）" in texts[0]
    assert texts[0].count("—") >= 8


def test_a_voucher_without_seals_and_marks_is_still_one_page() -> None:
    assert len(pages(render(examples.payment(seals=(), marks=())))) == 1


def test_a_paper_voucher_says_that_its_seals_count() -> None:
    voucher = examples.payment(head=examples.head(is_paper=True, digest_sha256=""))

    text = pages(render(voucher))[0]

    assert "紙本憑單，以簽證印鑑為準" in text


def test_the_longest_fields_stay_on_one_page_and_the_notes_go_to_a_list() -> None:
    longest = examples.payment(
        head=examples.head(number="P0310-99999999999999", agency_name="交通事業民營化前員工退休撫卹照護處" * 3),
        total_twd=examples.LARGEST_TWD,
        account_lines=(
            AccountLine(
                account_code="65571502206557150220",
                account_name="學校教職員暨社教機構聘任人員退休撫卹給付" * 5,
                amount_twd=examples.LARGEST_TWD,
                fund="臺中市公共債務償債基金",
            ),
        ),
        payee_lines=(
            examples.payee(
                name=examples.LONG_NAME,
                account_name=examples.LONG_NAME,
                account_no="0123456789012345",
                bank_name="中華郵政股份有限公司臺北古亭郵局郵政儲金部",
            ),
        ),
        purpose="辦理推動法規鬆綁與革新等各項計畫" * 12,
        crossing=Choice(("劃線", "勿劃線"), "劃線"),
        special_instructions=(Remark("支票事由", "受款人無法開立帳戶。" * 20),),
        remarks=(Remark("核准文號", "A" * 60), Remark("", "其他事項說明，" * 70)),
    )

    texts = pages(render(longest))

    assert len(texts) == 2
    assert "玖兆玖仟玖佰玖拾玖億玖仟玖佰玖拾玖萬玖仟玖佰玖拾玖元整" in texts[0]
    assert "9,999,999,999,999" in texts[0]
    assert texts[0].count("詳附記事項清單") == 2
    assert counts_its_pages(texts)
    assert "受款人無法開立帳戶。" * 20 in texts[1]
    assert "A" * 60 in texts[1]


def test_a_transfer_shows_both_sides_and_what_it_corrects() -> None:
    texts = pages(render(examples.transfer()))

    assert len(texts) == 1
    assert "轉帳憑單" in texts[0]
    assert texts[0].count("350,000") == 4
    assert "114年度P0210-017科目3203011100" in texts[0]


def test_a_transfer_of_many_lines_lists_debits_and_credits_apart() -> None:
    voucher = examples.transfer(
        total_twd=300,
        account_lines=(
            AccountLine(account_code="3203010100", amount_twd=100, side="debit"),
            AccountLine(account_code="3203010200", amount_twd=200, side="debit", fund="基金甲"),
            AccountLine(account_code="3203011100", amount_twd=300, side="credit"),
        ),
        originals=tuple(Original(number=f"P0210-{number:03}") for number in range(4)),
        marks=(Mark(label="轉帳", at=examples.at(14, 0), stamp="已轉帳"),),
    )

    texts = pages(render(voucher))

    assert "詳科目清單（共2筆）" in texts[0]
    assert "詳原憑單清單（共4筆）" in texts[0]
    assert "合計共3筆300300" in texts[1]
    assert "P0210-003" in texts[2]


def test_a_transfer_without_lines_or_originals_has_dashes() -> None:
    text = pages(render(examples.transfer(account_lines=(), originals=())))[0]

    assert text.count("—") >= 3


def test_the_qr_code_names_the_voucher_and_the_signed_bytes() -> None:
    assert qr_text(examples.head()) == f"EPAY1:0003010000/114/P0310-001/R1:{examples.DIGEST.upper()}"
    assert qr_text(examples.head(digest_sha256="", revision=2)) == "EPAY1:0003010000/114/P0310-001/R2"


def test_dates_left_out_are_dashes_and_dates_given_are_roc_dates() -> None:
    text = pages(render(examples.payment(legal_pay_on=None, remit_on=date(2026, 1, 2))))[0]

    assert "115/01/02" in text


def _amount_after(text: str, word: str) -> int:
    match = re.search(re.escape(word) + r"([0-9]{1,3}(?:,[0-9]{3})*)", text)
    assert match, word
    return int(match[1].replace(",", ""))
