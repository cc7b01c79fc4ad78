"""The evidence of payments made by the services: what is exported is what a stranger can check."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from django.core.management import call_command
from pytest_django import Settings

from agencies.models import User
from disbursement.services.batches import batch_send
from signing.evidence.container import container_read
from signing.log.heads import head_make
from signing.models import LogHead
from signing.services import evidence_export
from tests.api.system import system_of
from tests.disbursement.bank.bank_process import BankProcess
from tests.disbursement.services.came_back import came_back, correct, resend
from tests.factories import CABINET, MUSEUM, ON, Cards, Desk, answered, fresh, many_payees
from tests.pages import client_of
from tests.signing.evidence.judges import product, stranger
from tests.signing.evidence.test_openssl import by_hand
from tests.signing.evidence.workshop import KEY, sha
from tests.vouchers.examples import cheque, transfer
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.ledger.services import day_digest
from vouchers.models import Voucher

StartBank = Callable[..., BankProcess]


@pytest.fixture(autouse=True)
def log_key(settings: Settings) -> None:
    """The key that strangers hold."""
    settings.LOG_KEY = KEY.line


@pytest.fixture
def anchors(cards: Cards) -> list[x509.Certificate]:
    """The roots as strangers hold them."""
    folder = cards.folder / "pki" / "anchors"
    return [x509.load_der_x509_certificate(path.read_bytes()) for path in sorted(folder.iterdir())]


def paid(desk: Desk, bank: BankProcess, count: int = 2) -> Voucher:
    """A remittance of several payees that the bank has credited or returned."""
    voucher = desk.brought("paying", many_payees(count))
    batch_send(batch_id=desk.batch().pk)
    answered(bank)
    return fresh(voucher)


def closed() -> LogHead:
    """The day's digest and the head over it."""
    day_digest(on=ON)
    head = head_make()
    assert head is not None
    return head


def parts_of(voucher: Voucher) -> dict[str, bytes]:
    return container_read(evidence_export(document_ref=voucher.reference).data)[1]


def test_a_paid_voucher_is_proved_to_three_who_share_no_code(
    desk: Desk, agent_bank: BankProcess, anchors: list[x509.Certificate], tmp_path: Path
) -> None:
    voucher = paid(desk, agent_bank)
    closed()

    made = evidence_export(document_ref=voucher.reference)

    at = clock.now() + timedelta(hours=1)
    assert product(made.data, anchors, at) == {}
    assert stranger(made.data, anchors, at) == {}
    done = by_hand(tmp_path / "hand", made.data, anchors, "2025-03-11", KEY.check.line)
    assert done.returncode == 0, done.stdout + done.stderr
    assert made.name == f"{voucher.reference.replace('/', '-')}-r1.evidence.zip"


def test_the_parts_tell_of_the_voucher_and_of_nobody_else(desk: Desk, agent_bank: BankProcess) -> None:
    other = desk.brought("accepted")
    voucher = paid(desk, agent_bank)
    closed()

    parts = parts_of(voucher)

    bank, ledger, history = (json.loads(parts[f"{name}.json"]) for name in ("bank", "ledger", "history"))
    assert [(one["line_no"], one["state"]) for one in bank["instructions"]] == [(1, "credited"), (2, "credited")]
    (batch,) = bank["batches"]
    assert batch["state"] == "answered" and len(batch["answers"]) == 1
    told = [link["event_type"] for run in ledger["runs"] for link in run["links"] if "lines" in link]
    assert told == ["reserve", "pay_by_remittance"]
    assert other.reference.encode() not in b"".join(parts.values())
    assert history["acts"][0]["target"] == "draft" and history["acts"][-1]["target"] == "paid"


def test_a_line_that_came_back_and_was_sent_again_is_proved(
    desk: Desk, start_agent_bank: StartBank, anchors: list[x509.Certificate]
) -> None:
    line, bank = came_back(desk, start_agent_bank)
    head_make()
    correct(desk, line)
    resend(desk, line)
    batch_send(batch_id=desk.batch().pk)
    answered(bank, 2)
    closed()

    data = evidence_export(document_ref=line.voucher.reference).data

    at = clock.now() + timedelta(seconds=1)
    assert product(data, anchors, at) == {} == stranger(data, anchors, at)
    parts = container_read(data)[1]
    (again,) = [one for one in json.loads(parts["bank.json"])["instructions"] if one["attempt"] == 2]
    assert [one["return_code"] for one in again["earlier"]] == ["04"]
    told = [link for run in json.loads(parts["ledger.json"])["runs"] for link in run["links"] if "lines" in link]
    assert {"return_by_bank", "resend"} <= {link["event_type"] for link in told}


def test_before_the_first_head_a_file_says_less(desk: Desk, anchors: list[x509.Certificate]) -> None:
    voucher = desk.brought("accepted")

    data = evidence_export(document_ref=voucher.reference).data

    at = clock.now() + timedelta(seconds=1)
    assert product(data, anchors, at) == {"heads": "evidence_log"}
    assert product(data, anchors, at, with_log=False) == {} == stranger(data, anchors, at, with_log=False)


