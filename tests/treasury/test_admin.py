"""The admin reads everything and writes nothing."""

from datetime import date

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from agencies.models import RoleAssignment, User
from agencies.services import treasury_staff_provide
from treasury.admin import ReadOnlyAdmin

pytestmark = pytest.mark.django_db

OURS = ("core", "ledger", "agencies", "signing", "vouchers", "disbursement")
MODELS = [model for model in admin.site._registry if model._meta.app_label in OURS]


@pytest.fixture
def auditor(client: Client) -> Client:
    treasury_staff_provide()
    User.objects.filter(username="treasury-auditor").update(is_staff=True)
    client.force_login(User.objects.get(username="treasury-auditor"))
    return client


def url(model: type, page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_an_auditor_reads_every_list_and_adds_nothing(auditor: Client, model: type) -> None:
    assert auditor.get(url(model, "changelist")).status_code == 200
    assert auditor.get(url(model, "add")).status_code == 403
    assert auditor.post(url(model, "add"), {}).status_code == 403


def test_an_auditor_reads_a_row_and_changes_nothing(auditor: Client) -> None:
    person = User.objects.get(username="treasury-payer")

    assert auditor.get(url(User, "change", person.pk)).status_code == 200
    assert auditor.post(url(User, "change", person.pk), {"display_name": "他人"}).status_code == 403
    assert auditor.post(url(User, "delete", person.pk), {"post": "yes"}).status_code == 403
    assert User.objects.get(pk=person.pk).display_name == person.display_name


def test_nobody_else_gets_in(client: Client) -> None:
    treasury_staff_provide()
    client.force_login(User.objects.get(username="treasury-payer"))

    assert client.get(url(User, "changelist")).status_code == 302


def test_an_auditor_reads_no_longer_than_the_role_is_held(auditor: Client) -> None:
    RoleAssignment.objects.filter(user__username="treasury-auditor").update(
        valid_from_on=date(2000, 1, 1), valid_to_on=date(2000, 1, 2)
    )

    assert auditor.get(url(User, "changelist")).status_code == 403


def test_nobody_reads_a_password(auditor: Client) -> None:
    person = User.objects.get(username="treasury-payer")
    person.set_password("correct horse battery")
    person.save()

    pages = [auditor.get(url(User, "changelist")), auditor.get(url(User, "change", person.pk))]

    assert [page.status_code for page in pages] == [200, 200]
    assert not any("argon2" in page.content.decode() for page in pages)


def test_every_page_is_of_ours_and_read_only() -> None:
    assert all(isinstance(page, ReadOnlyAdmin) for page in admin.site._registry.values())
