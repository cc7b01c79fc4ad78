"""One table says which step a person at the treasury takes on a voucher, and by which service."""

from collections.abc import Callable

import pytest

from disbursement.models import Acceptance, ReturnNotice
from disbursement.services.paper import voucher_hold_for_paper
from disbursement.services.steps import EXAMINER_CHECKS, TREASURY_STEPS, Given, voucher_step
from tests.disbursement.on_paper import IN_ORDER, mailed
from tests.factories import OFFICE, Desk, by_force, fresh
from tests.vouchers.examples import changed, entrusted, remittance
from treasury.core.errors import Problem
from treasury.core.models import History
from vouchers.models import Voucher
from vouchers.states import VOUCHER

BY_THEMSELVES = {"receive", "reject", "post", "complete_payment"}
TICKED = Given(checks=EXAMINER_CHECKS)


def _held(desk: Desk) -> Voucher:
    voucher = desk.brought("received")
    voucher_hold_for_paper(voucher=voucher, actor=desk.treasurer("examiner"), because="存疑")
    held: Voucher = fresh(voucher)
    return held


# verb: (who, what it starts from, what is said with it, where it ends)
TAKEN: dict[str, tuple[str, Callable[[Desk], Voucher], Given, str]] = {
    "accept": ("examiner", lambda desk: desk.brought("received"), TICKED, "accepted"),
    "return_to_agency": ("examiner", lambda desk: desk.brought("received"), Given(reasons=("R07",)), "returned"),
    "hold_for_paper": ("examiner", lambda desk: desk.brought("received"), Given(because="存疑"), "on_hold_paper"),
    "resume": ("examiner", _held, Given(paper=IN_ORDER), "received"),
    "receive_paper": ("examiner", mailed, Given(paper=IN_ORDER), "paper_received"),
    "postpone": ("supervisor", lambda desk: desk.brought("accepted"), Given(because="資金調度"), "postponed"),
    "schedule": ("payer", lambda desk: desk.brought("accepted"), Given(), "scheduled"),
    "begin_payment": ("payer", lambda desk: desk.brought("scheduled"), Given(), "paying"),
}


def test_every_step_of_the_treasury_has_its_service() -> None:
    rights = {step.verb for step in VOUCHER.steps if step.permission.startswith("disbursement.")}

    assert set(TREASURY_STEPS) == rights - BY_THEMSELVES == set(TAKEN)


@pytest.mark.parametrize("verb", TAKEN)
def test_a_step_does_what_its_verb_says(desk: Desk, verb: str) -> None:
    who, made, given, target = TAKEN[verb]
    voucher = made(desk)

    voucher_step(voucher=voucher, verb=verb, actor=desk.treasurer(who), given=given)

    assert fresh(voucher).state == target


@pytest.mark.parametrize("verb", TAKEN)
def test_an_auditor_and_the_agency_take_none(desk: Desk, verb: str) -> None:
    _, made, given, _ = TAKEN[verb]
    voucher = made(desk)
    before = voucher.state

    for actor in (desk.treasurer("auditor"), desk.actor("clerk"), desk.actor("releaser")):
        with pytest.raises(Problem) as refused:
            voucher_step(voucher=voucher, verb=verb, actor=actor, given=given)
        assert (refused.value.code, refused.value.status) == ("role_missing", 403)

    assert fresh(voucher).state == before


@pytest.mark.parametrize("verb", [*sorted(BY_THEMSELVES), "submit", "nonsense"])
def test_what_is_nobodys_step_at_the_desk_is_unknown(desk: Desk, verb: str) -> None:
    voucher = desk.brought("released")

    with pytest.raises(Problem) as refused:
        voucher_step(voucher=voucher, verb=verb, actor=desk.treasurer("examiner"), given=Given())

    assert (refused.value.code, refused.value.status) == ("step_unknown", 404)


def test_nothing_is_accepted_that_nobody_ticked(desk: Desk) -> None:
    voucher = desk.brought("received")

    with pytest.raises(Problem) as refused:
        voucher_step(
            voucher=voucher, verb="accept", actor=desk.treasurer("examiner"), given=Given(checks=EXAMINER_CHECKS[:1])
        )

    assert refused.value.code == "check_missing"
    assert not Acceptance.objects.exists()


def test_the_history_keeps_what_was_ticked(desk: Desk) -> None:
    voucher = desk.brought("received")

    voucher_step(voucher=voucher, verb="accept", actor=desk.treasurer("examiner"), given=TICKED)

    assert History.objects.get(subject_id=voucher.pk, verb="accept").details == {"checks": ["B-23.2.3", "B-23.3"]}


def test_nothing_is_accepted_while_the_rules_find_something(desk: Desk) -> None:
    voucher = desk.brought("received")
    by_force("UPDATE ledger_authority SET available_twd = 1 WHERE code = %s", OFFICE)

    with pytest.raises(Problem) as refused:
        voucher_step(voucher=voucher, verb="accept", actor=desk.treasurer("examiner"), given=TICKED)

    assert refused.value.code == "findings_open"
    assert fresh(voucher).state == "received"


def test_a_return_carries_the_findings_of_the_reasons_marked(desk: Desk) -> None:
    voucher = desk.brought("received", changed(remittance(), {}))
    by_force("UPDATE ledger_authority SET available_twd = 1 WHERE code = %s", OFFICE)

    given = Given(reasons=("R01", "R11"), because="請洽本庫")
    voucher_step(voucher=voucher, verb="return_to_agency", actor=desk.treasurer("examiner"), given=given)

    notice = ReturnNotice.objects.get()
    assert [finding["reason"] for finding in notice.findings] == ["R01"]
    assert (notice.reasons, notice.note) == (["R01", "R11"], "請洽本庫")


def test_findings_whose_reason_is_not_marked_stay_out_of_the_notice(desk: Desk) -> None:
    voucher = desk.brought("received")
    by_force("UPDATE ledger_authority SET available_twd = 1 WHERE code = %s", OFFICE)

    voucher_step(
        voucher=voucher, verb="return_to_agency", actor=desk.treasurer("examiner"), given=Given(reasons=("R07",))
    )

    assert ReturnNotice.objects.get().findings == []


def test_an_entrusted_transfer_is_not_scheduled_before_its_roster_has_come(desk: Desk) -> None:
    voucher = desk.brought("accepted", entrusted())

    with pytest.raises(Problem) as refused:
        voucher_step(voucher=voucher, verb="schedule", actor=desk.treasurer("payer"), given=Given())

    assert (refused.value.code, refused.value.status) == ("roster_not_delivered", 409)
    assert fresh(voucher).state == "accepted"
