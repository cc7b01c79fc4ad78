"""The simulated authorities, cards and card service: processes reached over the wire alone."""

import base64
import http.client
import json
import os
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from signing.card_client import CardClient
from signing.certificates import CertificateFacts, certificate_read, certificates_load, crls_load
from signing.cms import message_read
from signing.content import content_build
from signing.crls import RevocationList
from signing.gate import gate_pass
from signing.paths import TrustStore
from signing.refusals import Refused
from tests.signing.documents import NONCE, document
from treasury.core import clock
from treasury.core.errors import Problem

START = datetime.fromisoformat("2025-03-07T09:00:00+08:00")
PIN = "135790"
CONTENT = content_build(document=document(), capacity="head", nonce=NONCE, statement_version="1")


class Machine:
    """A folder with authorities and cards, all of whose processes live on the same simulated day."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.pki, self.cards = folder, folder / "pki", folder / "cards"
        self.environment = {**os.environ, "CLOCK": clock.env_for(START)}
        self.service: subprocess.Popen[bytes] | None = None

    def run(self, module: str, *arguments: str, text: str = "", at: datetime | None = None) -> str:
        environment = self.environment | ({"CLOCK": clock.env_for(at)} if at else {})
        command = [sys.executable, "-m", f"signing.simulation.{module}", *arguments]
        done = subprocess.run(command, input=text, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def issue(self, *requests: dict[str, Any], options: tuple[str, ...] = (), at: datetime | None = None) -> Any:
        lines = "".join(json.dumps(request) + "\n" for request in requests)
        out = self.run("issue", "--pki", str(self.pki), "--cards", str(self.cards), *options, text=lines, at=at)
        return [json.loads(line) for line in out.splitlines()]

    def start(self, *options: str) -> CardClient:
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        command = [sys.executable, "-m", "signing.simulation.card_service", "--cards", str(self.cards)]
        command += ["--test-mode", "--port", "0", "--ready-file", str(ready), *options]
        self.service = subprocess.Popen(command, env=self.environment)
        while not ready.exists():
            assert self.service.poll() is None
            time.sleep(0.01)
        self.url = ready.read_text()
        return CardClient(self.url, timeout_seconds=20)

    def stop(self, *, by_force: bool = False) -> None:
        if self.service is not None:
            self.service.kill() if by_force else self.service.terminate()
            assert self.service.wait(10) in (0, -9)
            self.service = None

    def store(self) -> TrustStore:
        anchors = [facts for _, facts in certificates_load(self.pki / "anchors")]
        below = [facts for _, facts in certificates_load(self.pki / "intermediates")]
        return TrustStore(anchors, below, [RevocationList(one) for one in crls_load(self.pki / "crls")])


def request(capacity: str = "head", **given: Any) -> dict[str, Any]:
    wanted = {"agency_code": "0003010000", "agency_name": "行政院", "capacity": capacity, "holder": f"某{capacity}"}
    return {**wanted, "pin": PIN, **given}


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> tuple[Machine, list[dict[str, Any]]]:
    """Authorities and a few cards, made once."""
    machine = Machine(tmp_path_factory.mktemp("machine"))
    capacities = ("accountant", "head", "releaser")
    requests = [request(capacity) for capacity in capacities]
    requests += [request(issuer="XCA"), request(issuer="MOICA", years=8, id_last4="6789")]
    return machine, machine.issue(*requests)


@pytest.fixture
def machine(issued: tuple[Machine, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """The machine on its day, with every counter full."""
    found = issued[0]
    monkeypatch.setenv("CLOCK", found.environment["CLOCK"])
    for tries in found.cards.glob("*.tries"):
        tries.write_text(" 3 10\n")
    yield found
    found.stop()


@pytest.fixture
def card(issued: tuple[Machine, list[dict[str, Any]]]) -> dict[str, Any]:
    """The head's card."""
    return issued[1][1]


def certificate(answer: dict[str, Any]) -> CertificateFacts:
    return certificate_read(base64.b64decode(answer["certificate"]))


# Authorities and cards


