"""Agencies, people, the roles they hold from day to day, and the bank directory."""

from typing import ClassVar, Final

import pgtrigger
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField

from agencies.client_models import ApiClient, DeliveryState, WebhookDelivery, WebhookSubscription
from agencies.delegation_models import Delegation
from agencies.filter_models import SavedFilter
from agencies.roles import AGENCY_ROLES, TREASURY_ROLES, Role
from agencies.states import ACCESS_REQUEST, STATES
from treasury.core.models import APPEND_ONLY
from treasury.core.steps import governed_by

NAME_LENGTH: Final = 80

__all__ = [
    "AccessRequest",
    "Agency",
    "AgencyAddress",
    "AgencyKind",
    "AgencyMode",
    "ApiClient",
    "BankBranch",
    "Delegation",
    "DeliveryState",
    "RefusedAddress",
    "RoleAssignment",
    "SavedFilter",
    "User",
    "WebhookDelivery",
    "WebhookSubscription",
]


class AgencyKind(models.TextChoices):
    """機關, 學校, 議會 (B-39)."""

    AGENCY = "agency", "機關"
    SCHOOL = "school", "學校"
    COUNCIL = "council", "議會"


class AgencyMode(models.TextChoices):
    """How far an agency has come: preparing, paying on both tracks, live (A-2.5, A-2.6)."""

    ONBOARDING = "onboarding", "準備中"
    PARALLEL = "parallel", "平行測試"
    LIVE = "live", "正式實施"


