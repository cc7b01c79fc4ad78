import pytest
from hypothesis import given
from hypothesis import strategies as st

from treasury.core.amounts import format_twd, to_chinese_amount
from treasury.core.errors import Problem

VECTORS = [
    (0, "零", "零"),
    (10, "壹拾", "壹拾"),
    (101, "壹佰零壹", "壹佰壹"),
    (1_018, "壹仟零壹拾捌", "壹仟壹拾捌"),
    (1_001, "壹仟零壹", "壹仟壹"),
    (10_215, "壹萬零貳佰壹拾伍", "壹萬貳佰壹拾伍"),
    (100_000, "壹拾萬", "壹拾萬"),
    (305_000, "參拾萬伍仟", "參拾萬伍仟"),
    (1_000_100, "壹佰萬零壹佰", "壹佰萬壹佰"),
    (20_304_050, "貳仟零參拾萬肆仟零伍拾", "貳仟參拾萬肆仟伍拾"),
    (100_005_000, "壹億零伍仟", "壹億伍仟"),
    (100_010_000, "壹億零壹萬", "壹億壹萬"),
    (100_000_001, "壹億零壹", "壹億壹"),
    (
        999_999_999_999,
        "玖仟玖佰玖拾玖億玖仟玖佰玖拾玖萬玖仟玖佰玖拾玖",
        "玖仟玖佰玖拾玖億玖仟玖佰玖拾玖萬玖仟玖佰玖拾玖",
    ),
]


@pytest.mark.parametrize(("amount_twd", "cheque", "voucher"), VECTORS)
def test_it_writes_an_amount_as_cheques_and_vouchers_do(amount_twd: int, cheque: str, voucher: str) -> None:
    assert to_chinese_amount(amount_twd, mode="cheque") == f"新臺幣{cheque}元整"
    assert to_chinese_amount(amount_twd, mode="voucher") == f"新臺幣{voucher}元整"


def test_a_voucher_may_reach_a_million_million_where_a_cheque_may_not() -> None:
    assert to_chinese_amount(10**12, mode="voucher") == "新臺幣壹兆元整"

    with pytest.raises(Problem) as refused:
        to_chinese_amount(10**12, mode="cheque")

    assert refused.value.code == "amount_out_of_range"


@pytest.mark.parametrize("amount_twd", [-1, 10**16])
def test_it_refuses_what_has_no_numeral(amount_twd: int) -> None:
    with pytest.raises(Problem):
        to_chinese_amount(amount_twd, mode="voucher")


def read_numeral(text: str) -> int:
    """Reads a numeral back, the way a teller does: digit by digit, place by place."""
    total = group = digit = 0
    for character in text:
        if character in "零壹貳參肆伍陸柒捌玖":
            digit = "零壹貳參肆伍陸柒捌玖".index(character)
        elif character in "拾佰仟":
            group, digit = group + digit * 10 ** ("拾佰仟".index(character) + 1), 0
        else:
            total, group, digit = total + (group + digit) * 10_000 ** ("萬億兆".index(character) + 1), 0, 0
    return total + group + digit


@given(amount_twd=st.integers(min_value=0, max_value=10**12 - 1))
def test_a_numeral_reads_back_as_its_amount(amount_twd: int) -> None:
    cheque = to_chinese_amount(amount_twd, mode="cheque")
    voucher = to_chinese_amount(amount_twd, mode="voucher")

    assert read_numeral(cheque[3:-2]) == amount_twd
    assert read_numeral(voucher[3:-2]) == amount_twd
    assert voucher == (cheque.replace("零", "") if amount_twd else cheque)
    assert "零零" not in cheque


def test_digits_have_thousands_separators() -> None:
    assert [format_twd(amount) for amount in (0, 999, 1_234_567)] == ["0", "999", "1,234,567"]
