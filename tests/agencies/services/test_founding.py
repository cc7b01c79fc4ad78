"""The first administrator comes from the machine, once; so does who reads Django's own pages."""

import json

import pytest
from django.test import Client

from agencies.models import Agency, User
from agencies.selectors import roles_of
from tests.agencies.test_commands import run
from treasury.core import clock
from treasury.core.models import History

pytestmark = pytest.mark.django_db
ASKED = ("first_admin", "lin", "--name", "林美惠", "--json")


def test_the_first_administrator_logs_in_once_with_the_password_that_is_printed() -> None:
    code, out, err = run(*ASKED)
    told = json.loads(out)
    client = Client()

    client.post("/login/", {"username": "lin", "password": told["password"]})

    assert (code, err) == (0, "")
    assert client.get("/people/")["Location"] == "/password/"
    assert [held.role for held in roles_of(User.objects.get().pk, clock.today())] == ["treasury_admin"]
    assert not User.objects.get().is_staff and told["password"] not in User.objects.get().password
    acts = History.objects.order_by("id").values_list("verb", "actor_name", "because")
    assert list(acts) == [("create", "system", ""), ("grant_role", "system", "manage.py")]


def test_there_is_one_first_administrator(agencies: tuple[Agency, Agency]) -> None:
    code, out, err = run(*ASKED)

    assert (code, out) == (2, "")
    assert json.loads(err)["code"] == "administrator_exists"
    assert not User.objects.filter(username="lin").exists()


@pytest.mark.parametrize(("name", "refusal"), [("", "name_missing"), ("a\x00b", "bad_name"), ("x" * 300, "bad_name")])
def test_an_account_that_cannot_be_leaves_nothing_behind(name: str, refusal: str) -> None:
    code, _, err = run("first_admin", "lin", "--name", name)

    assert (code, json.loads(err)["code"]) == (2, refusal)
    assert not User.objects.exists()


def test_the_tables_are_opened_to_auditors_and_closed_again(agencies: tuple[Agency, Agency]) -> None:
    opened = run("read_tables", "treasury-auditor", "--json")
    again = run("read_tables", "treasury-auditor")
    closed = run("read_tables", "treasury-auditor", "--end", "--json")

    assert (opened[0], json.loads(opened[1])) == (0, {"username": "treasury-auditor", "reads_tables": True})
    assert again[1] == "treasury-auditor reads every table at /admin/\n"
    assert json.loads(closed[1])["reads_tables"] is False
    assert list(History.objects.filter(verb__endswith="_tables").values_list("verb", flat=True).order_by("id")) == [
        "open_tables",
        "close_tables",
    ]


@pytest.mark.parametrize(("username", "refusal"), [("treasury-payer", "role_missing"), ("nobody", "unknown_person")])
def test_nobody_else_reads_the_tables(agencies: tuple[Agency, Agency], username: str, refusal: str) -> None:
    code, _, err = run("read_tables", username)

    assert (code, json.loads(err)["code"]) == (2, refusal)
    assert not User.objects.filter(is_staff=True).exists()
