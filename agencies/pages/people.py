"""People: who belongs to an agency or the treasury, opening accounts, switching them off, passwords (A-2.3)."""

from django import forms
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from agencies.models import NAME_LENGTH, RoleAssignment, User
from agencies.pages.access import actor_in, needs
from agencies.pages.forms import PageForm, shown
from agencies.pages.person import ends_on_or_after, password_page, person_address, place_name
from agencies.roles import TREASURY_ROLES, Role
from agencies.selectors import agency_by_code
from agencies.services.accounts import initial_password
from agencies.services.people import person_create
from agencies.terms import in_force
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.pages.listing import Filter, ListColumn, Listing
from treasury.core.pages.submissions import submit_once

_ROLES = [(str(role), str(role.label), role.title_en) for role in Role]


class PersonForm(PageForm):
    """Who gets an account."""

    username = forms.CharField(
        label=_("帳號"), max_length=NAME_LENGTH, help_text=_("登入用，不能與他人重複；設定後不能更改。")
    )
    display_name = forms.CharField(label=_("姓名"), max_length=NAME_LENGTH)
    is_establishment = forms.BooleanField(
        label=_("編制內人員"),
        required=False,
        initial=True,
        help_text=_("只有編制內人員可以代理簽章或領取支票。"),
    )


@needs("agencies.create_person")
def people(request: HttpRequest) -> HttpResponse:
    """The people of the own agency; for the treasury's administrator those of the treasury or of `?agency=`."""
    actor = actor_in(request)
    agency_code = _place(request, actor)
    rows = _people_of(agency_code)
    listing = Listing(request, rows, name="people", filters=_FILTERS, columns=_COLUMNS)
    if file := listing.export():
        return file
    for person in listing.shown:
        person.today = [row for row in person.assignments if _holds_today(row)]
    return render(
        request,
        "agencies/people.html",
        {"listing": listing, "place": place_name(agency_code), "agency_code": agency_code},
    )


@never_cache
@needs("agencies.create_person")
def person_new(request: HttpRequest) -> HttpResponse:
    """A new account; its initial password is shown once, on the answer to the form, and stored nowhere."""
    actor = actor_in(request)
    agency_code = _place(request, actor)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = initial_password()
        opened: list[User] = []

        def effect() -> str:
            person = person_create(
                agency_code=agency_code,
                actor=actor,
                password=password,
                must_change_password=True,
                **form.cleaned_data,
            )
            opened.append(person)
            return person_address(person.pk)

        try:
            answer = submit_once(request, effect)
        except Problem as problem:
            if problem.status in (403, 404):
                raise
            form.take(problem)
        else:
            return password_page(request, opened[0], password) if opened else answer
    context = {"form": form, "place": place_name(agency_code), "agency_code": agency_code}
    return shown(request, "agencies/person_new.html", context, form)


def _people_of(agency_code: str) -> QuerySet[User]:
    assignments = RoleAssignment.objects.order_by("role")
    return (
        User.objects.filter(agency_code=agency_code)
        .order_by("username")
        .prefetch_related(Prefetch("role_assignments", queryset=assignments, to_attr="assignments"))
    )


def _place(request: HttpRequest, actor: Actor) -> str:
    """Whose people: one's own agency's; the treasury's administrator names another by `?agency=`."""
    wanted = request.GET.get("agency", "").strip() if actor.role in TREASURY_ROLES else ""
    return agency_by_code(wanted).code if wanted else actor.agency_code


def _holds_today(row: RoleAssignment) -> bool:
    today = clock.today()
    return row.valid_from_on <= today and ends_on_or_after(row, today)


def _by_role(rows: QuerySet[User], value: str) -> QuerySet[User]:
    today = clock.today()
    held = RoleAssignment.objects.filter(in_force(today), role=value)
    return rows.filter(pk__in=held.values("user_id"))


def _by_name(rows: QuerySet[User], value: str) -> QuerySet[User]:
    return rows.filter(Q(username__icontains=value) | Q(display_name__icontains=value))


_FILTERS = [
    Filter("q", "姓名或帳號", "Name or user name", _by_name),
    Filter("role", "角色", "Role", _by_role, _ROLES),
    Filter(
        "account",
        "帳號狀態",
        "Account",
        lambda rows, value: rows.filter(is_active=value == "on"),
        [("on", "使用中", "in use"), ("off", "已停用", "switched off")],
    ),
]
_COLUMNS = [
    ListColumn("帳號", "User name", lambda row: row.username),
    ListColumn("姓名", "Name", lambda row: row.display_name),
    ListColumn("編制內", "Establishment", lambda row: "Y" if row.is_establishment else "N"),
    ListColumn("使用中", "In use", lambda row: "Y" if row.is_active else "N"),
    ListColumn(
        "角色",
        "Roles",
        lambda row: "、".join(str(Role(one.role).label) for one in row.assignments if _holds_today(one)),
    ),
]
