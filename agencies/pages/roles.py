"""Roles of a person: given from a day to a day, ended by a day, with the reason (A-2.3)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.pages.access import actor_in, needs
from agencies.pages.forms import sent
from agencies.pages.person import person_for_reader, person_page
from agencies.pages.role_forms import GrantForm, RevokeForm, role_choices
from agencies.roles import Role
from agencies.services.people import role_grant, role_revoke
from treasury.core.errors import Problem


@require_POST
@needs("agencies.grant_role")
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives a person a role."""
    actor = actor_in(request)
    user = person_for_reader(actor, pk)
    form = GrantForm(request.POST, choices=role_choices(user))

    def effect(given: dict[str, Any]) -> str:
        role_grant(user_id=user.pk, actor=actor, **given)
        return reverse("agencies:person", args=[user.pk])

    return sent(request, form, effect) or person_page(request, user, grant=form)


@require_POST
@needs("agencies.grant_role")
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a role of a person."""
    actor = actor_in(request)
    user = person_for_reader(actor, pk)
    form = RevokeForm(request.POST)

    def effect(given: dict[str, Any]) -> str:
        if given["role"] not in Role.values:
            raise Problem("not_found", f"there is no role {given['role']!r}", status=404)
        role_revoke(user_id=user.pk, actor=actor, **given)
        return reverse("agencies:person", args=[user.pk])

    return sent(request, form, effect) or person_page(request, user, revoke=form)