def test_cards_are_of_class_3_by_the_authority_asked_for(issued: tuple[Machine, list[dict[str, Any]]]) -> None:
    machine, answers = issued
    store = machine.store()

    # Making them takes a while, on the clock that began with the day.
    at = START + timedelta(minutes=5)
    issuers = [store.path_check(certificate(one), at=at).issuer.subject for one in answers]

    assert [("政府" in one, "組織" in one, "內政部" in one) for one in issuers] == (
        [(True, False, False)] * 3 + [(False, True, False)] + [(False, False, True)]
    )
    assert all(one.signs and not one.is_authority for one in map(certificate, answers))


def test_a_card_is_valid_for_its_years_from_the_beginning_of_the_day(
    issued: tuple[Machine, list[dict[str, Any]]],
) -> None:
    agency, citizen = certificate(issued[1][0]), certificate(issued[1][4])

    assert agency.valid_from.astimezone(clock.ZONE).isoformat() == "2025-03-07T00:00:00+08:00"
    assert agency.valid_to.astimezone(clock.ZONE).isoformat() == "2031-03-06T23:59:59+08:00"
    assert citizen.valid_to.astimezone(clock.ZONE).date().isoformat() == "2033-03-06"


def test_a_card_there_already_is_handed_out_again_while_valid(machine: Machine, card: dict[str, Any]) -> None:
    again = machine.issue(request())[0]
    assert (again["card_no"], again["certificate"], again["is_new"]) == (card["card_no"], card["certificate"], False)

    # A leap day's card, and six years later a new one
    leap = machine.issue(request("accountant", holder="閏日"), at=datetime(2024, 2, 29, 12, tzinfo=clock.ZONE))[0]
    later = machine.issue(request("accountant", holder="閏日"), at=datetime(2030, 3, 1, 12, tzinfo=clock.ZONE))[0]
    assert certificate(leap).valid_to.astimezone(clock.ZONE).isoformat() == "2030-02-28T23:59:59+08:00"
    assert later["is_new"] and later["card_no"] != leap["card_no"]


def test_the_second_key_pair_is_for_encipherment(machine: Machine) -> None:
    answer = machine.issue(request("releaser", holder="雙金鑰"), options=("--encipherment",))[0]
    facts = json.loads((machine.cards / f"{answer['card_no']}.card").read_text())

    second = certificate_read(base64.b64decode(facts["encipherment"]))

    assert not second.signs
    assert second.spki_sha256 != certificate(answer).spki_sha256


def test_holds_and_revocations_come_and_go_with_the_lists(machine: Machine, card: dict[str, Any]) -> None:
    head = certificate(card)

    def tend(command: str, minutes: int) -> str:
        at = START + timedelta(minutes=minutes)
        options = ("--issuer", "gca", "--serial", head.serial, "--at", at.isoformat())
        machine.run("pki", "--pki", str(machine.pki), *options, command)
        try:
            machine.store().path_check(head, at=at)
        except Refused as refused:
            return refused.code
        return "ok"

    assert [tend("hold", 1), tend("release", 2), tend("revoke", 3)] == [
        "certificate_revoked",
        "ok",
        "certificate_revoked",
    ]
    assert tend("release", 4) == "ok"


def test_lists_are_issued_anew_every_day_and_on_request(machine: Machine) -> None:
    def numbers() -> set[int | None]:
        return {one.number for one in machine.store().lists}

    machine.issue()
    before = numbers()
    machine.issue()
    assert numbers() == before
    machine.issue(at=START + timedelta(days=2))
    assert numbers() == {number + 1 for number in before if number}
    machine.run("pki", "--pki", str(machine.pki), "refresh-crls", at=START + timedelta(days=200))
    assert machine.store().path_check(certificate(machine.issue(request())[0]), at=START + timedelta(days=201))
    machine.run("pki", "--pki", str(machine.pki), "init")
    machine.run("pki", "--pki", str(machine.pki), "refresh-crls")


# The card service


def test_a_card_signs_what_passes_the_gate(machine: Machine, card: dict[str, Any]) -> None:
    machine.issue()
    client = machine.start()

    message = client.sign(card_no=card["card_no"], pin=PIN, content=CONTENT, nonce=NONCE)

    signer = gate_pass(store=machine.store(), content=CONTENT, message=message, at=clock.now())
    assert signer.certificate.der == client.certificate(card["card_no"])
    assert (signer.message.card_number, signer.message.nonce) == (card["card_no"], NONCE)
    assert abs(signer.message.signing_time - clock.now()) < timedelta(minutes=1)


