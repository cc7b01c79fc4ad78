"""The way in: login with lockout, the choice of a role, home."""

from typing import Any

from django.contrib.auth import views
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.pages.access import needs
from agencies.pages.acting import role_choose
from treasury.core.errors import Problem


class LoginPage(views.LoginView):
    """User name and password (argon2)."""

    template_name = "agencies/login.html"
    redirect_authenticated_user = True


class LogoutPage(views.LogoutView):
    """Ends the session."""


def locked_out(request: HttpRequest, credentials: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
    """The page after five wrong passwords: when to try again, whom to ask."""
    return render(request, "agencies/locked_out.html", {"credentials": credentials}, status=429)


@needs("")
def home(request: HttpRequest) -> HttpResponse:
    """The queues of the role with their counts, and what is due."""
    return render(request, "agencies/home.html")


@require_POST
@needs("")
def role(request: HttpRequest) -> HttpResponse:
    """Acts in another role that is held."""
    if not role_choose(request, request.POST.get("role", "")):
        raise Problem("role_missing", "this role is not held today", status=403, path="/role")
    return HttpResponseRedirect(reverse("agencies:home"))
