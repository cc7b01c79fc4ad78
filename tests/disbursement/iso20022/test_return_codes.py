"""Return codes are told in words."""

from disbursement.iso20022.return_codes import return_reason


def test_a_known_code_has_words_and_an_unknown_one_stands_for_itself() -> None:
    assert return_reason("04") == "無此帳號"
    assert return_reason("04", language="en") == "no such account"
    assert return_reason("XX") == "XX"
