"""One person: the account and its password, roles with their days, requests, who did what."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from agencies.models import RoleAssignment, User
from agencies.pages.access import actor_in, needs, require_sees
from agencies.pages.memory import memory_of
from agencies.pages.role_forms import GrantForm, RevokeForm, role_choices, roles_in_words
from agencies.selectors import agency_by_code
from agencies.services.accounts import password_reset, person_switch
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.pages.submissions import submit_once


@needs("agencies.create_person")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: account, roles with their days, requests, and who did what to the account."""
    user = person_for_reader(actor_in(request), pk)
    return person_page(request, user)


@require_POST
@needs("agencies.create_person")
def person_switch_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Switches an account off or on."""
    actor = actor_in(request)
    user = person_for_reader(actor, pk)
    is_active = request.POST.get("is_active") == "1"
    because = request.POST.get("because", "").strip()

    def effect() -> str:
        person_switch(user_id=user.pk, is_active=is_active, actor=actor, because=because)
        return person_address(user.pk)

    return submit_once(request, effect)


@never_cache
@require_POST
@needs("agencies.create_person")
def person_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Another initial password, shown once."""
    actor = actor_in(request)
    user = person_for_reader(actor, pk)
    made: list[str] = []

    def effect() -> str:
        made.append(password_reset(user_id=user.pk, actor=actor))
        return person_address(user.pk)

    answer = submit_once(request, effect)
    return password_page(request, user, made[0]) if made else answer


def person_for_reader(actor: Actor, pk: int) -> User:
    """A person the reader may know of; Problem `not_found` (404) otherwise."""
    user = User.objects.filter(pk=pk).first()
    if user is None:
        raise Problem("not_found", f"there is no person {pk}", status=404)
    require_sees(actor, user.agency_code, f"person {pk}")
    return user


def person_page(
    request: HttpRequest, user: User, *, grant: GrantForm | None = None, revoke: RevokeForm | None = None
) -> HttpResponse:
    """The page of a person, with the forms as they were sent when one was refused."""
    actor = actor_in(request)
    assignments = list(user.role_assignments.order_by("-valid_from_on", "role"))
    today = clock.today()
    grant = grant or GrantForm(choices=role_choices(user))
    context = {
        "person": user,
        "place": place_name(user.agency_code),
        "now": [row for row in assignments if ends_on_or_after(row, today)],
        "earlier": [row for row in assignments if not ends_on_or_after(row, today)],
        "grant": grant,
        "revoke": revoke or RevokeForm(),
        "conflicts": roles_in_words(user),
        "is_self": actor.user_id == user.pk,
        "requests": user.access_requests.order_by("-id")[:20],
        "entries": memory_of("person", user.pk),
        "errors": [*grant.error_list] if grant.is_bound else revoke.error_list if revoke else [],
    }
    status = 422 if context["errors"] else 200
    return render(request, "agencies/person.html", context, status=status)


def password_page(request: HttpRequest, user: User, password: str) -> HttpResponse:
    """The one page that shows an initial password."""
    return render(request, "agencies/person_password.html", {"person": user, "password": password})


def place_name(agency_code: str) -> str:
    """An agency's name, or the treasury's word for itself."""
    return agency_by_code(agency_code).name if agency_code else _("公庫")


def person_address(pk: int) -> str:
    """Where a person's page is."""
    return reverse("agencies:person", args=[pk])


def ends_on_or_after(row: RoleAssignment, on: date) -> bool:
    """Whether a role is still held on a day, or will be."""
    return row.valid_to_on is None or row.valid_to_on >= on