def test_a_posting_later_than_the_last_head_waits_for_the_next(desk: Desk, anchors: list[x509.Certificate]) -> None:
    voucher = desk.brought("released")
    head_make()
    voucher = desk.moved(desk.moved(voucher))
    day_digest(on=ON)

    before = evidence_export(document_ref=voucher.reference).data
    head_make()
    after = evidence_export(document_ref=voucher.reference).data

    at = clock.now() + timedelta(seconds=1)
    assert product(before, anchors, at) == {"logged": "evidence_log"}
    assert product(after, anchors, at) == {} == stranger(after, anchors, at)


def test_a_cheque_and_a_transfer_are_proved(desk: Desk, anchors: list[x509.Certificate]) -> None:
    desk.stock(5)
    vouchers = [desk.brought("paid", cheque()), desk.brought("posted", transfer())]
    closed()

    for voucher in vouchers:
        data = evidence_export(document_ref=voucher.reference).data
        assert product(data, anchors, clock.now()) == {} == stranger(data, anchors, clock.now())


def test_what_was_never_released_has_no_evidence(desk: Desk) -> None:
    voucher = desk.brought("certified")

    for reference, revision in ((voucher.reference, None), ("nobody/114/P1", None), (voucher.reference, 1)):
        with pytest.raises(Problem) as caught:
            evidence_export(document_ref=reference, revision=revision)
        assert (caught.value.code, caught.value.status) == ("document_unknown", 404)


def test_a_person_takes_the_evidence_of_what_they_may_see_from_its_page(desk: Desk) -> None:
    voucher = desk.brought("received")
    address = f"/vouchers/{voucher.pk}/evidence.zip"
    may = [("clerk", CABINET), ("head", CABINET), ("examiner", ""), ("auditor", "")]

    for role, agency in may:
        client = client_of(username(desk, role, agency))
        assert address in client.get(f"/vouchers/{voucher.pk}/").content.decode()
        answer = client.get(address)
        assert answer.status_code == 200 and answer["Content-Type"] == "application/zip"
        assert answer["Content-Disposition"] == f'attachment; filename="{_file_name(voucher)}"'
        assert container_read(answer.content)[0]["document_ref"] == voucher.reference

    assert client_of(username(desk, "clerk", MUSEUM)).get(address).status_code == 404
    admin = client_of(username(desk, "admin", CABINET))
    assert admin.get(address).status_code == 403
    assert address not in admin.get(f"/vouchers/{voucher.pk}/").content.decode()


def test_before_the_release_there_is_nothing_to_take_away(desk: Desk) -> None:
    voucher = desk.brought("certified")
    client = client_of(username(desk, "clerk", CABINET))

    assert "evidence.zip" not in client.get(f"/vouchers/{voucher.pk}/").content.decode()
    assert client.get(f"/vouchers/{voucher.pk}/evidence.zip").status_code == 404


def test_an_accounting_system_fetches_the_evidence_of_its_own_vouchers(desk: Desk) -> None:
    voucher, unreleased = desk.brought("received"), desk.brought("in_review")
    own, other = system_of(desk), system_of(desk, MUSEUM)
    path = f"/vouchers/{voucher.pk}/evidence"

    answer = own.get(path)

    assert answer.status == 200 and container_read(answer.bytes)[0]["revision"] == 1
    assert other.get(path).status == 404
    assert own.get(f"/vouchers/{unreleased.pk}/evidence").code == "document_unknown"
    assert own.get(path, Accept="application/pdf").status == 406


def test_the_command_writes_the_file_and_says_its_digest(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    voucher = desk.brought("received")

    call_command("evidence", "export", voucher.reference, "--out", str(tmp_path / "a.zip"), "--json")
    told = json.loads(capsys.readouterr().out)
    monkeypatch.chdir(tmp_path)
    call_command("evidence", "export", voucher.reference, "--revision", "1")

    data = (tmp_path / "a.zip").read_bytes()
    assert told == {"file": str(tmp_path / "a.zip"), "bytes": len(data), "sha256": sha(data)}
    assert (tmp_path / _file_name(voucher)).exists() and "SHA-256" in capsys.readouterr().out
    for wrong in (("nobody/114/P1",), (voucher.reference, "--out", str(tmp_path / "none" / "a.zip"))):
        with pytest.raises(SystemExit) as exit_:
            call_command("evidence", "export", *wrong)
        assert exit_.value.code == 2 and json.loads(capsys.readouterr().err)["code"]


def _file_name(voucher: Voucher) -> str:
    return f"{voucher.reference.replace('/', '-')}-r1.evidence.zip"


def username(desk: Desk, role: str, agency_code: str) -> str:
    """The login of somebody in a role."""
    return str(User.objects.get(pk=desk.actor(role, agency_code).user_id).username)
