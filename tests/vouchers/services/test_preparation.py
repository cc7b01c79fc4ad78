"""Before any signature: submit, review, change, send back, withdraw, correct, cancel."""

import pytest

from agencies.models import User
from agencies.services import role_grant
from tests.factories import CABINET, GRANTS, ON, Desk, fresh, verbs
from tests.vouchers.examples import changed, remittance, transfer
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.models import History
from treasury.ledger.services import year_close
from vouchers import selectors
from vouchers.models import Voucher
from vouchers.services import preparation
from vouchers.services.certification import signing_content


def _content(voucher: Voucher, **given: object) -> dict[str, object]:
    return {**voucher.content, **given}


def test_a_clean_draft_goes_to_review(desk: Desk) -> None:
    voucher = desk.draft()

    submitted = preparation.voucher_submit(voucher=voucher, actor=desk.actor("clerk"))

    assert submitted.state == fresh(voucher).state == "in_review"
    assert preparation.voucher_findings(submitted) == ()


def test_a_draft_is_not_submitted_while_a_rule_finds_something(desk: Desk) -> None:
    voucher = desk.draft()
    clerk = desk.actor("clerk")
    payees = [{**voucher.payee_lines[0], "bank_code": "9999999"}]
    preparation.voucher_change(voucher=voucher, content=_content(voucher, payee_lines=payees), actor=clerk)

    with pytest.raises(preparation.VoucherRefused) as refused:
        preparation.voucher_submit(voucher=voucher, actor=clerk)

    assert (refused.value.code, refused.value.path) == ("voucher_refused", "/payee_lines/0/bank_code")
    assert [finding.rule for finding in refused.value.findings] == ["B-15.1"]
    assert fresh(voucher).state == "draft"
    assert verbs(voucher) == ["create", "change"]


def test_a_draft_is_judged_by_the_books_as_they_are_when_it_is_submitted(desk: Desk) -> None:
    voucher = desk.draft()

    year_close(fiscal_year=114, on=ON)
    with pytest.raises(preparation.VoucherRefused) as refused:
        preparation.voucher_submit(voucher=voucher, actor=desk.actor("clerk"))

    assert [finding.reason for finding in refused.value.findings] == ["R06"]


def _of(total_twd: int) -> dict[str, object]:
    """The changes that make a remittance one of so much."""
    places = ("/total_twd", "/account_lines/0/amount_twd", "/payee_lines/0/amount_twd")
    return {**dict.fromkeys(places, total_twd), "/account_lines/0/account_code": GRANTS}


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        (_of(5_000_000), "awaiting_accountant"),
        (_of(5_000_001), "printed"),
        (_of(5_000_001) | {"/channel": "paper_over_limit"}, "printed"),
        ({"/channel": "paper_fallback", "/incident_ref": "INC-114-01"}, "printed"),
    ],
)
def test_above_the_limit_and_on_paper_a_payment_is_printed(desk: Desk, changes: dict[str, object], state: str) -> None:
    voucher = desk.brought("in_review", changed(remittance(), changes))

    passed = preparation.voucher_pass_review(voucher=voucher, actor=desk.actor("reviewer"))

    assert passed.state == state


def test_a_transfer_has_no_limit(desk: Desk) -> None:
    big = 9_000_000
    voucher = desk.brought(
        "in_review",
        changed(
            transfer(),
            {
                "/total_twd": big,
                "/account_lines/0/amount_twd": big,
                "/account_lines/1/amount_twd": big,
                "/originals/0/amount_twd": big,
            },
        ),
    )

    assert preparation.voucher_pass_review(voucher=voucher, actor=desk.actor("reviewer")).state == "awaiting_accountant"


def test_the_reviewer_passes_what_stands_there_now_not_what_was_looked_up_before(desk: Desk) -> None:
    seen = desk.brought("in_review")
    clerk, reviewer = desk.actor("clerk"), desk.actor("reviewer")
    preparation.voucher_send_back(voucher=seen, actor=reviewer, because="金額有誤")
    content = changed(seen.content, _of(5_000_001))
    preparation.voucher_change(voucher=seen, content=content, actor=clerk)
    preparation.voucher_submit(voucher=seen, actor=clerk)

    assert preparation.voucher_pass_review(voucher=seen, actor=reviewer).state == "printed"


@pytest.mark.parametrize("state", ["in_review", "awaiting_accountant", "awaiting_head", "certified"])
def test_whoever_is_to_act_next_sends_back_with_a_reason_and_the_revision_counts_on(desk: Desk, state: str) -> None:
    voucher = desk.brought(state)
    sender = {"in_review": "reviewer", "awaiting_accountant": "accountant", "awaiting_head": "head"}
    actor = desk.actor(sender.get(state, "releaser"))

    back = preparation.voucher_send_back(voucher=voucher, actor=actor, because="用途說明不清")

    assert (back.state, back.revision) == ("draft", 2)
    last = History.objects.filter(machine="voucher", subject_id=voucher.pk).latest("id")
    assert (last.verb, last.because, last.actor_id) == ("send_back", "用途說明不清", actor.user_id)


