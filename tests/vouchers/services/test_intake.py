"""A voucher file comes in whole or not at all; what is refused in it is noted, and its numbers are used."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError

from tests.core.threads import at_once
from tests.factories import CABINET, MUSEUM, ON, Desk, verbs, voucher_file
from tests.vouchers.examples import changed, entrusted, remittance, transfer
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.models import History
from treasury.core.sql import execute
from vouchers.files import VoucherFile
from vouchers.models import IntakeFile, IntakeItem, Voucher
from vouchers.services.intake import voucher_file_import


def test_what_passes_the_rules_becomes_a_draft_in_the_order_of_the_file(desk: Desk) -> None:
    contents = [remittance(), entrusted() | {"number": "P0310-002"}, transfer()]

    file = desk.hand_in(*contents)

    items = list(file.items.order_by("index"))
    assert [item.voucher and item.voucher.content for item in items] == contents
    assert [(item.index, item.number, item.total_twd, item.findings) for item in items] == [
        (0, "P0310-001", 30_000, []),
        (1, "P0310-002", 60_000, []),
        (2, "T0310-001", 30_000, []),
    ]
    assert (file.name, file.agency_code, file.fiscal_year, file.handed_in_on) == ("vouchers.json", CABINET, 114, ON)
    assert str(file) == "vouchers.json"
    assert str(items[0]) == "vouchers.json #0 P0310-001"


def test_a_drafts_columns_repeat_its_content(desk: Desk) -> None:
    voucher = desk.draft(changed(entrusted(), {"/distribution_date": "2025-03-17"}))

    assert (voucher.agency_code, voucher.fiscal_year, voucher.number) == (CABINET, 114, "P0310-001")
    assert (voucher.kind, voucher.method, voucher.state, voucher.origin) == ("payment", "entrusted", "draft", "file")
    assert (voucher.issue_on, voucher.payable_on) == (ON, ON + timedelta(days=7))
    assert (voucher.total_twd, voucher.payee_count, voucher.revision) == (60_000, 2, 1)
    assert (voucher.purpose, str(voucher)) == ("114年3月份員工薪資", "0003010000/114/P0310-001")
    assert verbs(voucher) == ["create"]


def test_a_voucher_that_the_rules_refuse_is_noted_with_its_findings_and_does_not_stop_the_others(desk: Desk) -> None:
    bad = changed(remittance(), {"/payee_lines/0/bank_code": "9999999"})

    file = desk.hand_in(bad, remittance() | {"number": "P0310-002"})

    refused, taken = file.items.order_by("index")
    assert refused.voucher is None
    assert [finding["rule"] for finding in refused.findings] == ["B-15.1"]
    assert refused.findings[0]["path"] == "/vouchers/0/payee_lines/0/bank_code"
    assert taken.voucher == Voucher.objects.get()


def test_a_number_is_used_once_in_a_year_whatever_became_of_it(desk: Desk) -> None:
    bad = changed(remittance(), {"/payee_lines/0/bank_code": "9999999"})
    desk.hand_in(bad, remittance() | {"number": "P0310-002"})
    numbers = ["P0310-001", "P0310-002", "P0310-003", "P0310-003"]

    again = desk.hand_in(*(remittance() | {"number": number} for number in numbers), name="more.json")
    elsewhere = desk.hand_in(changed(remittance(), {"/account_lines/0/account_code": "5361400100"}), agency_code=MUSEUM)

    assert [(item.number, item.voucher is not None) for item in again.items.order_by("index")] == [
        ("P0310-001", False),
        ("P0310-002", False),
        ("P0310-003", True),
        ("P0310-003", False),
    ]
    assert elsewhere.items.get().voucher is not None


def test_the_same_bytes_again_are_the_file_already_taken_in(desk: Desk) -> None:
    first = desk.hand_in(remittance())

    again = desk.hand_in(remittance(), name="copy.json")

    assert again == first
    assert Voucher.objects.count() == IntakeFile.objects.count() == IntakeItem.objects.count() == 1


def test_a_file_of_refused_vouchers_alone_is_kept_too(desk: Desk) -> None:
    file = desk.hand_in(changed(remittance(), {"/method": ...}))

    assert file.items.get().voucher is None
    assert not Voucher.objects.exists()


def test_nothing_of_a_file_that_cannot_be_read_is_stored(desk: Desk) -> None:
    with pytest.raises(Problem) as unreadable:
        voucher_file_import(data=b'{"format": ', name="half.json", on=ON, clerk_of=_clerk(desk))

    assert unreadable.value.file == "half.json"
    assert not IntakeFile.objects.exists()


def test_nobody_but_the_agencys_clerk_hands_a_file_in(desk: Desk) -> None:
    data = voucher_file(remittance())
    outcomes = {}

    for role, agency_code in (("reviewer", CABINET), ("clerk", MUSEUM), ("examiner", "")):
        actor = desk.actor(role, agency_code)
        with pytest.raises(Problem) as refused:
            voucher_file_import(data=data, name="a.json", on=ON, clerk_of=lambda _, actor=actor: actor)
        outcomes[role] = (refused.value.code, refused.value.status)

    assert outcomes == {
        "reviewer": ("role_missing", 403),
        "clerk": ("other_agency", 403),
        "examiner": ("role_missing", 403),
    }
    assert not IntakeFile.objects.exists()


def test_a_fault_at_the_last_table_leaves_nothing_of_the_file(desk: Desk) -> None:
    execute("ALTER TABLE vouchers_intakeitem ADD CONSTRAINT no_room CHECK (number <> 'P0310-002')")

    with pytest.raises(IntegrityError, match="no_room"):
        desk.hand_in(remittance(), remittance() | {"number": "P0310-002"})

    assert not IntakeFile.objects.exists()
    assert not Voucher.objects.exists()
    assert not History.objects.filter(machine="voucher").exists()


@pytest.mark.parametrize("same", [True, False], ids=["same bytes", "same number"])
def test_two_files_at_once_use_a_number_once(shared_desk: Desk, same: bool) -> None:
    first = voucher_file(remittance())
    second = first if same else voucher_file(remittance() | {"purpose": "114年3月份影印紙"})

    def hand_in(data: bytes) -> IntakeFile:
        return voucher_file_import(data=data, name="a.json", on=ON, clerk_of=_clerk(shared_desk))

    files = at_once(lambda: hand_in(first), lambda: hand_in(second))

    assert {type(file) for file in files} == {IntakeFile}
    assert len(set(files)) == (1 if same else 2)
    assert Voucher.objects.count() == 1
    assert IntakeItem.objects.filter(voucher__isnull=True).count() == (0 if same else 1)


def test_a_file_is_judged_by_the_day_it_is_handed_in(desk: Desk) -> None:
    late = remittance() | {"issue_date": "2025-03-11"}

    file = voucher_file_import(data=voucher_file(late), name="late.json", on=clock.today(), clerk_of=_clerk(desk))

    assert file.items.get().voucher is None


def _clerk(desk: Desk) -> Callable[[VoucherFile], Actor]:
    return lambda _: desk.actor("clerk")
