"""Every step of the treasury over its one address: once, by whom it belongs to, on what was looked at."""

from collections.abc import Callable
from typing import Any

import pytest

from disbursement.models import Acceptance, ReturnNotice
from disbursement.services.paper import voucher_hold_for_paper
from disbursement.services.steps import TREASURY_STEPS
from tests.disbursement.on_paper import mailed
from tests.disbursement.pages.at_the_desk import TICKED, at_desk, step_address, step_form
from tests.factories import CABINET, MUSEUM, OFFICE, Desk, by_force, fresh
from tests.pages import client_of, words
from tests.step_rights import somebody
from vouchers.models import Voucher

PAPER = {"seal": ["accountant", "head"], "same": "on"}


def _held(desk: Desk) -> Voucher:
    voucher = desk.brought("received")
    voucher_hold_for_paper(voucher=voucher, actor=desk.treasurer("examiner"), because="存疑")
    held: Voucher = fresh(voucher)
    return held


# verb: (who, what it starts from, what the form says, where it ends)
TAKEN: dict[str, tuple[str, Callable[[Desk], Voucher], dict[str, Any], str]] = {
    "accept": ("examiner", lambda desk: desk.brought("received"), TICKED, "accepted"),
    "return_to_agency": ("examiner", lambda desk: desk.brought("received"), {"reason": ["R04", "R07"]}, "returned"),
    "hold_for_paper": ("examiner", lambda desk: desk.brought("received"), {"because": "存疑"}, "on_hold_paper"),
    "resume": ("examiner", _held, PAPER, "received"),
    "receive_paper": ("examiner", mailed, PAPER, "paper_received"),
    "postpone": ("supervisor", lambda desk: desk.brought("accepted"), {"because": "資金調度"}, "postponed"),
    "schedule": ("payer", lambda desk: desk.brought("accepted"), {}, "scheduled"),
    "begin_payment": ("payer", lambda desk: desk.brought("scheduled"), {}, "paying"),
}


def test_every_step_is_tried() -> None:
    assert set(TAKEN) == set(TREASURY_STEPS)


@pytest.mark.parametrize("verb", TAKEN)
def test_a_step_is_taken_once_however_often_its_form_is_sent(desk: Desk, verb: str) -> None:
    who, made, said, target = TAKEN[verb]
    voucher = made(desk)
    person, form = at_desk(desk, who), step_form(made_voucher := voucher, **said)

    first = person.post(step_address(made_voucher, verb), form)
    second = person.post(step_address(made_voucher, verb), form)

    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert fresh(voucher).state == target
    assert person.get(first.headers["Location"]).status_code == 200


@pytest.mark.parametrize("verb", TAKEN)
def test_nobody_else_takes_it(desk: Desk, verb: str) -> None:
    who, made, said, _ = TAKEN[verb]
    voucher = made(desk)
    others = {"auditor", "treasury_admin", "examiner", "payer", "supervisor"} - {who}
    others -= {"supervisor"} if verb == "schedule" else set()
    people = [at_desk(desk, role) for role in others]
    people += [at_desk(desk, role, code) for role in ("clerk", "releaser") for code in (CABINET,)]
    people.append(at_desk(desk, "clerk", MUSEUM))

    for person in people:
        response = person.post(step_address(voucher, verb), step_form(voucher, **said))
        assert response.status_code == 403

    assert fresh(voucher).state == voucher.state


def test_a_step_is_never_taken_by_a_link(desk: Desk) -> None:
    voucher = desk.brought("received")

    assert at_desk(desk, "examiner").get(step_address(voucher, "accept")).status_code == 405


@pytest.mark.parametrize("verb", ["receive", "post", "complete_payment", "submit", "nonsense"])
def test_a_verb_that_is_no_step_of_the_desk_is_not_found(desk: Desk, verb: str) -> None:
    voucher = desk.brought("received")

    assert at_desk(desk, "examiner").post(step_address(voucher, verb), step_form(voucher)).status_code == 404


def test_after_a_decision_the_next_voucher_opens_within_the_filter(desk: Desk) -> None:
    first, _, third = (desk.brought("received") for _ in range(3))
    by_force("UPDATE vouchers_voucher SET method = 'cheque_self' WHERE id IN (%s, %s)", first.pk, third.pk)
    examiner = at_desk(desk, "examiner")
    form = step_form(first, queue="method=cheque_self", **TICKED)

    response = examiner.post(step_address(first, "accept"), form, follow=True)

    assert response.redirect_chain == [(f"/desk/examination/{third.pk}/?decided={first.pk}&method=cheque_self", 302)]
    assert f"{first.number} 審核通過 · 登記編號 114-0000001" in words(response)


