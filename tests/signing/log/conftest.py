"""A log with entries of every kind: the key that signs its heads, digests of days and documents to fill it with."""

import hashlib
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
from tests.signing.conftest import CAPACITIES, Desk
from tests.signing.documents import REF
from tests.signing.stamps import LocalAuthority

KEY = SignKey("log.example/epay", b"k" * 32)
OLD_KEY = SignKey("log.example/epay", b"j" * 32)
REFERENCE = REF


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
def shared_log(transactional_db: None, day: datetime, trust: Path, timestamps: LocalAuthority) -> None:
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
