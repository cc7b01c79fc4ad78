from treasury.core.actors import SYSTEM, Actor
from treasury.core.errors import Problem


def test_a_problem_is_the_object_of_the_contract() -> None:
    problem = Problem("bad_row", "the amount is missing", path="/rows/3/amount_twd")

    assert problem.as_dict() == {
        "type": "urn:treasury-epay:problem:bad_row",
        "title": "bad row",
        "code": "bad_row",
        "file": "",
        "path": "/rows/3/amount_twd",
        "detail": "the amount is missing",
    }
    assert (problem.status, str(problem)) == (422, "the amount is missing")


def test_a_problem_may_have_a_title_and_a_status() -> None:
    problem = Problem("overdraft", "12 are missing", title="餘額不足", status=409)

    assert (problem.title, problem.status) == ("餘額不足", 409)


def test_a_problem_names_the_file_it_was_found_in_first() -> None:
    problem = Problem("bad_row", "the amount is missing")

    assert problem.in_file("day1/a.json") is problem
    assert problem.in_file("other.json").file == "day1/a.json"


def test_the_system_is_nobody() -> None:
    assert SYSTEM.is_system
    assert not Actor(user_id=7, name="林文德", role="clerk", agency_code="0003010000").is_system