def test_the_readers_are_listed(machine: Machine, card: dict[str, Any]) -> None:
    client = machine.start()

    listed = {one.card_no: one for one in client.cards(with_certificates=True)}

    assert listed[card["card_no"]].certificate == base64.b64decode(card["certificate"])
    assert listed[card["card_no"]].label == "某head"
    assert all(one.certificate == b"" for one in client.cards())
    client.close()
    client.close()


def problem_of(client: CardClient, card_no: str, pin: str, content: bytes = CONTENT) -> Problem:
    with pytest.raises(Problem) as problem:
        client.sign(card_no=card_no, pin=pin, content=content)
    return problem.value


def test_three_wrong_pins_lock_the_card_until_the_user_code(machine: Machine, card: dict[str, Any]) -> None:
    client, number = machine.start(), card["card_no"]

    first, second, third, right = (problem_of(client, number, pin) for pin in ("1", "2", "3", PIN))

    assert [one.detail for one in (first, second)] == [f"密碼錯誤，尚可再試 {left} 次" for left in (2, 1)]
    assert [one.code for one in (first, second, third, right)] == ["card_pin_wrong"] * 2 + ["card_locked"] * 2
    assert ask(machine, func="UnlockPin", slotDescription=number, userCode="0", pin=PIN)["last_error"] == 0xA0
    assert ask(machine, func="UnlockPin", slotDescription=number, userCode="87654321", pin=PIN)["ret_code"] == 0
    assert client.sign(card_no=number, pin=PIN, content=CONTENT)


def test_a_right_pin_gives_all_tries_back(machine: Machine, card: dict[str, Any]) -> None:
    client, number = machine.start(), card["card_no"]

    for _ in range(3):
        problem_of(client, number, "wrong")
        problem_of(client, number, "wrong")
        assert client.sign(card_no=number, pin=PIN, content=CONTENT)

    assert (machine.cards / f"{number}.tries").read_text() == " 3 10\n"


@pytest.mark.threat("pin-guessed")
def test_guessing_goes_on_counting_after_kill_9(machine: Machine, card: dict[str, Any]) -> None:
    number = card["card_no"]
    client = machine.start()
    assert client.sign(card_no=number, pin=PIN, content=CONTENT)

    codes = []
    for pin in ("1", "2", "3", PIN):
        codes.append(problem_of(client, number, pin).code)
        machine.stop(by_force=True)
        client = machine.start()

    assert codes == ["card_pin_wrong", "card_pin_wrong", "card_locked", "card_locked"]


@pytest.mark.threat("pin-guessed-in-parallel")
def test_guessing_in_parallel_gets_three_tries(machine: Machine, card: dict[str, Any]) -> None:
    client, number = machine.start(), card["card_no"]
    again = Machine(machine.folder)
    second = again.start()

    def guess(index: int) -> str:
        return problem_of((client, second)[index % 2], number, f"guess {index}").code

    with ThreadPoolExecutor(8) as pool:
        codes = sorted(pool.map(guess, range(16)))
    again.stop()

    assert codes.count("card_pin_wrong") == 2
    assert codes.count("card_locked") == 14


@pytest.mark.threat("raw-signature")
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"raw text",
        b'{"typ":"epay-voucher/1"}',
        CONTENT + b" ",
        CONTENT.replace(b'"revision":1', b'"revision":1.0'),
    ],
)
def test_it_signs_nothing_but_our_canonical_content(machine: Machine, card: dict[str, Any], content: bytes) -> None:
    client = machine.start()

    found = problem_of(client, card["card_no"], PIN, content)

    assert found.code == ("card_refuses_content" if content else "card_no_content")


def test_an_absent_card_a_missing_pin_and_wrong_times_have_their_codes(machine: Machine, card: dict[str, Any]) -> None:
    client = machine.start()
    future = machine.issue(request(holder="未來"), at=START + timedelta(days=1))[0]
    past = machine.issue(request(holder="過去", years=1), at=START - timedelta(days=400))[0]

    assert problem_of(client, "GC00000000000000", PIN).code == "card_absent"
    assert problem_of(client, "../../etc/passwd", PIN).code == "card_absent"
    assert problem_of(client, card["card_no"], "").code == "card_no_pin"
    assert problem_of(client, future["card_no"], PIN).code == "card_not_yet_valid"
    assert problem_of(client, past["card_no"], PIN).code == "card_expired"


