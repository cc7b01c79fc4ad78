"""Public addresses of agencies: registering, ending, refusing requests from anywhere else (A-2.2)."""

from datetime import date, timedelta

from django.db import transaction

from agencies.authority import authorize
from agencies.models import AgencyAddress, RefusedAddress
from agencies.networks import network_of
from agencies.selectors import address_is_registered, agency_by_code
from agencies.terms import not_over
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.acts import act_remember
from treasury.core.errors import Problem

# A network so wide that it says nothing about who asks.
_WIDEST_PREFIX = {4: 8, 6: 16}


def address_register(
    *,
    agency_code: str,
    network: str,
    actor: Actor,
    from_on: date | None = None,
    to_on: date | None = None,
    note: str = "",
) -> AgencyAddress:
    """Registers an address or network (IPv4, IPv6, CIDR) of an agency from a day on (default: today).

    One that is open already is returned as it stands. Problems: `unknown_agency` (404), `bad_address`,
    `network_too_wide`, `bad_dates`, 403 when the actor may not.
    """
    start = from_on or clock.today()
    _authorize(actor, agency_code)
    agency = agency_by_code(agency_code)
    given = network_of(network)
    if given.prefixlen < _WIDEST_PREFIX[given.version]:
        raise Problem("network_too_wide", f"{given} is too wide a network for one agency", path="/network")
    if to_on is not None and to_on < start:
        raise Problem("bad_dates", f"the address would end on {to_on}, before it begins on {start}", path="/to_on")
    with transaction.atomic():
        type(agency).objects.select_for_update().get(pk=agency.pk)
        rows = AgencyAddress.objects.filter(agency=agency, network=str(given))
        known = rows.filter(not_over(start)).first()
        if known is not None:
            return known
        row = AgencyAddress.objects.create(
            agency=agency,
            network=str(given),
            valid_from_on=start,
            valid_to_on=to_on,
            note=note[:100],
            registered_by=actor.name,
        )
        details = {"network": row.network, "from_on": start.isoformat(), "to_on": to_on.isoformat() if to_on else ""}
        act_remember("agency_address", agency.pk, "register", actor=actor, because=note[:100], details=details)
    return row


def address_end(*, address_id: int, actor: Actor, on: date | None = None) -> AgencyAddress:
    """Ends a registered address: `on` (default: today) is its first day without; one that has ended stays as it is.

    Problem `unknown_address` (404), 403 when the actor may not.
    """
    first_day_without = on or clock.today()
    with transaction.atomic():
        rows = AgencyAddress.objects.select_for_update(of=("self",)).select_related("agency")
        row = rows.filter(pk=address_id).first()
        if row is None:
            raise Problem("unknown_address", f"there is no registered address {address_id}", status=404)
        _authorize(actor, row.agency.code)
        if row.valid_to_on is None or row.valid_to_on >= first_day_without:
            row.valid_to_on = max(row.valid_from_on, first_day_without - timedelta(days=1))
            row.save(update_fields=["valid_to_on"])
            details = {"network": row.network, "to_on": row.valid_to_on.isoformat()}
            act_remember("agency_address", row.agency_id, "end", actor=actor, details=details)
    return row


def address_require(agency_code: str, address: str, *, path: str, what: str) -> None:
    """Problem `address_not_registered` (403), kept in the log of refused requests, unless an address is registered.

    `path` is what was asked for, `what` who asked: a user name or a client id (A-2.2).
    """
    if address_is_registered(agency_code, address, clock.today()):
        return
    address_refuse(agency_code=agency_code, address=address, path=path, what=what)
    raise Problem("address_not_registered", f"{address} is no registered address of {agency_code}", status=403)


def address_refuse(*, agency_code: str, address: str, path: str, what: str) -> RefusedAddress:
    """Writes a refused request into the log that the treasury's administrator reads (A-2.2)."""
    return RefusedAddress.objects.create(
        at=clock.now(), agency_code=agency_code, address=address[:45], path=path[:200], what=what[:200]
    )


def _authorize(actor: Actor, agency_code: str) -> None:
    authorize(
        actor=actor,
        permission="agencies.register_address",
        agency_code=agency_code,
        earlier=(),
        on=clock.today(),
    )
