"""One address for every step of the agency: who may, what was seen, why, and one effect however often it is sent."""

import pytest
from django.test import Client

from tests.factories import MUSEUM, Desk, fresh, many_payees, verbs
from tests.pages import words
from tests.vouchers.pages.conftest import Login, form
from vouchers.models import ReturnRequest, Voucher
from vouchers.services.agency_steps import AGENCY_STEPS, agency_step_take
from vouchers.services.preparation import voucher_send_back

ROLES = ("clerk", "reviewer", "accountant", "head", "releaser", "admin")
# verb, where it starts, who may, where it leads
MATRIX = (
    ("submit", "draft", {"clerk"}, "in_review"),
    ("pass_review", "in_review", {"reviewer"}, "awaiting_accountant"),
    ("send_back", "in_review", {"reviewer", "accountant", "head", "releaser"}, "draft"),
    ("send_back", "certified", {"reviewer", "accountant", "head", "releaser"}, "draft"),
    ("withdraw", "released", {"clerk", "releaser"}, "draft"),
    ("request_return", "received", {"clerk", "accountant", "releaser"}, "received"),
    ("cancel", "draft", {"clerk"}, "cancelled"),
)


def _take(client: Client, voucher: Voucher, verb: str, **fields: object) -> object:
    seen = {"seen_revision": voucher.revision, "seen_state": voucher.state, "because": "金額誤植"}
    return client.post(f"/vouchers/{voucher.pk}/steps/{verb}/", form(**{**seen, **fields}))


@pytest.mark.parametrize(("verb", "state", "may", "target"), MATRIX)
def test_only_the_roles_of_a_step_take_it(
    desk: Desk, login: Login, verb: str, state: str, may: set[str], target: str
) -> None:
    voucher = desk.brought(state)

    for role in ROLES:
        if role not in may:
            assert _take(login(role), voucher, verb).status_code == 403, role  # type: ignore[attr-defined]
    for role in ROLES:
        assert _take(login(role, MUSEUM), voucher, verb).status_code == 404, role  # type: ignore[attr-defined]
    assert fresh(voucher).state == state

    answer = _take(login(sorted(may)[0]), voucher, verb)

    assert answer.headers["Location"] == f"/vouchers/{voucher.pk}/done/{verb}/"  # type: ignore[attr-defined]
    assert fresh(voucher).state == target


def test_the_paper_way_is_walked_by_buttons(desk: Desk, login: Login) -> None:
    voucher = desk.brought("in_review", many_payees(2, amount_twd=4_000_000))

    for role, verb, state in (
        ("reviewer", "print_for_paper", "printed"),
        ("releaser", "sign_paper", "paper_signed"),
        ("clerk", "mail", "mailed"),
    ):
        _take(login(role), voucher, verb)
        voucher = fresh(voucher)
        assert voucher.state == state


def test_a_voucher_that_is_paid_electronically_is_not_printed_for_paper(desk: Desk, login: Login) -> None:
    voucher = desk.brought("in_review")

    assert _take(login("reviewer"), voucher, "print_for_paper").status_code == 409  # type: ignore[attr-defined]
    assert fresh(voucher).state == "in_review"


@pytest.mark.parametrize("verb", [verb for verb, step in AGENCY_STEPS.items() if step.reason == "required"])
def test_a_step_that_wants_a_reason_is_not_taken_without_one(desk: Desk, login: Login, verb: str) -> None:
    state = {"send_back": "in_review", "withdraw": "released", "request_return": "received", "cancel": "draft"}[verb]
    voucher = desk.brought(state)
    role = "reviewer" if verb == "send_back" else "releaser" if verb != "cancel" else "clerk"

    answer = _take(login(role), voucher, verb, because="  ")

    assert answer.status_code == 422  # type: ignore[attr-defined]
    page = answer.content.decode()  # type: ignore[attr-defined]
    assert f'href="#because-{verb}"' in page
    assert f'id="because-{verb}"' in page
    assert fresh(voucher).state == state


def test_a_stale_page_has_no_effect_and_says_what_happened_meanwhile(desk: Desk, login: Login) -> None:
    seen = desk.brought("in_review")
    voucher_send_back(voucher=seen, actor=desk.actor("accountant"), because="科目不符")

    answer = _take(login("reviewer"), seen, "pass_review")

    assert answer.status_code == 409  # type: ignore[attr-defined]
    page = words(answer)
    assert "「覆核通過」沒有執行" in page
    assert "科目不符" in page
    assert "第 2 版" in page
    assert fresh(seen).state == "draft"


def test_the_same_form_sent_twice_has_one_effect_and_one_answer(desk: Desk, login: Login) -> None:
    voucher = desk.brought("in_review")
    reviewer = login("reviewer")
    sent = form(seen_revision=1, seen_state="in_review", because="請補附件")

    answers = [reviewer.post(f"/vouchers/{voucher.pk}/steps/send_back/", sent) for _ in range(2)]

    assert [answer.headers["Location"] for answer in answers] == [f"/vouchers/{voucher.pk}/done/send_back/"] * 2
    assert verbs(voucher).count("send_back") == 1
    assert fresh(voucher).revision == 2


def test_back_button_after_a_step_changes_nothing(desk: Desk, login: Login) -> None:
    voucher = desk.brought("in_review")
    reviewer = login("reviewer")
    _take(reviewer, voucher, "pass_review")

    again = _take(reviewer, voucher, "pass_review")

    assert again.status_code == 409  # type: ignore[attr-defined]
    assert verbs(voucher).count("pass_review") == 1


def test_a_step_is_not_taken_by_following_a_link(desk: Desk, login: Login) -> None:
    voucher = desk.brought("in_review")

    assert login("reviewer").get(f"/vouchers/{voucher.pk}/steps/pass_review/").status_code == 405
    assert login("reviewer").post(f"/vouchers/{voucher.pk}/steps/fly/", form()).status_code == 404


def test_a_return_is_asked_for_once_a_revision_and_shown_to_everybody(desk: Desk, login: Login) -> None:
    voucher = desk.brought("received")
    releaser = login("releaser")
    _take(releaser, voucher, "request_return", because="受款人重複")

    again = _take(login("clerk"), voucher, "request_return")

    assert again.status_code == 409  # type: ignore[attr-defined]
    request = ReturnRequest.objects.get()
    assert (request.because, request.actor_role, request.revision) == ("受款人重複", "releaser", 1)
    assert "機關已申請退件 受款人重複" in words(login("examiner", "").get(f"/vouchers/{voucher.pk}/"))


def test_a_draft_with_findings_is_not_submitted_and_the_page_leads_to_the_fields(desk: Desk, login: Login) -> None:
    from vouchers.services.preparation import voucher_change

    voucher = desk.draft()
    voucher_change(voucher=voucher, content={**voucher.content, "total_twd": 29_000}, actor=desk.actor("clerk"))

    answer = _take(login("clerk"), fresh(voucher), "submit")

    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert 'id="errors"' in answer.content.decode()  # type: ignore[attr-defined]
    assert fresh(voucher).state == "draft"


def test_every_step_of_the_table_says_where_it_starts_and_whose_it_is(desk: Desk) -> None:
    for step in AGENCY_STEPS.values():
        assert step.sources and step.permission.startswith("vouchers.") and step.title_zh and step.title_en
    row = agency_step_take(verb="cancel", voucher=desk.draft(), actor=desk.actor("clerk"), because="重複建立")
    assert row.state == "cancelled"
