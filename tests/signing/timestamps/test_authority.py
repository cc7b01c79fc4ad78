"""The simulated timestamp authority: what it gives, what it denies, and that its numbers never come twice."""

import hashlib
import http.client
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms, parser, tsp
from cryptography import x509

from signing.certificates import certificate_read, certificates_load, crls_load
from signing.crls import RevocationList
from signing.paths import TrustStore
from signing.simulation import pki as pki_command
from signing.simulation.authorities import Pki
from signing.simulation.time_certificates import TimeCertificates
from signing.simulation.timestamps import POLICY, TimestampAuthority
from signing.timestamps.client import TimestampClient
from signing.timestamps.protocol import query_build, reply_token
from signing.timestamps.tokens import token_check, token_read
from tests.signing.timestamps import judges
from treasury.core import clock
from treasury.embedded.children import Child

AT = datetime(2025, 3, 7, 10, 0, tzinfo=clock.ZONE)
DATA = b"the value of a signature"
IMPRINT = hashlib.sha256(DATA).digest()


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    """Simulated authorities of their own."""
    with clock.frozen(AT):
        made = Pki(tmp_path_factory.mktemp("time") / "pki")
        TimestampAuthority(made)
        return made


@pytest.fixture
def now() -> Iterator[datetime]:
    with clock.frozen(AT) as at:
        yield at


@pytest.fixture
def authority(pki: Pki, now: datetime) -> TimestampAuthority:
    return TimestampAuthority(pki)


def store(pki: Pki) -> TrustStore:
    anchors, below = ([one for _, one in certificates_load(pki.folder / part)] for part in ("anchors", "intermediates"))
    return TrustStore(anchors, below, [RevocationList(der) for der in crls_load(pki.folder / "crls")])


def ask(authority: TimestampAuthority, **given: Any) -> bytes:
    return reply_token(authority.answer(query_build(**{"imprint": IMPRINT, "nonce": 7, **given})))


def failure(authority: TimestampAuthority, query: bytes) -> set[str]:
    """Why a query is denied, as others read it."""
    reply = tsp.PKIStatusInfo.load(parser.parse(authority.answer(query), strict=True)[4], strict=True)
    assert reply["status"].native == "rejection"
    assert reply["status_string"].native
    found: set[str] = reply["fail_info"].native
    return found


def query(**given: Any) -> bytes:
    """A query by another hand."""
    imprint = {
        "hash_algorithm": {"algorithm": given.pop("hash", "sha256")},
        "hashed_message": given.pop("digest", IMPRINT),
    }
    return bytes(tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, **given}).dump())


def test_a_token_of_it_is_accepted_by_us_by_pyhanko_and_by_openssl(
    authority: TimestampAuthority, pki: Pki, now: datetime, tmp_path: Path
) -> None:
    token = ask(authority)

    facts = token_check(token=token, data=DATA, store=store(pki))

    assert (facts.generated_at, facts.policy) == (now, POLICY)
    assert judges.pyhanko(token, DATA, store(pki)) == now
    assert judges.openssl(token, DATA, store(pki), at=now, folder=tmp_path)
    assert not judges.openssl(token, b"another", store(pki), at=now, folder=tmp_path)
    content = tsp.TSTInfo.load(token_read(token).signed.content, strict=True).native
    assert content["accuracy"] == {"seconds": 1, "millis": None, "micros": None}
    assert (content["nonce"], content["ordering"], content["policy"]) == (7, False, POLICY)


@pytest.mark.parametrize("hash_name", ["sha384", "sha512"])
def test_longer_hashes_are_stamped_as_well(authority: TimestampAuthority, hash_name: str) -> None:
    digest = hashlib.new(hash_name, DATA).digest()

    token = cms.ContentInfo.load(reply_token(authority.answer(query(hash=hash_name, digest=digest))))

    content = token["content"]["encap_content_info"]["content"].parsed.native
    assert content["message_imprint"]["hashed_message"] == digest
    assert content["nonce"] is None
    assert not token["content"]["certificates"].native


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (b"", "bad_data_format"),
        (b"junk", "bad_data_format"),
        (query() + b"\0", "bad_data_format"),
        (query(hash="sha1", digest=bytes(20)), "bad_alg"),
        (query(digest=bytes(31)), "bad_request"),
        (query(req_policy="1.2.3"), "unaccepted_policy"),
        (
            query(extensions=[{"extn_id": "1.2.3", "critical": True, "extn_value": b"\x05\x00"}]),
            "unaccepted_extensions",
        ),
    ],
)
def test_what_it_cannot_stamp_it_denies_with_the_reason(authority: TimestampAuthority, asked: bytes, why: str) -> None:
    assert failure(authority, asked) == {why}


def test_an_ordered_one_gives_no_token_once_its_clock_was_set_back(pki: Pki, now: datetime) -> None:
    ordered = TimestampAuthority(pki, is_ordered=True)
    first = ask(ordered)
    assert tsp.TSTInfo.load(token_read(first).signed.content).native["ordering"] is True

    with clock.frozen(now - timedelta(seconds=1)):
        assert failure(ordered, query()) == {"time_not_available"}
    assert token_read(ask(ordered)).serial > token_read(first).serial