def test_after_the_last_one_the_queue_opens(desk: Desk) -> None:
    voucher = desk.brought("received")

    form = step_form(voucher, reason=["R11"], because="請洽本庫")
    response = at_desk(desk, "examiner").post(step_address(voucher, "return_to_agency"), form, follow=True)

    assert response.redirect_chain == [(f"/desk/examination/?decided={voucher.pk}", 302)]
    assert f"{voucher.number} 已退件 · 退件通知書 114-0000001 PDF" in words(response)


def test_a_form_may_name_where_to_go_on_at_home_only(desk: Desk) -> None:
    voucher, other = desk.brought("accepted"), desk.brought("accepted")
    payer = at_desk(desk, "payer")

    ours = payer.post(step_address(voucher, "schedule"), step_form(voucher, next="/desk/registers/"))
    foreign = payer.post(step_address(other, "schedule"), step_form(other, next="//evil.example/"))

    assert ours.headers["Location"] == "/desk/registers/"
    assert foreign.headers["Location"] == f"/vouchers/{other.pk}/"


def test_of_two_examiners_one_decides_and_the_other_is_told_who(desk: Desk) -> None:
    voucher, waiting = desk.brought("received"), desk.brought("received")
    examiner, colleague = at_desk(desk, "examiner"), client_of(somebody("examiner").name)
    mine, theirs = step_form(voucher, **TICKED), step_form(voucher, reason=["R04"])
    examiner.post(step_address(voucher, "accept"), mine)

    response = colleague.post(step_address(voucher, "return_to_agency"), theirs)

    assert response.status_code == 409
    text = words(response)
    assert "您看到的內容已經不是最新的" in text and desk.treasurer("examiner").name in text
    assert f"/desk/examination/{waiting.pk}/" in response.content.decode()
    assert (fresh(voucher).state, Acceptance.objects.count(), ReturnNotice.objects.count()) == ("accepted", 1, 0)


@pytest.mark.parametrize("changes", [{"seen_revision": 2}, {"seen_revision": "x"}, {"seen_state": "accepted"}, {}])
def test_what_was_not_looked_at_is_not_decided_on(desk: Desk, changes: dict[str, Any]) -> None:
    voucher = desk.brought("received")
    form = step_form(voucher, **TICKED) | changes
    if not changes:
        del form["seen_state"]

    assert at_desk(desk, "examiner").post(step_address(voucher, "accept"), form).status_code == 409
    assert fresh(voucher).state == "received"


@pytest.mark.parametrize(
    ("verb", "said", "told"),
    [
        ("return_to_agency", {"reason": ["R11"]}, "還沒有填寫說明"),
        ("return_to_agency", {}, "還沒有填寫理由"),
        ("return_to_agency", {"reason": ["R12"]}, "沒有這個退回原因"),
        ("hold_for_paper", {"because": "  "}, "還沒有填寫理由"),
        ("accept", {"check": ["B-23.3"]}, "通過前請逐項勾選審核事項"),
    ],
)
def test_what_can_be_mended_is_shown_at_the_form_with_what_was_said(
    desk: Desk, verb: str, said: dict[str, Any], told: str
) -> None:
    voucher = desk.brought("received")
    desk.brought("received")

    response = at_desk(desk, "examiner").post(step_address(voucher, verb), step_form(voucher, **said))

    page = response.content.decode()
    assert response.status_code == 422
    assert told in words(response)
    assert f'<a href="#form-{verb}">' in page and "data-takes-focus" in page
    assert all(f'value="{code}" id="reason-{code}" checked' in page for code in said.get("reason", []) if code != "R12")
    assert fresh(voucher).state == "received"


def test_nothing_passes_while_the_rules_find_something(desk: Desk) -> None:
    voucher = desk.brought("received")
    by_force("UPDATE ledger_authority SET available_twd = 1 WHERE code = %s", OFFICE)

    response = at_desk(desk, "examiner").post(step_address(voucher, "accept"), step_form(voucher, **TICKED))

    assert response.status_code == 422
    assert "規則檢核仍有不符事項" in words(response)


def test_a_seal_that_differs_goes_straight_back_with_words(desk: Desk) -> None:
    voucher = mailed(desk)
    examiner = at_desk(desk, "examiner")

    silent = examiner.post(step_address(voucher, "receive_paper"), step_form(voucher, same="on"))
    told = examiner.post(
        step_address(voucher, "receive_paper"), step_form(voucher, same="on", because="機關長官印鑑不符")
    )

    assert (silent.status_code, told.status_code) == (422, 302)
    assert ReturnNotice.objects.get().note == "機關長官印鑑不符"