def ask(machine: Machine, headers: dict[str, str] | None = None, body: bytes | None = None, **package: Any) -> Any:
    address = urllib.parse.urlsplit(machine.url).netloc
    connection = http.client.HTTPConnection(address, timeout=20)
    connection.request("POST", "/sign", body or json.dumps(package).encode(), headers or {})
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer


@pytest.mark.parametrize("body", [b"x", b"[]", b"[" * 100_000, b'{"a":'])
def test_a_package_that_is_no_object_is_bad_json(machine: Machine, body: bytes) -> None:
    machine.start()

    assert ask(machine, body=body)["ret_code"] == 0x7600000B


def test_the_form_field_of_the_browser_is_understood(machine: Machine, card: dict[str, Any]) -> None:
    machine.start()
    package = {"func": "GetUserCert", "slotDescription": card["card_no"]}
    form = urllib.parse.urlencode({"tbsPackage": json.dumps(package)}).encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}

    assert ask(machine, kind, form)["certb64"] == card["certificate"]
    assert ask(machine, kind, b"other=1")["ret_code"] == 0x7600000B


@pytest.mark.threat("raw-signature")
def test_raw_signatures_and_other_functions_are_refused(machine: Machine, card: dict[str, Any]) -> None:
    machine.start()
    wanted = {"slotDescription": card["card_no"], "pin": PIN, "tbs": CONTENT.decode(), "tbsEncoding": "NONE"}

    assert ask(machine, **wanted, func="MakeSignature", signatureType="PKCS1")["ret_code"] == 0x76000002
    assert ask(machine, **wanted, func="Decrypt")["ret_code"] == 0x76000002
    sha1 = ask(machine, **wanted, func="MakeSignature", signatureType="PKCS7", hashAlgorithm="SHA1")
    assert sha1["ret_code"] == 0x76000010
    assert ask(machine, **wanted, func="MakeSignature", signatureType="PKCS7")["ret_code"] == 0
    bad = {**wanted, "tbs": "%", "tbsEncoding": "base64", "func": "MakeSignature", "signatureType": "PKCS7"}
    assert ask(machine, **bad)["ret_code"] == 0x76000003


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"Origin": "http://127.0.0.1:8000"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://127.0.0.1:8000.evil.example"}, False),
        ({"Host": "rebound.example"}, False),
        ({"Host": "127.0.0.1"}, False),
    ],
)
def test_only_known_origins_and_loopback_hosts_are_served(
    machine: Machine, card: dict[str, Any], headers: dict[str, str], allowed: bool
) -> None:
    machine.start("--origin", "http://127.0.0.1:8000")

    answer = ask(machine, headers, func="GetUserCert", slotDescription=card["card_no"])

    assert answer["ret_code"] == (0 if allowed else 0x7600000F)


def test_other_addresses_are_not_there(machine: Machine) -> None:
    machine.start()
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(machine.url).netloc)

    statuses = []
    for method, path, headers in (
        ("GET", "/selfTest.htm", {}),
        ("GET", "/other", {}),
        ("POST", "/other", {}),
        ("GET", "/pkcs11info", {"Origin": "null"}),
        ("POST", "/sign", {"Content-Length": "99999999999"}),
    ):
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)

    assert statuses == [200, 404, 404, 403, 413]


def test_a_service_that_is_gone_is_a_problem_and_one_that_came_back_is_not(
    machine: Machine, card: dict[str, Any]
) -> None:
    client = machine.start()
    client.certificate(card["card_no"])
    machine.stop()

    with pytest.raises(Problem) as problem:
        client.certificate(card["card_no"])

    assert (problem.value.code, problem.value.status) == ("card_service_down", 503)


def test_it_signs_many_over_one_connection(machine: Machine, issued: tuple[Machine, list[dict[str, Any]]]) -> None:
    client = machine.start()
    numbers = [one["card_no"] for one in issued[1][:3]]

    messages = [client.sign(card_no=numbers[index % 3], pin=PIN, content=CONTENT) for index in range(60)]

    assert len({message_read(message).card_number for message in messages}) == 3
