"""B-9.8 to B-9.10: method, payee list, names without gaps, characters that can be printed."""

from typing import Any

import pytest

from tests.vouchers import examples

NAME = "/payee_lines/0/name"
ACCOUNT_NAME = "/payee_lines/0/account_name"


def named(name: str) -> list[tuple[str, str, str]]:
    """What is found when the firm and its account have this name."""
    return examples.at_entry(examples.remittance(), {NAME: name, ACCOUNT_NAME: name})


def test_a_payment_states_its_method() -> None:
    assert examples.at_entry(examples.remittance(), {"/method": ...}) == [("B-9.8", "R04", "/method")]


@pytest.mark.parametrize(
    "name",
    [
        " 晨曦文具有限公司",
        "晨曦文具有限公司 ",
        "\u3000晨曦文具有限公司",
        "晨曦文具有限公司\u3000",
        "晨曦 文具有限公司",
        "晨曦\u3000文具有限公司",
        "\u3402 \u9fa5",
        "\U00020bb7 野家",
        "Morning  Light Ltd",
        "Morning \u3000Light Ltd",
        " Morning Light Ltd",
        "Morning Light Ltd ",
        "Morning\tLight Ltd",
        "Morning\nLight Ltd",
        "晨曦文具有限公司\n",
        " ",
    ],
)
def test_a_name_has_no_gaps(name: str) -> None:
    found = named(name)

    assert {finding for finding in found if finding[0] == "B-9.9"} >= {
        ("B-9.9", "R04", NAME),
        ("B-9.9", "R04", ACCOUNT_NAME),
    }


@pytest.mark.parametrize("name", ["Morning Light Ltd", "晨曦 Light", "Light 晨曦", "晨曦文具（股）公司", "M"])
def test_a_single_blank_inside_is_left_to_latin_names(name: str) -> None:
    assert named(name) == []


def test_an_account_of_another_name_gives_the_reason() -> None:
    other = {ACCOUNT_NAME: "林小美"}

    assert examples.at_entry(examples.remittance(), other) == [("B-9.9", "R04", ACCOUNT_NAME)]
    assert examples.at_entry(examples.remittance(), other | {"/payee_lines/0/account_name_reason": "獨資商號"}) == []
    assert examples.at_entry(examples.remittance(), other | {"/payee_lines/0/account_name_reason": " "}) == [
        ("B-9.9", "R04", ACCOUNT_NAME)
    ]


def test_an_absent_account_name_is_not_compared() -> None:
    assert examples.at_entry(examples.cheque()) == []
    assert examples.at_entry(examples.remittance(), {ACCOUNT_NAME: ...}) == [("B-9.10", "R04", ACCOUNT_NAME)]
    assert examples.at_entry(examples.remittance(), {ACCOUNT_NAME: ""}) == [("B-9.10", "R04", ACCOUNT_NAME)]


@pytest.mark.parametrize(
    ("path", "example"),
    [
        (NAME, examples.cheque),
        ("/purpose", examples.transfer),
        ("/purpose", examples.remittance),
        ("/notes/text", examples.remittance),
        ("/cheque/reason", examples.cheque),
        ("/payee_lines/0/first_pension/approval_doc_no", examples.remittance),
        ("/entrusted/roster/receipt_ref", examples.entrusted),
        ("/collection_slips/0/no", examples.cheque),
    ],
)
def test_a_character_without_a_glyph_is_named(path: str, example: Any) -> None:
    assert examples.at_entry(example(), {path: "王\U0002ebf0明"}) == [("B-9.9", "R04", path)]


def test_only_the_packaged_fonts_decide() -> None:
    def only_latin(text: str) -> tuple[str, ...]:
        return tuple(character for character in text if ord(character) > 127)

    found = examples.at_entry(examples.remittance(), missing_glyphs=only_latin)

    assert found[0] == ("B-9.9", "R04", "/purpose")


def test_text_is_composed() -> None:
    decomposed = "Cafe\u0301 Ltd"

    found = examples.at_entry(
        examples.remittance(), {NAME: decomposed, ACCOUNT_NAME: decomposed}, missing_glyphs=lambda text: ()
    )

    assert found == [("B-9.9", "R04", NAME), ("B-9.9", "R04", ACCOUNT_NAME)]
    assert named("Caf\u00e9 Ltd") == []


@pytest.mark.parametrize("payees", [..., []])
def test_a_payment_names_its_payees(payees: Any) -> None:
    assert examples.at_entry(examples.remittance(), {"/payee_lines": payees}) == [("B-9.10", "R04", "/payee_lines")]


@pytest.mark.parametrize("field", ["bank_code", "account_no", "account_name"])
def test_a_remittance_states_the_payees_account(field: str) -> None:
    path = f"/payee_lines/0/{field}"

    assert examples.at_entry(examples.remittance(), {path: ...}) == [("B-9.10", "R04", path)]


@pytest.mark.parametrize("network", [..., None])
def test_a_remittance_states_its_network(network: Any) -> None:
    assert examples.at_entry(examples.remittance(), {"/network": network}) == [("B-9.10", "R04", "/network")]
