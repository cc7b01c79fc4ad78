"""One's own account: changing the password, at the first login because one must."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from agencies.models import User
from agencies.pages.access import whoever_is_in
from agencies.pages.acting import address_of
from agencies.pages.forms import PageForm, shown
from agencies.services.accounts import password_change
from treasury.core.actors import Actor
from treasury.core.errors import Problem


class PasswordForm(PageForm):
    """The present password, and the new one twice."""

    old = forms.CharField(
        label=gettext_lazy("目前的密碼"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("新密碼"),
        strip=False,
        help_text=gettext_lazy("至少 12 個字元；不要用常見的密碼或自己的姓名、帳號。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("再輸入一次新密碼"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Both spellings of the new password agree."""
        given = super().clean() or {}
        if "new" in given and "again" in given and given["new"] != given["again"]:
            self.add_error("again", ValidationError(_("兩次輸入的新密碼不一樣。")))
        return given


@never_cache
@sensitive_post_parameters()
@whoever_is_in
def password(request: HttpRequest) -> HttpResponse:
    """Changes one's own password; the session goes on, every other one of the account ends."""
    user: User = request.user  # type: ignore[assignment]
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actor = request.actor or Actor(  # type: ignore[attr-defined]
            user.pk, user.display_name or user.username, "", user.agency_code, address_of(request)
        )
        try:
            changed = password_change(
                user=user, old=form.cleaned_data["old"], new=form.cleaned_data["new"], actor=actor
            )
        except Problem as problem:
            form.take(problem)
        else:
            update_session_auth_hash(request, changed)
            messages.success(request, _("密碼已變更。"))
            return HttpResponseRedirect(reverse("agencies:home"))
    return shown(request, "agencies/password.html", {"form": form, "must": user.must_change_password}, form)
