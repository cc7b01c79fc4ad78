"""The edges of time: seconds, leap days, and midnight here against midnight in UTC."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from signing.binding import time_check
from signing.crls import RevocationList
from signing.gate import gate_pass
from signing.paths import TrustStore
from signing.refusals import Refused
from tests.signing import forge
from tests.signing.messages import CONTENT, PKI, store

TAIPEI = timezone(timedelta(hours=8))
SECOND = timedelta(seconds=1)


def known(at: datetime) -> TrustStore:
    """All authorities with lists issued an hour before a moment."""
    found = store()
    issued = (at - timedelta(hours=1)).astimezone(UTC)
    found.lists = [RevocationList(one.crl(at=issued)) for one in (PKI.root, PKI.gca)]
    return found


def code_of(signer: forge.Identity, at: datetime) -> str:
    """What the gate says of a message signed and received at a moment."""
    message = forge.message(signer, CONTENT, at=at)
    try:
        time_check(gate_pass(store=known(at), content=CONTENT, message=message, at=at), at)
    except Refused as refused:
        return refused.code
    return "ok"


def card(begin: datetime, end: datetime) -> forge.Identity:
    return PKI.gca.issue("timed", valid=(begin.astimezone(UTC), end.astimezone(UTC)))


@pytest.mark.threat("expired", "not-yet-valid")
@pytest.mark.parametrize(
    ("begin", "end"),
    [
        # To the last second of the day in Taipei: eight hours earlier than the same words in UTC
        (datetime(2025, 3, 7, tzinfo=TAIPEI), datetime(2025, 3, 7, 23, 59, 59, tzinfo=TAIPEI)),
        (datetime(2025, 3, 7, tzinfo=UTC), datetime(2025, 3, 7, 23, 59, 59, tzinfo=UTC)),
        # From one leap day to the next
        (datetime(2024, 2, 29, tzinfo=TAIPEI), datetime(2028, 2, 29, 23, 59, 59, tzinfo=TAIPEI)),
        # Six years over the turn of a year that is 2025 here and 2024 in UTC
        (datetime(2025, 1, 1, tzinfo=TAIPEI), datetime(2030, 12, 31, 23, 59, 59, tzinfo=TAIPEI)),
        # Beyond 2049, where certificates and signing times are spelled another way
        (datetime(2044, 12, 31, tzinfo=UTC), datetime(2044, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
    ids=["a day in Taipei", "a day in UTC", "leap day to leap day", "over the new year", "the authorities' last day"],
)
def test_a_card_counts_from_its_first_second_to_its_last(begin: datetime, end: datetime) -> None:
    signer = card(begin, end)

    assert code_of(signer, begin) == code_of(signer, end) == "ok"
    assert code_of(signer, begin - SECOND) == "certificate_not_yet_valid"
    assert code_of(signer, end + SECOND) == "certificate_expired"


@pytest.mark.threat("signing-time-off")
def test_a_signing_time_of_the_clock_on_the_wall_is_eight_hours_off() -> None:
    # Given a card reader whose clock tells the time of Taipei and calls it UTC
    at = datetime(2028, 2, 29, 7, 59, 59, tzinfo=TAIPEI)
    on_the_wall = at.replace(tzinfo=UTC)
    signer = card(at - timedelta(days=1), at + timedelta(days=1))

    signed = gate_pass(store=known(at), content=CONTENT, message=forge.message(signer, CONTENT, at=on_the_wall), at=at)

    assert signed.message.signing_time == on_the_wall
    with pytest.raises(Refused) as refused:
        time_check(signed, at)
    assert refused.value.code == "signing_time_off"
    assert code_of(signer, at) == "ok"


@pytest.mark.threat("revoked-before", "revoked-after")
def test_a_revocation_counts_from_its_second_on_whatever_day_it_is_called() -> None:
    # Given a card revoked on the leap day here, when it was still the day before in UTC
    at = datetime(2028, 2, 29, 0, 30, tzinfo=TAIPEI)
    pki = forge.pki()
    signer = pki.gca.issue("revoked", valid=(datetime(2027, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)))
    pki.gca.revoke(signer, at.astimezone(UTC))
    trusted = store()
    trusted.lists = [RevocationList(one.crl(at=datetime(2028, 2, 28, 1, tzinfo=UTC))) for one in (pki.root, pki.gca)]

    codes = []
    for moment in (at - SECOND, at, at + SECOND):
        message = forge.message(signer, CONTENT, at=moment)
        try:
            gate_pass(store=trusted, content=CONTENT, message=message, at=moment)
            codes.append("ok")
        except Refused as refused:
            codes.append(refused.code)

    assert codes == ["ok", "certificate_revoked", "certificate_revoked"]
