"""The page of a voucher: document, what matters now, what changed, what happened."""

import uuid

import pytest

from disbursement.services.returns import voucher_return
from signing.models import Signature
from tests.factories import CABINET, MUSEUM, OFFICE_TWD, Desk, fresh, many_payees, statements
from tests.pages import words
from tests.vouchers.examples import cheque, entrusted, foreign_currency, remittance, transfer
from tests.vouchers.pages.conftest import Login
from treasury.core.templatetags.epay import roc_second
from vouchers.models import Voucher
from vouchers.services import preparation, return_requests

STATES = (
    *("draft", "in_review", "awaiting_accountant", "awaiting_head", "certified", "released", "received"),
    *("accepted", "scheduled", "paying"),
)
ROLES = (
    *(("clerk", CABINET), ("reviewer", CABINET), ("accountant", CABINET), ("head", CABINET), ("releaser", CABINET)),
    *(("admin", CABINET), ("examiner", ""), ("payer", ""), ("supervisor", ""), ("auditor", "")),
)


@pytest.mark.parametrize("state", STATES)
def test_there_is_a_page_for_every_state_and_every_reader(desk: Desk, login: Login, state: str) -> None:
    voucher = desk.brought(state)

    for role, agency in ROLES:
        answer = login(role, agency).get(f"/vouchers/{voucher.pk}/")
        assert answer.status_code == 200, role
        assert voucher.number in words(answer)


@pytest.mark.parametrize("content", [transfer(), cheque(), entrusted(), foreign_currency(), many_payees(120)])
def test_the_document_says_what_the_paper_says(desk: Desk, login: Login, content: dict[str, object]) -> None:
    voucher = desk.draft(content)

    page = words(login("reviewer").get(f"/vouchers/{voucher.pk}/"))

    assert f"{voucher.total_twd:,}" in page
    assert voucher.purpose in page
    for line in voucher.payee_lines[:50]:
        assert line["name"] in page


def test_a_long_payee_list_is_turned_over(desk: Desk, login: Login) -> None:
    voucher = desk.draft(many_payees(120))
    reviewer = login("reviewer")

    first = reviewer.get(f"/vouchers/{voucher.pk}/").content.decode()
    third = reviewer.get(f"/vouchers/{voucher.pk}/?payees=3").content.decode()

    assert ('id="payee-50"' in first, 'id="payee-51"' in first) == (True, False)
    assert ('id="payee-101"' in third, 'id="payee-120"' in third, 'id="payee-100"' in third) == (True, True, False)


