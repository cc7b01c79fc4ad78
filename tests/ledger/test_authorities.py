from treasury.ledger.authorities import Draw, Kind, kind_of


def test_a_budget_draw_binds_the_line_of_its_year() -> None:
    draw = Draw.budget("3203010100", 100)

    assert draw.authorities(114, "0003010000") == ("budget/114/3203010100",)
    assert draw.source == ""


def test_a_budget_draw_with_a_fund_binds_both_and_takes_the_funds_money() -> None:
    draw = Draw.budget("3203010100", 100, fund_code="F01")

    assert draw.authorities(114, "0003010000") == ("budget/114/3203010100", "fund/F01")
    assert draw.source == "fund/F01"


def test_an_advance_draws_on_its_case_alone() -> None:
    draw = Draw.case("ADV114-004", 100)

    assert draw.authorities(114, "0003010000") == ("case/0003010000/ADV114-004",)
    assert draw.source == ""


def test_a_fund_draw_binds_the_fund_and_general_money_binds_nothing() -> None:
    assert Draw.fund("F01", 100).authorities(114, "0003010000") == ("fund/F01",)
    assert Draw.fund("F01", 100).source == "fund/F01"
    assert Draw.general(100).authorities(114, "0003010000") == ()
    assert Draw.general(100).source == ""


def test_a_key_tells_its_kind() -> None:
    assert kind_of("budget/114/3203010100") is Kind.BUDGET
    assert kind_of("case/0003010000/ADV114-004") is Kind.CASE
    assert kind_of("fund/F01") is Kind.FUND
