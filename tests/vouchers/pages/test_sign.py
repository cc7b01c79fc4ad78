"""Signing one voucher or many: read, prepared for the card, taken one by one, told one by one."""

import base64
import json
import socket
import time
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from signing.models import Signature
from tests.factories import Cards, Desk, fresh, statements
from tests.pages import words
from tests.vouchers.pages.conftest import Login, form
from treasury.core.models import Parameter
from treasury.core.pages.submissions import submission_key
from vouchers.models import Voucher
from vouchers.services.preparation import voucher_send_back

VERSION = "certification/1"


def _round(*vouchers: Voucher, **more: object) -> dict[str, object]:
    """The form of the review page with every voucher ticked."""
    return form(
        voucher=[str(row.pk) for row in vouchers],
        seen=[f"{row.pk}:{row.revision}" for row in vouchers],
        agreed="1",
        statement_version=VERSION,
        **more,
    )


def _signed(desk: Desk, role: str, contents: list[dict[str, Any]], cards: Cards | None = None) -> str:
    """What the card agent's window answers."""
    actor = desk.actor(role)
    return json.dumps(
        [
            {
                "id": str(one["id"]),
                "ret_code": 0,
                "last_error": 0,
                "signature": base64.b64encode(
                    (cards or desk.cards).sign(actor, role, base64.b64decode(one["tbs"]))
                ).decode(),
            }
            for one in contents
        ]
    )


def _sign(client: Client, desk: Desk, role: str, *vouchers: Voucher) -> Any:
    """The whole round, as page and card go through it."""
    sent = _round(*vouchers)
    contents = client.post("/vouchers/sign/contents/", sent).json()["contents"]
    return client.post("/vouchers/sign/results/", {**sent, "signatures": _signed(desk, role, contents)}, follow=True)


def test_the_review_page_says_statement_count_sum_list_and_findings(desk: Desk, login: Login) -> None:
    vouchers = [desk.brought("awaiting_accountant") for _ in range(2)]
    query = "&".join(f"voucher={row.pk}" for row in vouchers)

    answer = login("accountant").get(f"/vouchers/sign/?{query}")

    page = words(answer)
    assert "您以主辦會計人員身分，將簽 2 件，合計 60,000 元" in page
    assert "簽證責任聲明" in page and "B-11.4" in page and VERSION in page
    assert all(row.number in page for row in vouchers)
    assert "data-card-sign" in answer.content.decode()


def test_three_signatures_of_three_people_bring_a_voucher_to_the_treasury(desk: Desk, login: Login) -> None:
    voucher = desk.brought("awaiting_accountant")

    for role, state in (("accountant", "awaiting_head"), ("head", "certified"), ("releaser", "released")):
        answer = _sign(login(role), desk, role, voucher)
        assert answer.status_code == 200
        assert fresh(voucher).state == state
    assert "已放行 1 件，合計 30,000 元" in words(answer)


def test_many_are_signed_at_once_and_one_refusal_does_not_stop_the_others(desk: Desk, login: Login) -> None:
    vouchers = [desk.brought("awaiting_accountant") for _ in range(3)]
    accountant = login("accountant")
    sent = _round(*vouchers)
    contents = accountant.post("/vouchers/sign/contents/", sent).json()["contents"]
    signatures = _signed(desk, "accountant", contents)
    voucher_send_back(voucher=vouchers[1], actor=desk.actor("reviewer"), because="先別簽")

    answer = accountant.post("/vouchers/sign/results/", {**sent, "signatures": signatures}, follow=True)

    assert [fresh(row).state for row in vouchers] == ["awaiting_head", "draft", "awaiting_head"]
    page = words(answer)
    assert "已簽證 2 件" in page
    assert "1 件未簽成" in page
    assert "wrong_state" in page


def test_without_timestamps_nothing_is_signed_and_the_page_says_what_to_do(
    desk: Desk, login: Login, settings: Settings
) -> None:
    vouchers = [desk.brought("awaiting_accountant") for _ in range(2)]
    known = settings.TIMESTAMP_URL
    settings.TIMESTAMP_URL = "http://127.0.0.1:1"
    accountant = login("accountant")

    answer = _sign(accountant, desk, "accountant", *vouchers)

    page = words(answer)
    assert "2 件未簽成" in page and "timestamp_unavailable" in page
    assert "卡片與密碼都沒有問題。請稍候幾分鐘再簽一次" in page
    assert [fresh(row).state for row in vouchers] == ["awaiting_accountant"] * 2
    assert not Signature.objects.exists()
    settings.TIMESTAMP_URL = known
    assert "已簽證 2 件" in words(_sign(accountant, desk, "accountant", *vouchers))


