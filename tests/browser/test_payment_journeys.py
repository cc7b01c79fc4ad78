"""From an empty form to money paid, each way of paying, by the pages alone."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from cryptography import x509

from tests.browser import contents
from tests.browser.way import Way
from tests.signing.evidence.judges import TOOLS
from tests.signing.evidence.test_openssl import by_hand


def test_a_remittance_is_typed_in_certified_paid_proved_and_corrected(way: Way, tmp_path: Path) -> None:
    voucher_id = way.typed(contents.remittance("P0311-9001"))
    way.received(voucher_id)
    way.examined(voucher_id)
    way.begun(voucher_id)
    way.sent()
    way.reaches(voucher_id, "paid", nudge=way.bank_asked)

    clerk = way.at_agency("clerk")
    clerk.open(f"/vouchers/{voucher_id}/")
    clerk.sees("已支付")
    clerk.is_clean()
    clerk.open("/desk/results/")
    clerk.sees("P0311-9001")
    clerk.is_clean()
    _proved_to_strangers(way, voucher_id, tmp_path)
    (transfer_id,) = way.handed_in(contents.correction("T0311-9002", of="P0311-9001"))
    way.received(transfer_id)
    way.examined(transfer_id)
    way.reaches(transfer_id, "posted")


def _proved_to_strangers(way: Way, voucher_id: int, folder: Path) -> None:
    """The clerk takes the evidence from the voucher's page; the stand-alone tool and openssl alone take it for true."""
    anchors, log_key, at = way.served.day_closed()
    clerk = way.at_agency("clerk")
    page = clerk.open(f"/vouchers/{voucher_id}/")
    with page.expect_download() as download:
        page.get_by_role("link", name="下載證據檔").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)

    trusted = ("--anchors", anchors, "--log-key", log_key, "--at", at.isoformat())
    told = subprocess.run(
        [sys.executable, TOOLS / "verify_evidence.py", file, *trusted, "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    found = [json.loads(line) for line in told.stdout.splitlines()]
    assert told.returncode == 0, told.stdout + told.stderr
    assert found[-1] == {"valid": True} and "renewal" in {line.get("check") for line in found}

    roots = [x509.load_der_x509_certificate(path.read_bytes()) for path in sorted(anchors.iterdir())]
    tomorrow = (at + timedelta(days=1)).date().isoformat()
    done = by_hand(folder / "hand", file.read_bytes(), roots, tomorrow, log_key)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "releaser signed at" in done.stdout and "holds until" in done.stdout


def test_salaries_go_to_the_bank_as_one_entrusted_transfer(way: Way) -> None:
    (voucher_id,) = way.handed_in(contents.salaries("P0311-9011"))
    way.received(voucher_id)
    way.examined(voucher_id)
    way.begun(voucher_id)
    way.sent()
    way.reaches(voucher_id, "paid", nudge=way.bank_asked)

    rows = way.served.books.fetch(
        f"SELECT network, amount_twd FROM disbursement_paymentinstruction WHERE voucher_id = {voucher_id}"
    )
    assert [amount_twd for _, amount_twd in rows] == [80_000]


def test_a_cheque_is_issued_and_handed_over(way: Way) -> None:
    (voucher_id,) = way.handed_in(contents.cheque("P0311-9021"))
    way.received(voucher_id)
    way.examined(voucher_id)
    payer = way.sits("treasury-payer")
    page = payer.open("/desk/cheques/")
    page.fill("input[name=count]", "50")
    payer.press("領入")
    way.begun(voucher_id)
    way.reaches(voucher_id, "paid")

    (cheque_id,) = way.served.books.fetch(f"SELECT id FROM disbursement_cheque WHERE voucher_id = {voucher_id}")[0]
    page = payer.open(f"/desk/cheques/{cheque_id}/")
    payer.is_clean()
    page.fill("input[name=received_by]", "林小美")
    page.locator("form[action$='/hand_over/'] button").click()
    payer.sees("林小美")
    answer = payer.context.request.get(f"/desk/cheques/{cheque_id}/cheque.pdf")
    assert answer.ok and answer.body().startswith(b"%PDF-")
