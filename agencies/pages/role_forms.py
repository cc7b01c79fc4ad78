"""The forms of a role: given from a day to a day, ended by a day; which roles there are at a place."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.duty import ROLE_SEPARATIONS
from agencies.models import User
from agencies.pages.forms import PageForm, RocDateField
from agencies.roles import AGENCY_ROLES, TREASURY_ROLES
from treasury.core.texts import either


class GrantForm(PageForm):
    """A role, its days, and why."""

    role = forms.ChoiceField(label=_("角色"))
    from_on = RocDateField(label=_("起日"), required=False, help_text=_("例如 114/3/10；不填為今天。"))
    to_on = RocDateField(label=_("迄日"), required=False, help_text=_("最後一天；不填為不定期。"))
    because = forms.CharField(label=_("依據或說明"), max_length=200, required=False)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("請選擇")), *choices]  # type: ignore[attr-defined]


class RevokeForm(PageForm):
    """The first day without a role, and why."""

    role = forms.CharField(widget=forms.HiddenInput, label=_("角色"))
    on = RocDateField(
        label=_("自哪一天起不再擔任"),
        required=False,
        help_text=_("例如 114/3/10；不填為今天起。"),
        widget=forms.TextInput,
    )
    because = forms.CharField(label=_("依據或說明"), max_length=200, required=False)


def role_choices(user: User) -> list[tuple[str, str]]:
    """(value, title) of the roles of the place a person belongs to."""
    roles = AGENCY_ROLES if user.agency_code else TREASURY_ROLES
    return [(str(role), either(str(role.label), role.title_en)) for role in roles]


def roles_in_words(user: User) -> list[tuple[str, str]]:
    """Which roles of a person's place nobody holds together, in words."""
    here = AGENCY_ROLES if user.agency_code else TREASURY_ROLES
    return [
        (either(str(rule.role_a.label), rule.role_a.title_en), either(str(rule.role_b.label), rule.role_b.title_en))
        for rule in ROLE_SEPARATIONS
        if rule.role_a in here and rule.role_b in here
    ]