def test_a_round_waits_for_a_silent_authority_once(desk: Desk, login: Login, settings: Settings) -> None:
    vouchers = [desk.brought("awaiting_accountant") for _ in range(3)]
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.TIMESTAMP_URL = f"http://127.0.0.1:{silent.getsockname()[1]}"
        settings.TIMESTAMP_TIMEOUT_SECONDS = 1.0
        begun = time.monotonic()

        answer = _sign(login("accountant"), desk, "accountant", *vouchers)

    assert "3 件未簽成" in words(answer)
    assert time.monotonic() - begun < 2.9


def test_a_signature_over_something_else_is_refused_by_its_code(desk: Desk, login: Login) -> None:
    first, second = desk.brought("awaiting_accountant"), desk.brought("awaiting_accountant")
    accountant = login("accountant")
    sent = _round(first, second)
    contents = accountant.post("/vouchers/sign/contents/", sent).json()["contents"]
    swapped = [{**contents[0], "tbs": contents[1]["tbs"]}, contents[1]]

    answer = accountant.post(
        "/vouchers/sign/results/", {**sent, "signatures": _signed(desk, "accountant", swapped)}, follow=True
    )

    assert [fresh(first).state, fresh(second).state] == ["awaiting_accountant", "awaiting_head"]
    assert "digest_differs" in words(answer)


def test_what_the_card_says_is_told_in_words(desk: Desk, login: Login) -> None:
    voucher = desk.brought("awaiting_accountant")
    accountant = login("accountant")
    sent = _round(voucher)
    accountant.post("/vouchers/sign/contents/", sent)
    signatures = json.dumps([{"id": str(voucher.pk), "ret_code": 0x76000006, "last_error": 0}])

    answer = accountant.post("/vouchers/sign/results/", {**sent, "signatures": signatures}, follow=True)

    assert "讀卡機未連線或未插卡" in words(answer)
    assert fresh(voucher).state == "awaiting_accountant"


@pytest.mark.parametrize("signatures", ["", "{", "[]", "[1]", '[{"id": "x"}]', "{}"])
def test_nothing_is_signed_by_a_form_without_signatures(desk: Desk, login: Login, signatures: str) -> None:
    voucher = desk.brought("awaiting_accountant")

    answer = login("accountant").post("/vouchers/sign/results/", _round(voucher, signatures=signatures), follow=True)

    assert answer.status_code in (200, 400)
    assert fresh(voucher).state == "awaiting_accountant"


def test_the_same_round_sent_twice_signs_once_and_gives_the_same_page(desk: Desk, login: Login) -> None:
    voucher = desk.brought("awaiting_accountant")
    accountant = login("accountant")
    sent = _round(voucher)
    contents = accountant.post("/vouchers/sign/contents/", sent).json()["contents"]
    filled = {**sent, "signatures": _signed(desk, "accountant", contents)}

    first, second = (accountant.post("/vouchers/sign/results/", filled, follow=True) for _ in range(2))

    assert "已簽證 1 件" in words(first)
    assert "已簽證 1 件" in words(second)
    assert fresh(voucher).state == "awaiting_head"


def test_contents_are_bound_to_the_session_they_were_given_to(desk: Desk, login: Login) -> None:
    voucher = desk.brought("awaiting_accountant")
    one, other = login("accountant"), login("accountant")
    sent = _round(voucher)
    contents = one.post("/vouchers/sign/contents/", sent).json()["contents"]
    filled = {**sent, "signatures": _signed(desk, "accountant", contents)}

    stranger = other.post("/vouchers/sign/results/", filled, follow=True)
    session = other.session
    session["signing_heads"] = one.session["signing_heads"]
    session["signing_outcomes"] = {}
    session.save()
    thief = other.post("/vouchers/sign/results/", filled, follow=True)

    assert "content_not_issued" in words(stranger)
    assert "nonce_of_other_use" in words(thief)
    assert fresh(voucher).state == "awaiting_accountant"


def test_nobody_signs_what_they_have_not_seen(desk: Desk, login: Login) -> None:
    voucher = desk.brought("awaiting_accountant")

    stale = login("accountant").post("/vouchers/sign/contents/", {**_round(voucher), "seen": f"{voucher.pk}:7"})
    unread = login("accountant").post("/vouchers/sign/contents/", {**_round(voucher), "agreed": ""})
    older = login("accountant").post("/vouchers/sign/contents/", {**_round(voucher), "statement_version": "old/1"})

    assert (stale.status_code, stale.json()["code"]) == (409, "seen_is_stale")
    assert (unread.status_code, unread.json()["code"]) == (422, "statement_unread")
    assert older.json()["code"] == "statement_unread"


def test_out_of_turn_a_voucher_is_left_out_with_its_reason(desk: Desk, login: Login) -> None:
    waiting, early = desk.brought("awaiting_accountant"), desk.brought("in_review")
    accountant = login("accountant")

    page = words(accountant.get(f"/vouchers/sign/?voucher={waiting.pk}&voucher={early.pk}"))
    found = accountant.post("/vouchers/sign/contents/", _round(waiting, early)).json()

    assert "有 1 件目前不能由您簽章" in page
    assert [one["id"] for one in found["contents"]] == [waiting.pk]
    assert [one["code"] for one in found["refused"]] == ["wrong_state"]


