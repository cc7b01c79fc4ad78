"""Delegated signers (授權代簽人): appointed by the head and by the chief accountant, each for their own capacity."""

from typing import ClassVar, Final

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agencies.roles import Role

PRINCIPALS: Final = (Role.HEAD, Role.ACCOUNTANT)


class Delegation(models.Model):
    """A person of the establishment signs in the place of the head or the chief accountant, from a day to a day
    (none: until ended); ended by a date, never deleted (B-6.3)."""

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="delegations")
    principal_capacity = models.CharField(max_length=20, choices=Role)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations")
    appointed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments")
    valid_from_on = models.DateField()
    valid_to_on = models.DateField(null=True)
    because = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        verbose_name = "授權代簽"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["user", "principal_capacity"], name="delegation_of_user")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="delegation_of_principal", condition=Q(principal_capacity__in=[str(one) for one in PRINCIPALS])
            ),
            models.CheckConstraint(name="delegation_to_another", condition=~Q(user=F("appointed_by"))),
            models.CheckConstraint(
                name="delegation_dates_in_order",
                condition=Q(valid_to_on__isnull=True) | Q(valid_to_on__gte=F("valid_from_on")),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="appointment_fixed",
                fields=["agency", "principal_capacity", "user", "appointed_by", "valid_from_on"],
            ),
            pgtrigger.Protect(
                name="never_longer",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.valid_to_on IS NOT NULL AND (NEW.valid_to_on IS NULL OR NEW.valid_to_on > OLD.valid_to_on)"
                ),
            ),
            # On the establishment of that agency, and for one of the two certifiers only on any day.
            pgtrigger.Trigger(
                name="establishment_one_side",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                declare=[("person", "agencies_user"), ("place", "text")],
                func="""
                    SELECT * INTO person FROM agencies_user WHERE id = NEW.user_id FOR UPDATE;
                    SELECT code INTO place FROM agencies_agency WHERE id = NEW.agency_id;
                    IF NOT person.is_establishment OR person.agency_code <> place THEN
                        RAISE EXCEPTION 'delegate % is not on the establishment of %', person.username, place;
                    END IF;
                    IF EXISTS (
                        SELECT FROM agencies_delegation AS other WHERE other.user_id = NEW.user_id
                        AND other.principal_capacity <> NEW.principal_capacity
                        AND other.valid_from_on <= COALESCE(NEW.valid_to_on, 'infinity')
                        AND NEW.valid_from_on <= COALESCE(other.valid_to_on, 'infinity')
                    ) OR EXISTS (
                        SELECT FROM agencies_roleassignment AS held WHERE held.user_id = NEW.user_id
                        AND held.role IN ('head', 'accountant') AND held.role <> NEW.principal_capacity
                        AND held.valid_from_on <= COALESCE(NEW.valid_to_on, 'infinity')
                        AND NEW.valid_from_on <= COALESCE(held.valid_to_on, 'infinity')
                    ) THEN
                        RAISE EXCEPTION 'delegate % would sign for both certifiers', person.username;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.principal_capacity}"
