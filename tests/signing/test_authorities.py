"""The simulated authorities and what they put on cards, asked for by their commands."""

import base64
import json
from contextlib import redirect_stdout
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from signing.certificates import CertificateFacts, certificate_read, certificates_load, crls_load
from signing.crls import RevocationList
from signing.paths import TrustStore
from signing.refusals import Refused
from signing.simulation import issue, pki
from treasury.core import clock

START = datetime.fromisoformat("2025-03-07T09:00:00+08:00")
PIN = "135790"


class Machine:
    """A folder with authorities and cards, on a simulated day."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.pki, self.cards = folder, folder / "pki", folder / "cards"

    def issue(
        self, *requests: dict[str, Any], options: tuple[str, ...] = (), at: datetime = START
    ) -> list[dict[str, Any]]:
        """Cards asked for in bulk; what was answered."""
        asked = self.folder / "requests"
        asked.write_text("".join(json.dumps(request) + "\n" for request in requests))
        given = ("--pki", str(self.pki), "--cards", str(self.cards), "--at", at.isoformat(), *options, str(asked))
        with redirect_stdout(StringIO()) as said:
            issue.main([*given])
        return [json.loads(line) for line in said.getvalue().splitlines()]

    def tend(self, command: str, *options: str, at: datetime = START) -> None:
        """What the authorities' own command does."""
        pki.main(["--pki", str(self.pki), "--at", at.isoformat(), *options, command])

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
    return machine, [machine.issue(one)[0] for one in requests]


@pytest.fixture
def machine(issued: tuple[Machine, Any]) -> Machine:
    """The machine on its day."""
    return issued[0]


@pytest.fixture
def card(issued: tuple[Machine, list[dict[str, Any]]]) -> dict[str, Any]:
    """The head's card."""
    return issued[1][1]


def certificate(answer: dict[str, Any]) -> CertificateFacts:
    return certificate_read(base64.b64decode(answer["certificate"]))


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
        machine.tend(command, "--issuer", "gca", "--serial", head.serial, at=at)
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
    machine.tend("refresh-crls", at=START + timedelta(days=200))
    assert machine.store().path_check(
        certificate(machine.issue(request(), at=START + timedelta(days=200))[0]), at=START + timedelta(days=201)
    )
    machine.tend("init")
    machine.tend("refresh-crls")