@pytest.mark.parametrize(("role", "status"), [("clerk", 403), ("reviewer", 403), ("admin", 403)])
def test_who_signs_nothing_has_no_such_page(desk: Desk, login: Login, role: str, status: int) -> None:
    voucher = desk.brought("awaiting_accountant")

    assert login(role).get(f"/vouchers/sign/?voucher={voucher.pk}").status_code == status
    assert login(role).post("/vouchers/sign/contents/", _round(voucher)).status_code == status


@pytest.mark.parametrize("query", ["", "voucher=x", "&".join(f"voucher={pk}" for pk in range(1, 60))])
def test_nothing_chosen_or_too_much_is_said_plainly(login: Login, query: str) -> None:
    assert login("accountant").get(f"/vouchers/sign/?{query}").status_code == 400


def test_in_taichung_the_releaser_hands_over_without_a_card(desk: Desk, login: Login) -> None:
    Parameter.objects.filter(name="required_capacities").delete()
    Parameter.objects.create(name="required_capacities", valid_from_on="2011-01-01", value=["accountant", "head"])
    voucher = desk.brought("certified")
    releaser = login("releaser")

    page = releaser.get(f"/vouchers/sign/?voucher={voucher.pk}").content.decode()
    answer = releaser.post("/vouchers/sign/results/", _round(voucher), follow=True)

    assert "data-card-sign" not in page
    assert "已放行 1 件" in words(answer)
    assert fresh(voucher).state == "released"


def test_twenty_are_signed_with_a_fixed_number_of_statements_each(desk: Desk, login: Login) -> None:
    few = [desk.brought("awaiting_accountant") for _ in range(2)]
    many = [desk.brought("awaiting_accountant") for _ in range(20)]
    accountant = login("accountant")

    def prepared(vouchers: list[Voucher]) -> dict[str, object]:
        sent = _round(*vouchers)
        contents = accountant.post("/vouchers/sign/contents/", sent).json()["contents"]
        return {**sent, "signatures": _signed(desk, "accountant", contents)}

    first, second = prepared(few), prepared(many)
    one_by_one = [
        statements(lambda sent=sent: accountant.post("/vouchers/sign/results/", sent)) for sent in (first, second)
    ]

    assert [fresh(row).state for row in (*few, *many)] == ["awaiting_head"] * 22
    per_voucher = (one_by_one[1] - one_by_one[0]) / 18
    assert per_voucher <= 32


@pytest.mark.parametrize("key", ["", "a/b", "k", "x" * 4000])
def test_a_round_without_the_key_of_its_form_is_refused_in_words(desk: Desk, login: Login, key: str) -> None:
    voucher = desk.brought("awaiting_accountant")
    values = {"voucher": voucher.pk, "submission": key, "agreed": "1", "statement_version": "certification/1"}

    answers = [login("accountant").post(f"/vouchers/sign/{step}/", values) for step in ("contents", "results")]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert "表單不完整" in words(answers[1])


@pytest.mark.parametrize(
    "said",
    [
        *("{", "null", '{"id": 1}', '[{"id": {}}, 7, [1]]', '[{"id": 1e999, "ret_code": []}]', "[" * 100_000),
        *("9" * 5000, f'[{{"id": {"9" * 40}, "ret_code": {"9" * 40}}}]', '[{"id": "²", "signature": 7}]'),
    ],
)
def test_whatever_a_card_service_is_said_to_have_answered_is_no_error_page(desk: Desk, login: Login, said: str) -> None:
    voucher = desk.brought("awaiting_accountant")
    values = {"voucher": voucher.pk, "submission": submission_key(), "signatures": said}
    values |= {"agreed": "1", "statement_version": "certification/1", "seen": f"{voucher.pk}:1"}

    answer = login("accountant").post("/vouchers/sign/results/", values, follow=True)

    assert answer.status_code in (200, 400)
    assert fresh(voucher).state == "awaiting_accountant"


def test_a_cards_code_of_any_size_is_a_refusal(desk: Desk, login: Login) -> None:
    voucher = desk.brought("awaiting_accountant")
    said = f'[{{"id": {voucher.pk}, "ret_code": {"9" * 40}, "last_error": "{"9" * 18}"}}]'
    values = {"voucher": voucher.pk, "submission": submission_key(), "signatures": said}

    answer = login("accountant").post(
        "/vouchers/sign/results/", values | {"agreed": "1", "statement_version": "certification/1"}, follow=True
    )

    assert [problem.status for _, problem in answer.context["lines"]] == [422]