def _verbs(answer: object) -> list[str]:
    return [action.verb for action in answer.context["actions"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("state", "role", "verbs"),
    [
        ("draft", "clerk", ["submit", "cancel"]),
        ("draft", "reviewer", []),
        ("in_review", "reviewer", ["pass_review", "send_back"]),
        ("in_review", "accountant", ["send_back"]),
        ("in_review", "clerk", []),
        ("awaiting_accountant", "accountant", ["certify_accountant", "send_back"]),
        ("awaiting_head", "head", ["certify_head", "send_back"]),
        ("certified", "releaser", ["release", "send_back"]),
        ("released", "releaser", ["withdraw"]),
        ("released", "clerk", ["withdraw"]),
        ("received", "accountant", ["request_return"]),
        ("received", "releaser", ["request_return"]),
        ("paying", "releaser", []),
    ],
)
def test_it_offers_the_steps_that_the_reader_may_take_and_no_other(
    desk: Desk, login: Login, state: str, role: str, verbs: list[str]
) -> None:
    voucher = desk.brought(state)

    answer = login(role).get(f"/vouchers/{voucher.pk}/")

    assert _verbs(answer) == verbs


def test_a_voucher_over_the_limit_is_printed_for_paper_instead_of_passed(desk: Desk, login: Login) -> None:
    voucher = desk.brought("in_review", many_payees(2, amount_twd=4_000_000))

    assert _verbs(login("reviewer").get(f"/vouchers/{voucher.pk}/")) == ["print_for_paper", "send_back"]


def test_who_took_an_earlier_step_is_told_that_somebody_else_must_take_this_one(desk: Desk, login: Login) -> None:
    voucher = desk.brought("awaiting_accountant")
    client = login("accountant")
    accountant = desk.actor("accountant")
    assert _verbs(client.get(f"/vouchers/{voucher.pk}/")) == ["certify_accountant", "send_back"]

    preparation.voucher_send_back(voucher=voucher, actor=desk.actor("reviewer"), because="金額有誤")
    _by_the_same_person(desk, voucher, accountant.user_id)

    answer = client.get(f"/vouchers/{voucher.pk}/")
    assert _verbs(answer) == ["send_back"]
    assert answer.context["blocked"].code == "separation_of_duty"
    assert "另一位同仁" in words(answer)


def _by_the_same_person(desk: Desk, voucher: Voucher, user_id: int | None) -> None:
    """The accountant, who reviews as well for once, passes the voucher that they will then not certify."""
    from agencies.models import Agency, RoleAssignment
    from agencies.selectors import actor_of
    from tests.factories import ON

    agency = Agency.objects.get(code=voucher.agency_code)
    held = RoleAssignment.objects.create(
        user_id=user_id, agency=agency, role="reviewer", valid_from_on=ON, granted_by="admin"
    )
    preparation.voucher_submit(voucher=voucher, actor=desk.actor("clerk"))
    preparation.voucher_pass_review(voucher=voucher, actor=actor_of(held.user, "reviewer"))


def test_it_shows_the_balance_before_and_after(desk: Desk, login: Login) -> None:
    voucher = desk.brought("awaiting_accountant")

    (balance,) = login("accountant").get(f"/vouchers/{voucher.pk}/").context["balances"]

    assert (balance.available_twd, balance.draw_twd, balance.left_twd) == (OFFICE_TWD, 30_000, OFFICE_TWD - 30_000)
    assert not balance.is_short


def test_it_shows_what_the_rules_find_with_a_way_to_the_field(desk: Desk, login: Login) -> None:
    voucher = desk.draft()
    content = {**voucher.content, "total_twd": 29_000}
    preparation.voucher_change(voucher=voucher, content=content, actor=desk.actor("clerk"))

    answer = login("reviewer").get(f"/vouchers/{voucher.pk}/")

    found = answer.context["findings"]
    assert found and all(one.remedy and one.rule for one in found)
    page = answer.content.decode()
    for one in found:
        assert f'href="{one.anchor}"' in page
        assert f'id="{one.anchor[1:]}"' in page


def test_signatures_are_shown_with_their_certificate(desk: Desk, login: Login) -> None:
    voucher = desk.brought("certified")

    page = words(login("releaser").get(f"/vouchers/{voucher.pk}/"))

    for card in desk.cards.issued[:2]:
        assert card["card_no"] in page
    assert "政府憑證管理中心" in page
    assert "憑證序號" in page
    for signature in Signature.objects.all():
        assert f"時戳 {roc_second(signature.token_at)}" in page


def test_what_changed_since_last_time_is_told_in_words(desk: Desk, login: Login) -> None:
    voucher = desk.brought("awaiting_head")
    preparation.voucher_send_back(voucher=voucher, actor=desk.actor("head"), because="用途請寫明")
    row = fresh(voucher)
    preparation.voucher_change(
        voucher=row, content={**row.content, "purpose": "114年3月份辦公室紙張採購"}, actor=desk.actor("clerk")
    )
    preparation.voucher_submit(voucher=fresh(voucher), actor=desk.actor("clerk"))

    reviewer = login("reviewer")
    answer = reviewer.get(f"/vouchers/{voucher.pk}/")
    diff = reviewer.get(f"/vouchers/{voucher.pk}/diff/")

    (change,) = answer.context["changes"]
    assert (change.place, change.old) == ("支出用途", "114年3月份辦公文具採購")
    for page in (words(answer), words(diff)):
        assert "原為 114年3月份辦公文具採購" in page
        assert "改為 114年3月份辦公室紙張採購" in page
        assert "用途請寫明" in page
    assert len(answer.context["earlier_signatures"]) == 1
    assert answer.context["signatures"] == []


def test_the_timeline_tells_who_when_why_with_which_card_and_from_where(desk: Desk, login: Login) -> None:
    voucher = desk.brought("received")
    releaser = desk.actor("releaser")
    return_requests.return_request(voucher=voucher, actor=releaser, because="金額誤植")
    voucher_return(voucher=fresh(voucher), actor=desk.treasurer("examiner"), reasons=["R07"], note="機關來函")

    answer = login("clerk").get(f"/vouchers/{voucher.pk}/")

    entries = {entry.verb: entry for entry in answer.context["timeline"]}
    assert list(entries) == [
        *("create", "submit", "pass_review", "certify_accountant", "certify_head", "release", "receive"),
        *("request_return", "return_to_agency"),
    ]
    assert entries["certify_head"].card_no == desk.cards.issued[1]["card_no"]
    assert entries["certify_head"].details.startswith("時戳 114/03/10 09:")
    assert entries["receive"].actor_name == "系統"
    assert entries["request_return"].because == "金額誤植"
    assert "R07" in entries["return_to_agency"].details
    assert entries["release"].actor_role_title == "放行人"


def test_the_pdf_opens_in_the_browser(desk: Desk, login: Login) -> None:
    voucher = desk.draft()

    answer = login("reviewer").get(f"/vouchers/{voucher.pk}/voucher.pdf")

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.content.startswith(b"%PDF")


def test_another_agencys_voucher_does_not_exist_by_any_address(desk: Desk, login: Login) -> None:
    voucher = desk.brought("awaiting_accountant")
    pk = voucher.pk
    asked = [
        *(("get", f"/vouchers/{pk}/{rest}") for rest in ("", "voucher.pdf", "diff/")),
        *(("post", f"/vouchers/{pk}/steps/{verb}/") for verb in ("send_back", "pass_review", "withdraw")),
        ("get", f"/vouchers/sign/?voucher={pk}"),
        ("post", "/vouchers/sign/contents/"),
        ("post", "/vouchers/sign/results/"),
    ]
    form = {
        **{"voucher": str(pk), "seen": f"{pk}:1", "seen_revision": "1", "seen_state": voucher.state, "because": "x"},
        **{"submission": str(uuid.uuid4()), "agreed": "1", "statement_version": "certification/1"},
    }

    for role in ("clerk", "accountant", "head", "releaser", "reviewer", "admin"):
        client = login(role, MUSEUM)
        for method, path in asked:
            answer = getattr(client, method)(path, form if method == "post" else {})
            assert answer.status_code in (403, 404), (role, path)
            assert voucher.purpose not in answer.content.decode()
            if role == "accountant":
                assert answer.status_code == 404, path
                missing = getattr(client, method)(path.replace(str(pk), "999999"), {**form, "voucher": "999999"})
                assert missing.status_code == 404
    assert fresh(voucher).state == "awaiting_accountant"


def test_without_a_login_every_address_leads_to_the_login(desk: Desk) -> None:
    from django.test import Client

    voucher = desk.draft()

    for path in ("/vouchers/", f"/vouchers/{voucher.pk}/", f"/vouchers/{voucher.pk}/diff/", "/vouchers/transmission/"):
        answer = Client().get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/login/")


def test_the_page_sends_the_same_statements_for_many_payees_as_for_one(desk: Desk, login: Login) -> None:
    few, many = desk.brought("in_review", many_payees(2)), desk.brought("in_review", many_payees(2_000))
    client = login("reviewer")
    client.get(f"/vouchers/{few.pk}/")

    assert statements(lambda: client.get(f"/vouchers/{many.pk}/")) == statements(
        lambda: client.get(f"/vouchers/{few.pk}/")
    )


def test_the_page_speaks_english(desk: Desk, login: Login) -> None:
    voucher = desk.brought("awaiting_accountant", remittance())
    client = login("accountant")
    client.cookies["django_language"] = "en"

    page = words(client.get(f"/vouchers/{voucher.pk}/"))

    for text in ("Payment voucher", "Next step", "Remittance to account", "Balance before and after", "What happened"):
        assert text in page
