"""Validity to the second, here and in UTC, on leap days and at midnight."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.signing import forge
from tests.signing.stores import code_of, store

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
TAIPEI = timezone(8 * HOUR)


@pytest.mark.threat("day-boundary")
@pytest.mark.parametrize(
    ("seconds", "code"),
    [(-1, "certificate_not_yet_valid"), (0, "ok"), (1, "ok")],
)
def test_a_card_begins_at_its_first_second_wherever_the_clock_stands(seconds: int, code: str) -> None:
    # Given a card issued on 29 February, whose day begins in Taipei eight hours before that of UTC
    pki = forge.pki()
    begins, ends = datetime(2024, 2, 29, tzinfo=TAIPEI), datetime(2030, 3, 1, tzinfo=TAIPEI) - SECOND
    signer = pki.gca.issue("signer", valid=(begins.astimezone(UTC), ends.astimezone(UTC)))
    at = begins + seconds * SECOND
    known = store(pki, [one.crl(at=begins - DAY) for one in (pki.root, pki.gca)])

    assert code_of(known, signer, at) == code
    assert code_of(known, signer, at.astimezone(UTC)) == code


@pytest.mark.threat("day-boundary", "expired")
@pytest.mark.parametrize(("seconds", "code"), [(-1, "ok"), (0, "ok"), (1, "certificate_expired")])
def test_a_card_ends_after_its_last_second_wherever_the_clock_stands(seconds: int, code: str) -> None:
    # Given one that ends on the 28th of a February without a 29th: 1 March in Taipei is still February in UTC
    pki = forge.pki()
    ends = datetime(2030, 3, 1, tzinfo=TAIPEI) - SECOND
    signer = pki.gca.issue("signer", valid=(datetime(2024, 2, 28, 16, tzinfo=UTC), ends.astimezone(UTC)))
    at = ends + seconds * SECOND
    known = store(pki, [one.crl(at=ends - DAY) for one in (pki.root, pki.gca)])

    assert code_of(known, signer, at) == code
    assert code_of(known, signer, at.astimezone(UTC)) == code


@pytest.mark.threat("day-boundary", "list-stale")
@pytest.mark.parametrize(("seconds", "code"), [(-1, "ok"), (1, "crl_stale")])
def test_a_list_ends_at_its_next_update_on_a_leap_day_too(seconds: int, code: str) -> None:
    pki = forge.pki()
    leap = datetime(2028, 2, 29, 0, 0, tzinfo=TAIPEI)
    signer = pki.gca.issue("signer")
    known = store(pki, [pki.root.crl(at=leap - DAY), pki.gca.crl(at=leap - 10 * DAY)])

    assert code_of(known, signer, leap + seconds * SECOND) == code
