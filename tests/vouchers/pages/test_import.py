"""A voucher file by hand: looked at first, taken in once, with the findings of every voucher to take away."""

import io
from typing import Any

import tablib
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import MUSEUM, Desk, voucher_file
from tests.vouchers.examples import remittance
from tests.vouchers.pages.conftest import Login, form
from vouchers.models import IntakeFile, Voucher

GOOD = remittance() | {"number": "P0310-101"}
BAD = remittance() | {"number": "P0310-102", "gate": "capital"}


def _upload(client: Client, data: bytes) -> Any:
    return client.post("/vouchers/import/", {"file": SimpleUploadedFile("三月.json", data)}, follow=True)


def test_the_dry_run_names_each_finding_and_stores_no_voucher(desk: Desk, login: Login) -> None:
    page = _upload(login("clerk"), voucher_file(GOOD, BAD))

    (refused,) = page.context["refused"]
    assert (refused.number, refused.index) == ("P0310-102", 2)
    assert refused.lines[0][0] == "科目清單第 1 筆　科目代號"
    assert page.context["taken_count"] == 1
    assert not Voucher.objects.exists()
    assert not IntakeFile.objects.exists()


def test_the_list_of_findings_is_taken_away(desk: Desk, login: Login) -> None:
    client = login("clerk")
    page = _upload(client, voucher_file(GOOD, BAD))

    table = tablib.Dataset().load(
        io.BytesIO(client.get(f"{page.redirect_chain[-1][0]}?format=xlsx").content), format="xlsx"
    )

    assert [row[1] for row in table] == ["P0310-101", "P0310-102"]
    assert table[1][5] == "/vouchers/1/account_lines/0/account_code"


def test_a_file_is_taken_in_once_and_its_page_stays(desk: Desk, login: Login) -> None:
    client = login("clerk")
    page = _upload(client, voucher_file(GOOD, BAD))
    address, sent = f"{page.redirect_chain[-1][0]}take/", form()

    first, second = client.post(address, sent), client.post(address, sent)

    assert first["Location"] == second["Location"]
    assert Voucher.objects.get().number == "P0310-101"
    shown = client.get(first["Location"])
    assert [row.number for row in shown.context["listing"].shown] == ["P0310-101", "P0310-102"]
    refused = client.get(f"{first['Location']}?what=refused")
    assert [row.number for row in refused.context["listing"].shown] == ["P0310-102"]
    assert client.post(address, form()).status_code == 409
    assert login("clerk", MUSEUM).get(first["Location"]).status_code == 404


def test_a_broken_file_and_another_agencys_are_refused_with_the_place(desk: Desk, login: Login) -> None:
    client = login("clerk")
    without_purpose = {name: value for name, value in GOOD.items() if name != "purpose"}

    broken = _upload(client, voucher_file(without_purpose))
    foreign = _upload(client, voucher_file(GOOD, agency_code=MUSEUM))
    nothing = client.post("/vouchers/import/", {})

    assert broken.status_code == foreign.status_code == nothing.status_code == 422
    assert "/vouchers/0/purpose" in broken.context["errors"][0][0]
    assert MUSEUM in foreign.context["errors"][0][0]


def test_another_person_does_not_see_an_uploaded_file(desk: Desk, login: Login) -> None:
    page = _upload(login("clerk"), voucher_file(GOOD))

    assert login("clerk", MUSEUM).get(page.redirect_chain[-1][0]).status_code == 409
