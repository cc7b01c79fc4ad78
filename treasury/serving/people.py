"""Everybody who can log in to the served treasury: one password for this run, cards for those who sign."""

import secrets
from datetime import date
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password

from agencies.models import Agency, User
from agencies.roles import Role
from agencies.services import staff_provide, treasury_staff_provide
from treasury.day import tables
from treasury.day.people import People
from treasury.day.request import DayRequest
from treasury.embedded.places import Places

SAMPLE = Path(settings.BASE_DIR) / "demo" / "sample_day"
FISCAL_YEAR = 114


def people_provide(on: date) -> tuple[People, str]:
    """Loads the sample's tables, its people, and a password for this run; returns the people and the password."""
    request = DayRequest(
        on=on,
        vouchers=SAMPLE / "day1",
        out=Places.here().root / "serve",
        agencies=SAMPLE / "agencies.csv",
        cases=SAMPLE / "advance_cases.csv",
        budget=SAMPLE / "budget.csv",
        fiscal_year=FISCAL_YEAR,
        banks=SAMPLE / "banks.csv",
    )
    tables.load(request)
    treasury_staff_provide()
    staff_provide(agency_codes=Agency.objects.values_list("code", flat=True))
    password = secrets.token_urlsafe(9)
    readers = [Role.AUDITOR, Role.TREASURY_ADMIN]
    User.objects.filter(role_assignments__role__in=readers).update(is_staff=True)
    people = People()
    names = [f"{held.agency_code or 'treasury'}-{held.role}" for held in people.held]
    User.objects.filter(username__in=names).update(password=make_password(password))
    return people, password
