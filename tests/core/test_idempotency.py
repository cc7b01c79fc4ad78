"""A key has one effect and one answer, however often and however fast it is sent."""

import threading

import pytest

from tests.core.threads import at_once
from treasury.core.errors import Problem
from treasury.core.idempotency import once
from treasury.core.models import IdempotencyKey
from treasury.core.numbers import next_number

pytestmark = pytest.mark.django_db


def _number(body: bytes = b"{}", *, scope: str = "vouchers", key: str = "a-1") -> object:
    return once(scope=scope, key=key, body=body, effect=lambda: {"number": next_number("tested")})


def test_the_same_key_has_the_same_answer_and_one_effect() -> None:
    answers = [_number() for _ in range(3)]

    assert answers == [{"number": 1}] * 3
    assert next_number("tested") == 2
    assert str(IdempotencyKey.objects.get()) == "vouchers a-1"


def test_the_same_key_with_another_body_is_refused() -> None:
    _number(b'{"total_twd": 1200}')

    with pytest.raises(Problem) as refused:
        _number(b'{"total_twd": 1201}')

    assert (refused.value.code, refused.value.status) == ("idempotency_key_reused", 409)
    assert next_number("tested") == 2


def test_keys_count_within_their_scope() -> None:
    answers = [_number(), _number(key="a-2"), _number(scope="cheques")]

    assert answers == [{"number": 1}, {"number": 2}, {"number": 3}]


def test_an_effect_that_fails_leaves_the_key_free() -> None:
    def fails() -> None:
        next_number("tested")
        raise Problem("overdraft", "the balance does not suffice")

    with pytest.raises(Problem):
        once(scope="vouchers", key="a-1", body=b"{}", effect=fails)

    assert not IdempotencyKey.objects.exists()
    assert _number() == {"number": 1}


@pytest.mark.parametrize("key", ["", "a" * 121, "a\x00b", "a\nb"])
def test_a_key_is_short_and_printable(key: str) -> None:
    with pytest.raises(Problem) as refused:
        _number(key=key)

    assert refused.value.code == "bad_idempotency_key"


@pytest.mark.django_db(transaction=True)
def test_of_requests_at_the_same_moment_one_has_the_effect() -> None:
    pause = threading.Event()

    def slow() -> dict[str, int]:
        number = next_number("tested")
        pause.wait(0.2)
        return {"number": number}

    answers = at_once(*[lambda: once(scope="vouchers", key="a-1", body=b"{}", effect=slow)] * 4)

    assert answers == [{"number": 1}] * 4
    assert next_number("tested") == 2