class Agency(models.Model):  # type: ignore[django-manager-missing]  # the library of clients has no types
    """A spending agency (支用機關); codes are set by the accounting office (B-3.1)."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=AgencyKind, default=AgencyKind.AGENCY)
    mode = models.CharField(max_length=10, choices=AgencyMode, default=AgencyMode.ONBOARDING)

    class Meta:
        ordering: ClassVar = ["code"]
        verbose_name = "支用機關"
        constraints: ClassVar = [
            models.CheckConstraint(name="agency_kind_known", condition=Q(kind__in=AgencyKind.values)),
            models.CheckConstraint(name="agency_mode_known", condition=Q(mode__in=AgencyMode.values)),
            models.CheckConstraint(name="agency_named", condition=~Q(code="") & ~Q(name="")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class User(AbstractUser):  # type: ignore[django-manager-missing]  # the same
    """A person with an account: of one agency, or of the treasury (`agency_code` empty)."""

    display_name = models.CharField(max_length=NAME_LENGTH)
    agency_code = models.CharField(max_length=20, default="", blank=True)
    # 編制內人員: only they may sign by delegation or collect cheques (B-6.3, B-17.3).
    is_establishment = models.BooleanField(default=True)
    # Somebody else knows the password: the person chooses another before anything else.
    must_change_password = models.BooleanField(default=False)

    class Meta(AbstractUser.Meta):
        indexes: ClassVar = [models.Index(fields=["agency_code"], name="user_agency")]

    def __str__(self) -> str:
        return f"{self.username} {self.display_name}"


class RoleAssignment(models.Model):
    """A role held by a person from a day on; ended by a date, never deleted (C-55.13 counts the years)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_assignments")
    role = models.CharField(max_length=20, choices=Role)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="role_assignments")
    valid_from_on = models.DateField()
    valid_to_on = models.DateField(null=True)
    granted_by = models.CharField(max_length=80)

    class Meta:
        verbose_name = "角色"
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="role_held_once",
                fields=["user", "role", "agency"],
                condition=Q(valid_to_on__isnull=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="role_on_its_side",
                condition=Q(role__in=[str(role) for role in AGENCY_ROLES], agency__isnull=False)
                | Q(role__in=[str(role) for role in TREASURY_ROLES], agency__isnull=True),
            ),
            models.CheckConstraint(
                name="role_dates_in_order",
                condition=Q(valid_to_on__isnull=True) | Q(valid_to_on__gte=F("valid_from_on")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "role"], name="role_of_agency")]
        triggers: ClassVar = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="own_agency",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                declare=[("home", "text"), ("place", "text")],
                func="""
                    SELECT agency_code INTO home FROM agencies_user WHERE id = NEW.user_id;
                    SELECT code INTO place FROM agencies_agency WHERE id = NEW.agency_id;
                    IF home <> COALESCE(place, '') THEN
                        RAISE EXCEPTION 'a role at agency "%" for a person of "%"', COALESCE(place, ''), home;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role}"


@governed_by(ACCESS_REQUEST)
class AccessRequest(models.Model):
    """A person asks for a role, with a reason; an administrator of the place grants or refuses it (A-2.3)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="access_requests")
    # Where the person belongs when asking (empty: the treasury).
    agency_code = models.CharField(max_length=20, blank=True)
    role = models.CharField(max_length=20, choices=Role)
    wanted_from_on = models.DateField()
    wanted_to_on = models.DateField(null=True)
    reason = models.CharField(max_length=200)
    state = FSMField(default="requested", protected=True, choices=[(name, zh) for name, (zh, _) in STATES.items()])
    requested_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, default="", blank=True)
    decision = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        verbose_name = "權限申請"
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="access_request_open_once", fields=["user", "role"], condition=Q(state="requested")
            ),
            models.CheckConstraint(
                name="access_request_dates_in_order",
                condition=Q(wanted_to_on__isnull=True) | Q(wanted_to_on__gte=F("wanted_from_on")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency_code", "state", "id"], name="access_request_queue")]
        triggers: ClassVar = [
            *ACCESS_REQUEST.triggers(),
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.state}"


class AgencyAddress(models.Model):
    """A public address or network from which an agency connects, from a day on (A-2.2); ended, never deleted."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="addresses")
    # CIDR in its shortest spelling: `203.0.113.7/32`, `2001:db8::/48`.
    network = models.CharField(max_length=43)
    valid_from_on = models.DateField()
    valid_to_on = models.DateField(null=True)
    note = models.CharField(max_length=100, default="", blank=True)
    registered_by = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["agency_id", "id"]
        verbose_name = "公眾位址"
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="address_open_once", fields=["agency", "network"], condition=Q(valid_to_on__isnull=True)
            ),
            models.CheckConstraint(name="address_given", condition=~Q(network="")),
            models.CheckConstraint(
                name="address_dates_in_order",
                condition=Q(valid_to_on__isnull=True) | Q(valid_to_on__gte=F("valid_from_on")),
            ),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.network}"


class RefusedAddress(models.Model):
    """A request for an agency that came from an address nobody registered (A-2.2): what was asked, and by whom."""

    at = models.DateTimeField()
    agency_code = models.CharField(max_length=20)
    address = models.CharField(max_length=45)
    path = models.CharField(max_length=200)
    # The user name of a person, the client id of an accounting system.
    what = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        verbose_name = "拒絕連線紀錄"
        indexes: ClassVar = [models.Index(fields=["agency_code", "id"], name="refused_of_agency")]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.at} {self.agency_code} {self.address}"


class BankBranch(models.Model):
    """A branch that money can be sent to: institution (3 digits) and branch (4 digits) are its bank code.

    The directory does not say since when a branch exists, so `valid_from_on` is empty until one comes
    back after having been closed. A branch that a newer directory no longer lists is closed by
    `valid_to_on` (its last day); `successor_code` names the branch that took over its accounts.
    """

    bank_code = models.CharField(max_length=7)
    institution_code = models.CharField(max_length=3)
    institution_name = models.CharField(max_length=60)
    branch_name = models.CharField(max_length=60)
    address = models.CharField(max_length=120, default="", blank=True)
    valid_from_on = models.DateField(null=True)
    valid_to_on = models.DateField(null=True)
    successor_code = models.CharField(max_length=7, default="", blank=True)

    class Meta:
        ordering: ClassVar = ["bank_code", "id"]
        verbose_name = "金融機構分支單位"
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="bank_code_open_once", fields=["bank_code"], condition=Q(valid_to_on__isnull=True)
            ),
            models.UniqueConstraint(
                name="bank_code_once_a_day", fields=["bank_code", "valid_from_on"], nulls_distinct=False
            ),
            models.CheckConstraint(name="bank_code_shape", condition=Q(bank_code__regex=r"^[0-9]{7}$")),
            models.CheckConstraint(
                name="bank_dates_in_order",
                condition=Q(valid_from_on__isnull=True)
                | Q(valid_to_on__isnull=True)
                | Q(valid_to_on__gte=F("valid_from_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank_code} {self.institution_name}{self.branch_name}"
