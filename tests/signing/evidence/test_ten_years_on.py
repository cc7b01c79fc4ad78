"""Ten years on: root, authority, cards and the first stamps have all ended. What was signed in 2025 still holds, for
each stamp was covered by the next one while it stood; where one came too late nobody can tell any more."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import pytest

from tests.signing import forge
from tests.signing.evidence.conftest import stamped
from tests.signing.evidence.judges import product, stranger
from tests.signing.evidence.workshop import (
    AT,
    Change,
    Stamp,
    Workshop,
    authority,
    stamper,
    token,
    world,
    year,
)

TEN_YEARS_ON = year(2036, 3)


@cache
def new_root() -> forge.Authority:
    """The root that comes after the old one."""
    return authority("新根憑證", (year(2029), year(2050)))


def stamps(made: Workshop, *names: str) -> list[Stamp]:
    """Heads of the log by name, each stamped by the authority of its day."""
    old = (made.world.gca, made.world.root)
    second = stamper("時戳二", (year(2026), year(2031)), made.world.gca)
    third = stamper("時戳三", (year(2030), year(2040)), new_root())
    late = stamper("時戳三", (year(2030), year(2040)), new_root())
    known = {
        "2025": Stamp(made.world.stamper, AT + timedelta(hours=10), old, number=2),
        "2026": Stamp(second, year(2026, 12), old, number=10),
        "2030": Stamp(third, year(2030, 11), (new_root(),), number=20),
        "2035": Stamp(late, year(2035), (new_root(),), number=30),
    }
    return [known[name] for name in names]


def old_file(*names: str) -> Workshop:
    made = Workshop(world=world())
    made.stamps = stamps(made, *names)
    return made.made()


def found(made: Workshop, at: datetime, change: Change | None = None) -> tuple[dict[str, str], dict[str, str]]:
    """What both find, trusting the old root and the new one."""
    anchors = [made.world.root.certificate, new_root().certificate]
    data = made.sealed(change)
    return product(data, anchors, at), stranger(data, anchors, at)


RENEWED = ("2025", "2026", "2030", "2035")


def test_every_certificate_of_the_signatures_has_ended_by_then() -> None:
    made = world()

    identities = [made.root, made.gca, made.stamper, *made.cards.values()]

    assert all(one.certificate.not_valid_after_utc < TEN_YEARS_ON for one in identities)


def test_a_payment_is_proved_ten_years_on_by_stamps_renewed_in_time() -> None:
    assert found(old_file(*RENEWED), TEN_YEARS_ON) == ({}, {})


@pytest.mark.threat("evidence-renewal-missed")
@pytest.mark.parametrize("kept", [("2025",), ("2025", "2030", "2035"), ("2025", "2026"), ("2025", "2026", "2035")])
def test_where_a_renewal_was_missed_nothing_is_proved(kept: tuple[str, ...]) -> None:
    by_product, by_stranger = found(old_file(*kept), TEN_YEARS_ON)

    assert by_product == {"renewal": "evidence_renewal"}
    assert list(by_stranger) == ["renewal"]


def test_the_same_file_stops_holding_when_its_last_stamp_ends() -> None:
    made = old_file(*RENEWED)

    assert found(made, year(2039, 12)) == ({}, {})
    by_product, by_stranger = found(made, year(2040, 2))

    assert (by_product, list(by_stranger)) == ({"renewal": "evidence_renewal"}, ["renewal"])


@pytest.mark.threat("evidence-renewal-missed")
def test_a_stamp_made_up_later_with_an_old_key_is_not_in_the_log() -> None:
    """Whoever has come by the key of an authority that has ended stamps as of any day; the log was not told of it."""
    made = old_file(*RENEWED)
    first = stamps(made, "2025")[0]
    forged = token(first.by, made.parts["log/heads/4.note"], first.at - timedelta(hours=1))

    by_product, by_stranger = found(made, TEN_YEARS_ON, lambda parts: parts.update({"log/heads/4.tst": forged}))

    assert by_product == {"renewal": "evidence_renewal"} and list(by_stranger) == ["renewal"]


@pytest.mark.threat("evidence-renewal-missed")
def test_a_stamp_whose_authority_was_revoked_before_the_next_one_covers_nothing() -> None:
    made = old_file(*RENEWED)
    made.world.gca.revoke(made.world.stamper, year(2025, 9))
    later = made.world.gca.crl(5, at=year(2026, 1))

    def change(parts: dict[str, bytes]) -> None:
        Workshop._list(made, later)
        parts |= made.parts

    by_product, by_stranger = found(made, TEN_YEARS_ON, change)

    assert by_product == {"renewal": "evidence_renewal"} and list(by_stranger) == ["renewal"]


def test_a_stamp_of_a_later_day_than_the_next_one_is_found() -> None:
    made = Workshop(world=world())
    (first,) = stamps(made, "2025")
    made.stamps = [replace(first, at=AT + timedelta(hours=10)), replace(first, at=AT + timedelta(hours=9), number=1)]

    by_product, by_stranger = found(made.made(), AT + timedelta(days=1))

    assert by_product["renewal"] == "evidence_renewal" and "renewal" in by_stranger


def test_a_file_checked_as_of_a_day_before_its_stamps_does_not_hold() -> None:
    by_product, by_stranger = found(stamped(), AT)

    assert by_product == {"renewal": "evidence_renewal"} and list(by_stranger) == ["renewal"]
