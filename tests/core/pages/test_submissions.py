"""One effect for one form, whatever is done to the button."""

import uuid

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from agencies.models import User
from tests.core.threads import at_once
from treasury.core.errors import Problem
from treasury.core.pages.submissions import submission_key, submit_once


def _sent(key: str, *, path: str = "/somewhere/", **values: str) -> HttpRequest:
    request = RequestFactory().post(path, {"submission": key, **values})
    request.user = User(pk=7)
    return request


def test_a_form_sent_twice_has_one_effect_and_goes_to_one_place(db: None) -> None:
    key, done = submission_key(), []

    def effect() -> str:
        done.append(1)
        return f"/done/{len(done)}/"

    first = submit_once(_sent(key, amount="1", csrfmiddlewaretoken="a"), effect)
    again = submit_once(_sent(key, amount="1", csrfmiddlewaretoken="b"), effect)

    assert first.headers["Location"] == again.headers["Location"] == "/done/1/"
    assert done == [1]


def test_the_same_form_with_other_values_is_refused(db: None) -> None:
    key = submission_key()
    submit_once(_sent(key, amount="1"), lambda: "/")

    with pytest.raises(Problem) as refused:
        submit_once(_sent(key, amount="2"), lambda: "/")

    assert (refused.value.code, refused.value.status) == ("idempotency_key_reused", 409)


def test_what_was_refused_may_be_mended_and_sent_again(db: None) -> None:
    key = submission_key()

    def refuse() -> str:
        raise Problem("bad_amount", "no")

    with pytest.raises(Problem):
        submit_once(_sent(key, amount="x"), refuse)

    assert submit_once(_sent(key, amount="1"), lambda: "/done/").headers["Location"] == "/done/"


def test_a_form_without_its_key_does_nothing(db: None) -> None:
    with pytest.raises(Problem) as refused:
        submit_once(_sent(""), lambda: pytest.fail("it ran"))

    assert refused.value.code == "submission_missing"


def test_another_person_with_the_same_key_is_another_form(db: None) -> None:
    key, done = submission_key(), []
    submit_once(_sent(key), lambda: done.append(1) or "/")  # type: ignore[func-returns-value]
    other = _sent(key)
    other.user = User(pk=8)

    submit_once(other, lambda: done.append(2) or "/")  # type: ignore[func-returns-value]

    assert done == [1, 2]


def test_a_double_click_has_one_effect(transactional_db: None) -> None:
    key, done = submission_key(), []

    def effect() -> str:
        done.append(1)
        return "/done/"

    answers = at_once(*(lambda: submit_once(_sent(key), effect) for _ in range(4)))

    assert done == [1]
    assert {answer.headers["Location"] for answer in answers} == {"/done/"}


def test_a_key_counts_at_its_address_alone_however_long_that_is(db: None) -> None:
    key, long = submission_key(), f"/vouchers/drafts/{uuid.uuid4()}/"
    submit_once(_sent(key, path=f"{long}send/"), lambda: "/sent/")

    other = submit_once(_sent(key, path=f"{long}payees/"), lambda: "/payees/")

    assert other.headers["Location"] == "/payees/"
