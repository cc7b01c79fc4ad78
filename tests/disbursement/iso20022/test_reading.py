"""Hostile and broken bank messages: refused before they cost anything."""

import pytest

from disbursement.iso20022.reading import MAX_BYTES, Names, read, whole
from treasury.core.errors import Problem

NAMESPACE = "urn:test"
NAMES = Names(NAMESPACE)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def _document(inner: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{NAMESPACE}">{inner}</Document>'.encode()


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"no xml",
        _document("<A>")[:-3],
        _document("<A></B>"),
        b'<!DOCTYPE d [<!ENTITY l0 "l">' + LAUGHS.encode() + b"]>" + _document("<A>&l9;</A>"),
        b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + _document("<A>&x;</A>"),
        b'<!DOCTYPE d SYSTEM "http://127.0.0.1:1/x.dtd">' + _document("<A/>"),
        _document("<A>&x;</A>"),
        _document("<A/>").decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        _document("<A>\x00</A>"),
        _document("<A>") + "錢".encode("big5"),
        _document("<A>" * 5000 + "</A>" * 5000),
    ],
)
def test_what_is_no_plain_xml_is_refused(message: bytes) -> None:
    with pytest.raises(Problem) as refused:
        read(message, namespace=NAMESPACE)

    assert refused.value.code == "bank_message_unreadable"


@pytest.mark.parametrize(
    "message", [_document(""), _document("<A/><B/>"), b"<Document/>", b"<Other xmlns='urn:test'/>"]
)
def test_another_message_is_refused(message: bytes) -> None:
    with pytest.raises(Problem) as refused:
        read(message, namespace=NAMESPACE)

    assert refused.value.code == "bank_message_kind"


def test_a_message_above_the_limit_is_not_parsed() -> None:
    with pytest.raises(Problem) as refused:
        read(b" " * (MAX_BYTES + 1), namespace=NAMESPACE)

    assert (refused.value.code, refused.value.status) == ("bank_message_too_large", 413)


def test_texts_are_found_by_their_path_and_comments_do_not_hide_them() -> None:
    report = read(_document("<R><!-- x --><A><?x y?><B>1</B></A><A><B>2</B></A></R>"), namespace=NAMESPACE)

    assert NAMES.text(report, "A/B") == "1"
    assert [NAMES.text(row, "B") for row in NAMES.all(report, "A")] == ["1", "2"]
    assert NAMES.optional(report, "A/C/D") == ""
    with pytest.raises(Problem) as refused:
        NAMES.text(report, "A/C")
    assert refused.value.code == "bank_message_incomplete"


@pytest.mark.parametrize(("text", "amount"), [("0", 0), ("1", 1), ("1.00", 1), ("1.", 1), ("9" * 15, 10**15 - 1)])
def test_whole_amounts_are_read(text: str, amount: int) -> None:
    assert whole(text, "Amt") == amount


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.5", "1e3", " 1", "１", "9" * 16, "NaN", ".0", "1.0.0"])
def test_other_amounts_are_refused(text: str) -> None:
    with pytest.raises(Problem) as refused:
        whole(text, "Amt")

    assert refused.value.code == "bank_message_amount"


def test_an_amount_in_another_currency_is_refused() -> None:
    report = read(_document('<R><A Ccy="TWD">5</A><B Ccy="USD">5</B><C>5</C></R>'), namespace=NAMESPACE)

    assert NAMES.amount_twd(report, "A") == 5
    for path in ("B", "C"):
        with pytest.raises(Problem) as refused:
            NAMES.amount_twd(report, path)
        assert refused.value.code == "bank_message_amount"
