"""Accounts: switching them off and on, passwords that somebody else knows, the password of one's own."""

from typing import Final

from django.db import transaction
from django.utils.crypto import get_random_string

from agencies.authority import authorize
from agencies.models import ApiClient, User
from agencies.services.people import require_strong
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.acts import act_remember
from treasury.core.errors import Problem

# No letter or digit that looks like another.
_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"


def initial_password() -> str:
    """A password for a first login, four groups of four, without look-alikes (about 80 bits)."""
    return "-".join(get_random_string(4, _LETTERS) for _ in range(4))


def person_switch(*, user_id: int, is_active: bool, actor: Actor, because: str = "") -> User:
    """Switches an account off (nobody logs in with it, its roles do not count) or on again.

    Problems: `unknown_person` (404), `own_account` (403), 403 when the actor may not. An account that already stands
    so stays as it is.
    """
    with transaction.atomic():
        user = _held(user_id, actor)
        if user.is_active != is_active:
            user.is_active = is_active
            user.save(update_fields=["is_active"])
            verb = "switch_on" if is_active else "switch_off"
            act_remember("person", user.pk, verb, actor=actor, because=because)
    return user


def password_reset(*, user_id: int, actor: Actor) -> str:
    """Gives an account another initial password and returns it; it must be changed at the next login.

    Whoever is logged in with the account is logged out. Problems as in `person_switch`, and `technical_account` (403)
    for that of an accounting system: what it did nobody shall have done by hand.
    """
    password = initial_password()
    with transaction.atomic():
        user = _held(user_id, actor)
        if ApiClient.objects.filter(user=user).exists():
            raise Problem("technical_account", f"{user} is the account of an accounting system", status=403)
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        act_remember("person", user.pk, "reset_password", actor=actor)
    return password


def password_change(*, user: User, old: str, new: str, actor: Actor) -> User:
    """Changes one's own password. Problems: `wrong_password`, `same_password`, `weak_password`."""
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        if not row.check_password(old):
            raise Problem("wrong_password", "this is not the present password", path="/old")
        if old == new:
            raise Problem("same_password", "the new password is the old one", path="/new")
        require_strong(new, username=row.username, display_name=row.display_name, path="/new")
        row.set_password(new)
        row.must_change_password = False
        row.save(update_fields=["password", "must_change_password"])
        act_remember("person", row.pk, "change_password", actor=actor)
    return row


def _held(user_id: int, actor: Actor) -> User:
    """The account, locked, when the actor may change it and it is not their own."""
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise Problem("unknown_person", f"there is no person {user_id}", status=404)
    authorize(
        actor=actor,
        permission="agencies.create_person",
        agency_code=user.agency_code,
        earlier=(),
        on=clock.today(),
    )
    if actor.user_id == user.pk:
        raise Problem("own_account", f"{actor.name} may not do this to their own account", status=403)
    return user
