"""Reading agencies, people with their roles, and the bank directory as they stand on a day."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from agencies.delegations import assignments_on, delegations_on
from agencies.models import (
    Agency,
    AgencyAddress,
    BankBranch,
    User,
    WebhookDelivery,
    WebhookSubscription,
)
from agencies.networks import address_of_text, stored_network
from agencies.roles import AGENCY_ROLES
from agencies.terms import in_force, not_over
from treasury.core.actors import Actor
from treasury.core.errors import Problem


class HeldRole(NamedTuple):
    """A role and where it is held (`agency_code` empty: at the treasury)."""

    role: str
    agency_code: str


def agencies() -> QuerySet[Agency]:
    """Every agency, by code."""
    return Agency.objects.order_by("code")


def agency_by_code(agency_code: str) -> Agency:
    """The agency of a code; Problem `unknown_agency` (404)."""
    agency = Agency.objects.filter(code=agency_code).first()
    if agency is None:
        raise Problem("unknown_agency", f"there is no agency {agency_code!r}", status=404)
    return agency


def roles_of(user_id: int, on: date) -> frozenset[HeldRole]:
    """The roles a person holds on a day, those of a delegated signer among them; none for an account that is switched
    off. One query (B-6.3)."""
    own = assignments_on(on).filter(user_id=user_id).values_list("role", "agency__code")
    lent = delegations_on(on).filter(user_id=user_id).order_by().values_list("principal_capacity", "agency__code")
    return frozenset(HeldRole(role, agency_code or "") for role, agency_code in own.union(lent))


def person_for(agency_code: str, role: str, on: date) -> User:
    """The person who holds a role at an agency (empty: the treasury) on a day, the first by user name.

    Problem `no_person` when nobody does.
    """
    rows = assignments_on(on).filter(role=role).order_by("user__username").select_related("user")
    row = rows.filter(_at(agency_code)).first()
    if row is None:
        raise Problem("no_person", f"nobody is {role} of {agency_code or 'the treasury'} on {on}")
    return row.user


def actor_for(agency_code: str, role: str, on: date, *, address: str = "") -> Actor:
    """The person of `person_for` as one who acts in that role."""
    return actor_of(person_for(agency_code, role, on), role, address=address)


def actor_of(user: User, role: str, *, address: str = "") -> Actor:
    """A person acting in a role where the account belongs; whether the role is held is not asked here."""
    return Actor(
        user_id=user.pk,
        name=user.display_name or user.username,
        role=str(role),
        agency_code="" if role not in AGENCY_ROLES else user.agency_code,
        address=address,
    )


def actors_on(on: date, agency_codes: Iterable[str] | None = None) -> dict[HeldRole, Actor]:
    """One actor for every role held anywhere (or at the agencies given) on a day, in one query.

    The same choice as `person_for`; the treasury's roles stand under the empty agency code.
    """
    rows = assignments_on(on).select_related("user", "agency").order_by("-user__username")
    if agency_codes is not None:
        codes = set(agency_codes)
        at_treasury = Q(agency__isnull=True) if "" in codes else Q(pk__in=())
        rows = rows.filter(Q(agency__code__in=codes) | at_treasury)
    return {HeldRole(row.role, row.agency.code if row.agency else ""): actor_of(row.user, row.role) for row in rows}


def holders_of(agency_codes: Iterable[str], role: str, on: date) -> dict[str, list[int]]:
    """The ids of whoever holds a role at each of some agencies on a day, in one query."""
    found: dict[str, list[int]] = defaultdict(list)
    rows = assignments_on(on).filter(role=role, agency__code__in=set(agency_codes)).order_by("user_id")
    for agency_code, user_id in rows.values_list("agency__code", "user_id"):
        found[agency_code].append(user_id)
    return found


def address_is_registered(agency_code: str, address: str, on: date) -> bool:
    """Whether an address belongs to a network that an agency has registered on a day; one query (A-2.2).

    An agency without any registered address has none that fits.
    """
    asked = address_of_text(address)
    if asked is None:
        return False
    rows = AgencyAddress.objects.filter(in_force(on), agency__code=agency_code)
    networks = (stored_network(text) for text in rows.values_list("network", flat=True))
    return any(asked in network for network in networks if asked.version == network.version)


def bank_codes(on: date) -> frozenset[str]:
    """The bank codes (7 digits) that money can be sent to on a day (B-15.1)."""
    return frozenset(_branches(on).values_list("bank_code", flat=True))


def bank_branch(bank_code: str, *, on: date | None = None) -> BankBranch:
    """The branch of a bank code, as it stands on a day or as last known; Problem `unknown_bank` (404)."""
    rows = BankBranch.objects.all() if on is None else _branches(on)
    branch = rows.filter(bank_code=bank_code).order_by("-id").first()
    if branch is None:
        raise Problem("unknown_bank", f"there is no bank code {bank_code!r}", status=404)
    return branch


def bank_names(bank_codes: Iterable[str]) -> dict[str, str]:
    """Institution and branch name of each bank code known, as last known, in one query."""
    rows = BankBranch.objects.filter(bank_code__in=set(bank_codes)).order_by("id")
    return {row.bank_code: row.institution_name + row.branch_name for row in rows}


def banks_matching(text: str, on: date, *, most: int = 12) -> list[BankBranch]:
    """Branches that money can be sent to, by the beginning of their code or by words of their name (臺灣 公庫)."""
    rows = _branches(on).order_by("bank_code")
    for word in text.split():
        if word.isdecimal():
            rows = rows.filter(bank_code__startswith=word)
        else:
            rows = rows.filter(Q(institution_name__icontains=word) | Q(branch_name__icontains=word))
    return list(rows[:most]) if text.strip() else []


def bank_branches(on: date) -> QuerySet[BankBranch]:
    """The branches that money can be sent to on a day, as they were registered (B-15.1)."""
    return _branches(on).order_by("pk")


def webhook_of(webhook_id: int, *, client_id: int) -> WebhookSubscription:
    """A subscription of a client that has not ended; Problem `not_found` (404) for any other."""
    row = WebhookSubscription.objects.filter(pk=webhook_id, client_id=client_id, ended_at__isnull=True).first()
    if row is None:
        raise Problem("not_found", f"there is no subscription {webhook_id}", status=404)
    return row


def webhooks_open() -> QuerySet[WebhookSubscription]:
    """Every subscription that has not ended, with its client."""
    rows = WebhookSubscription.objects.filter(ended_at__isnull=True, client__revoked_at__isnull=True)
    return rows.select_related("client").order_by("pk")


def deliveries_of(agency_code: str = "") -> QuerySet[WebhookDelivery]:
    """Messages to the clients of an agency (empty: of all), with subscription and client, newest first."""
    rows = WebhookDelivery.objects.select_related("subscription__client").order_by("-pk")
    return rows.filter(subscription__client__agency_id=agency_code) if agency_code else rows


def _at(agency_code: str) -> Q:
    return Q(agency__code=agency_code) if agency_code else Q(agency__isnull=True)


def _branches(on: date) -> QuerySet[BankBranch]:
    return BankBranch.objects.filter(Q(valid_from_on__isnull=True) | Q(valid_from_on__lte=on), not_over(on))
