"""The way in: login with lockout, the choice of a role, home, how pages look, staying logged in."""

from typing import Any

from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from agencies.pages.access import actor_in, needs
from agencies.pages.acting import role_choose
from agencies.pages.frame import THEME, THEMES
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.pages.panels import panels_of
from treasury.core.pages.wanted import own_address

_A_YEAR_SECONDS = 365 * 24 * 60 * 60


class LoginForm(AuthenticationForm):
    """User name and password, with one answer for whatever is wrong with them."""

    error_messages = {
        "invalid_login": _("帳號或密碼不正確，請確認大小寫後再試一次。"),
        "inactive": _("帳號或密碼不正確，請確認大小寫後再試一次。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("帳號")
        self.fields["password"].label = _("密碼")
        self.fields["username"].error_messages["required"] = _("請填寫帳號。")
        self.fields["password"].error_messages["required"] = _("請填寫密碼。")


class LoginPage(views.LoginView):
    """User name and password (argon2)."""

    template_name = "agencies/login.html"
    form_class = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With every error and the field it leads to, for the summary."""
        context = super().get_context_data(**kwargs)
        form = context["form"]
        anchors = {name: f"#{form[name].id_for_label}" for name in form.fields}
        errors = [(text, anchors.get(name, "#id_username")) for name, texts in form.errors.items() for text in texts]
        return context | {"error_list": errors}


class LogoutPage(views.LogoutView):
    """Ends the session."""


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None, **kwargs: Any
) -> HttpResponse:
    """The page after five wrong passwords: when to try again, whom to ask."""
    again_at = clock.now() + settings.AXES_COOLOFF_TIME
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    context = {"username": (credentials or {}).get("username", ""), "again_at": again_at, "minutes": minutes}
    return render(request, "agencies/locked_out.html", context, status=429)


@needs("")
def home(request: HttpRequest) -> HttpResponse:
    """The queues of the role with their counts, and what is due."""
    panels = panels_of("home", None, actor_in(request))
    return render(request, "agencies/home.html", {"panels": panels})


@require_POST
@needs("")
def role(request: HttpRequest) -> HttpResponse:
    """Acts in another role that is held."""
    if not role_choose(request, request.POST.get("role", "")):
        raise Problem("role_missing", "this role is not held today", status=403, path="/role")
    return HttpResponseRedirect(reverse("agencies:home"))


@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the system has it: kept in a cookie, so that it holds before the login as well."""
    theme = request.POST.get("theme", "")
    goes_to = own_address(request, request.POST.get("next", "")) or reverse("agencies:home")
    response = HttpResponseRedirect(goes_to)
    if theme in THEMES:
        response.set_cookie(
            THEME, theme, max_age=_A_YEAR_SECONDS, samesite="Lax", httponly=True, secure=request.is_secure()
        )
    else:
        response.delete_cookie(THEME, samesite="Lax")
    return response


@needs("")
def alive(request: HttpRequest) -> HttpResponse:
    """A sign of life: the session goes on (every answered request prolongs it)."""
    return HttpResponse(status=204)
