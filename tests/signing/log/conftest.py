"""A log with entries of every kind: the key that signs its heads, digests of days and documents to fill it with."""

import hashlib
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from signing import services
from signing.log.notes import SignKey
from signing.models import ElectronicPaymentDocument
from signing.simulation.authorities import Pki
from signing.simulation.timestamp_authority import Service
from signing.simulation.timestamps import TimestampAuthority
from tests.signing import forge
from tests.signing.conftest import CAPACITIES, Desk
from tests.signing.documents import REF
from treasury.core import clock

KEY = SignKey("log.example/epay", b"k" * 32)
OLD_KEY = SignKey("log.example/epay", b"j" * 32)
REFERENCE = REF


@pytest.fixture(scope="session")
def stamping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The folder of a simulated timestamp authority, and where it listens."""
    folder = tmp_path_factory.mktemp("stamping")
    with clock.frozen(forge.AT):
        service = Service(TimestampAuthority(Pki(folder)).answer)
    thread = threading.Thread(target=service.serve_forever, args=(0.05,))
    thread.start()
    yield folder, service.url
    service.shutdown()
    thread.join()
    service.server_close()


@pytest.fixture
def trust(tmp_path: Path, stamping: tuple[Path, str], settings: Settings) -> Path:
    """The authorities of the cards and of the stamps in one folder."""
    folder = forge.pki().write(tmp_path / "trust")
    for part in ("anchors", "intermediates", "crls"):
        for path in (stamping[0] / part).iterdir():
            shutil.copy(path, folder / part / f"stamping-{path.name}")
    settings.TIMESTAMP_URL = stamping[1]
    return folder


@pytest.fixture(autouse=True)
def log_key(settings: Settings) -> SignKey:
    """The key of these tests' log."""
    settings.LOG_KEY = KEY.line
    return KEY


def days_close(count: int) -> None:
    """As many digests of the books, as the ledger stores them."""
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO ledger_daydigest ("on", at, heads, previous_digest, digest) '
            "SELECT '2025-03-07', now(), '[]', '', sha256(convert_to(random()::text || no, 'UTF8')) "
            "FROM generate_series(1, %s) AS no",
            [count],
        )


@pytest.fixture
def sealed(desk: Desk) -> ElectronicPaymentDocument:
    """A voucher that all three have signed, sealed."""
    desk.sign_all()
    return services.document_seal(document_ref=REFERENCE, revision=1, required_capacities=CAPACITIES)


def copies_of(sealed: ElectronicPaymentDocument, count: int) -> None:
    """More sealed documents with the signatures of one: cheap, and all that the log looks at."""
    ElectronicPaymentDocument.objects.bulk_create(
        ElectronicPaymentDocument(
            document_ref=f"0003010000/114/C{number}",
            revision=1,
            signature_ids=sealed.signature_ids,
            digest=hashlib.sha256(str(number).encode()).digest(),
            sealed_at=sealed.sealed_at,
        )
        for number in range(count)
    )


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Callable[[bytes], Path]]:
    """Puts a note aside as an auditor does."""
    count = 0

    def keep(note: bytes) -> Path:
        nonlocal count
        count += 1
        path = tmp_path / f"kept-{count}.note"
        path.write_bytes(note)
        return path

    return keep


@pytest.fixture
def shared_log(transactional_db: None, day: datetime, trust: Path) -> None:
    """A log for several connections."""
    services.trust_import(folder=trust)


@pytest.fixture
def in_parallel() -> Callable[[Callable[[], object], int], list[object]]:
    """Calls something at once from several threads with a connection each; returns what they returned."""

    def call(what: Callable[[], object], times: int) -> list[object]:
        ready = threading.Barrier(times)

        def one(_: int) -> object:
            ready.wait()
            try:
                return what()
            finally:
                connection.close()

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(one, range(times)))

    return call