def test_without_a_valid_certificate_it_has_no_time(authority: TimestampAuthority, now: datetime) -> None:
    with clock.frozen(now + timedelta(days=40 * 366)):
        assert failure(authority, query()) == {"time_not_available"}


def test_a_renewed_certificate_ends_later_and_is_used_at_once(pki: Pki, authority: TimestampAuthority) -> None:
    first = _signer(ask(authority))

    pki_command.main(
        ["--pki", str(pki.folder), "--at", (AT + timedelta(days=1)).isoformat(), "renew-timestamps", "--years", "9"]
    )

    with clock.frozen(AT + timedelta(days=1)):
        second = _signer(ask(authority))
    assert second.not_valid_after_utc > first.not_valid_after_utc
    assert second.serial_number != first.serial_number
    # As of the day before the old one is used still.
    assert _signer(ask(authority)) == first
    assert TimeCertificates(pki).current(AT) is not None


def test_one_that_is_revoked_is_found_in_the_list(pki: Pki, authority: TimestampAuthority) -> None:
    token = ask(authority)
    with clock.frozen(AT + timedelta(minutes=5)):
        late = ask(authority)
        facts = certificate_read(_signer(token).public_bytes(judges.DER))
        arguments = ["revoke", "--issuer", "tsca", "--serial", facts.serial]
        pki_command.main(["--pki", str(pki.folder), "--at", (AT + timedelta(minutes=4)).isoformat(), *arguments])
    archived = [RevocationList(path.read_bytes()) for path in (pki.folder / "archive").iterdir()]
    known = TrustStore(store(pki).anchors, store(pki).intermediates, archived)

    assert token_check(token=token, data=DATA, store=known)
    with pytest.raises(Exception, match="revoked"):
        token_check(token=late, data=DATA, store=known)
    pki.release("tsca", int(facts.serial, 16), AT + timedelta(minutes=6))


def test_a_folder_from_before_gets_its_authority_for_time(pki: Pki, tmp_path: Path) -> None:
    older = Pki(Path(shutil.copytree(pki.folder, tmp_path / "older")))
    for name in ("keys/tsca.pem", "intermediates/tsca.crt", "crls/tsca.crl"):
        (older.folder / name).unlink()
    roots = (older.folder / "anchors" / "grca.crt").read_bytes()

    older.make(AT)
    older.make(AT)

    assert (older.folder / "crls" / "tsca.crl").exists()
    assert (older.folder / "anchors" / "grca.crt").read_bytes() == roots


# The process


@pytest.fixture
def started(pki: Pki, tmp_path: Path) -> Iterator[Callable[[], Child]]:
    """Starts the process on the authorities' folder; its clock is that of `CLOCK`."""
    command = [sys.executable, "-m", "signing.simulation.timestamp_authority", "--pki", str(pki.folder), "--port", "0"]
    running: list[Child] = []

    def start() -> Child:
        ready = tmp_path / f"{len(running)}.ready"
        child = Child(
            "timestamps",
            [*command, "--ready-file", str(ready)],
            env={"CLOCK": clock.env_for(AT)},
            ready_file=ready,
            log=tmp_path / "log",
        )
        running.append(child.start())
        return child

    yield start
    for child in running:
        child.stop()


def test_the_process_gives_no_number_twice_also_when_it_was_killed(started: Callable[[], Child], pki: Pki) -> None:
    serials: list[int] = []
    for _ in range(2):
        process = started()
        client = TimestampClient(process.wait_ready(), timeout_seconds=10)
        for _ in range(3):
            token = reply_token(client.ask(query_build(imprint=IMPRINT, nonce=7)))
            read = token_read(token)
            assert abs(read.generated_at - AT) < timedelta(minutes=2)
            serials.append(read.serial)
        client.close()
        process.kill()

    assert len(set(serials)) == 6 and serials == sorted(serials)
    assert token_check(token=token, data=DATA, store=store(pki))


def test_the_process_speaks_its_one_kind_of_message(started: Callable[[], Child]) -> None:
    address = started().wait_ready().removeprefix("http://")
    assert address.startswith("127.0.0.1:")

    def status(method: str, kind: str, body: bytes, size: str = "") -> int:
        connection = http.client.HTTPConnection(address, timeout=10)
        connection.request(method, "/", body, {"Content-Type": kind, "Content-Length": size or str(len(body))})
        answered = connection.getresponse().status
        connection.close()
        return answered

    assert status("POST", "application/timestamp-query", b"junk") == 200
    assert status("POST", "application/json", b"{}") == 415
    assert status("POST", "application/timestamp-query", b"", "99999999") == 413
    assert status("POST", "application/timestamp-query", b"", "x") == 413
    assert status("GET", "text/plain", b"") == 501


def _signer(token: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(token_read(token).signed.certificates[0])