def test_signatures_given_before_it_was_sent_back_count_no_more(desk: Desk) -> None:
    voucher = desk.brought("certified")
    preparation.voucher_send_back(voucher=voucher, actor=desk.actor("releaser"), because="受款人有誤")
    resubmitted = desk.moved(desk.moved(fresh(voucher)))

    with pytest.raises(Problem) as early:
        desk.sign(resubmitted, "releaser")
    signed_anew = desk.sign(desk.sign(resubmitted, "accountant"), "head")

    assert (early.value.code, early.value.status) == ("wrong_state", 409)
    assert signed_anew.state == "certified"
    content = signing_content(voucher=signed_anew, capacity="releaser", actor=desk.actor("releaser"))
    assert b'"revision":2' in content


def test_a_released_voucher_is_taken_back_until_the_treasury_has_it(desk: Desk) -> None:
    voucher, late = desk.brought("released"), desk.brought("received")
    clerk = desk.actor("clerk")

    taken = preparation.voucher_withdraw(voucher=voucher, actor=clerk, because="發現金額有誤")
    with pytest.raises(Problem) as too_late:
        preparation.voucher_withdraw(voucher=late, actor=clerk, because="發現金額有誤")

    assert (taken.state, taken.revision) == ("draft", 2)
    assert (too_late.value.code, too_late.value.status) == ("wrong_state", 409)
    assert fresh(late).revision == 1


def test_a_voucher_given_up_is_final_and_its_number_stays_used(desk: Desk) -> None:
    voucher = desk.draft()

    given_up = preparation.voucher_cancel(voucher=voucher, actor=desk.actor("clerk"), because="重複編製")

    assert given_up.state == "cancelled"
    assert voucher.number in selectors.numbers_taken(agency_code=CABINET, fiscal_year=114)


def test_a_change_of_a_draft_replaces_content_and_columns_and_is_remembered_with_what_was_there(desk: Desk) -> None:
    voucher = desk.draft()
    content = changed(
        transfer(), {"/number": voucher.number, "/issue_date": "2025-03-12", "/originals": ..., "/total_twd": 500}
    )

    row = preparation.voucher_change(voucher=voucher, content=content, actor=desk.actor("clerk"))

    stored = fresh(voucher)
    assert stored.content == row.content == content
    assert (stored.kind, stored.method, stored.total_twd, stored.payee_count) == ("transfer", "", 500, 0)
    assert (str(stored.issue_on), str(stored.payable_on)) == ("2025-03-12", "2025-03-12")
    assert (stored.state, stored.revision, stored.origin) == ("draft", 1, "file")
    last = History.objects.filter(machine="voucher", subject_id=voucher.pk).latest("id")
    before = last.details["before"]
    assert before["kind"] == "payment"
    assert before["payee_lines"] == voucher.payee_lines
    assert before["total_twd"] == 30_000
    assert "number" not in before
    assert (last.verb, last.actor_id) == ("change", desk.actor("clerk").user_id)


def test_whoever_changed_a_draft_does_not_review_it(desk: Desk) -> None:
    voucher = desk.draft()
    reviewer = User.objects.get(pk=desk.actor("reviewer").user_id)
    role_grant(user_id=reviewer.pk, role="clerk", actor=desk.actor("admin"))
    as_clerk = Actor(reviewer.pk, reviewer.display_name, "clerk", CABINET)
    preparation.voucher_change(voucher=voucher, content=_content(voucher, purpose="114年3月份紙張"), actor=as_clerk)
    preparation.voucher_submit(voucher=voucher, actor=desk.actor("clerk"))

    with pytest.raises(Problem) as refused:
        preparation.voucher_pass_review(voucher=voucher, actor=desk.actor("reviewer"))

    assert (refused.value.code, refused.value.status) == ("separation_of_duty", 403)


def test_a_change_keeps_the_number_and_the_shape_of_a_voucher(desk: Desk) -> None:
    voucher = desk.draft()
    clerk = desk.actor("clerk")
    codes = {}

    for name, content in {
        "number": _content(voucher, number="P0310-999"),
        "shape": _content(voucher, total_twd="30000"),
        "unknown": _content(voucher, colour="red"),
    }.items():
        with pytest.raises(Problem) as refused:
            preparation.voucher_change(voucher=voucher, content=content, actor=clerk)
        codes[name] = (refused.value.code, refused.value.path)

    assert codes == {
        "number": ("number_fixed", "/number"),
        "shape": ("wrong_type", "/total_twd"),
        "unknown": ("unknown_key", "/colour"),
    }
    assert fresh(voucher).content == voucher.content


def test_only_a_draft_is_changed(desk: Desk) -> None:
    voucher = desk.brought("in_review")

    with pytest.raises(Problem) as refused:
        preparation.voucher_change(
            voucher=voucher, content=_content(voucher, purpose="另案"), actor=desk.actor("clerk")
        )

    assert (refused.value.code, refused.value.status) == ("wrong_state", 409)
    assert fresh(voucher).purpose == voucher.purpose
