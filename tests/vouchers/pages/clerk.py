"""A clerk at the voucher form without JavaScript: what the page shows is what is sent back."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.test import Client
from lxml import html

from vouchers.drafts import DraftForm
from vouchers.pages.form_fields import fields_of


class FormPage:
    """A form as a browser has it: every control by name, buttons that send it."""

    def __init__(self, client: Client, address: str) -> None:
        self.client = client
        self.load(address)

    def load(self, address: str) -> None:
        """Opens the form's page, going where it leads."""
        self.answer: Any = self.client.get(address, follow=True)
        assert self.answer.status_code == 200, self.answer.content[:500]
        chain = self.answer.redirect_chain
        self.address = chain[-1][0] if chain else address
        (self.form,) = html.fromstring(self.answer.content.decode()).xpath("//form[@id='voucher-form']")
        self.values = values_of(self.form)

    def press(self, action: str, changes: Mapping[str, str] | None = None, **more: Any) -> HttpResponse:
        """Sends what the page holds, with changes, by a button; goes on to the page that the answer leads to."""
        sent = self.values | dict(changes or {}) | more | {"action": action}
        answer: Any = self.client.post(self.form.get("action"), sent)
        stays = answer.status_code == 302 and not answer["Location"].endswith("/check/")
        if stays and action.split(":")[0] in _STAYS:
            self.load(answer["Location"])
        return answer

    @property
    def draft(self) -> DraftForm:
        """The form as it is stored."""
        return DraftForm.objects.get(pk=self.answer.context["draft"].key)

    def said(self, name: str) -> list[str]:
        """What stands beside a field."""
        found = self.form.xpath(f"//*[@id='e-f-{name.replace('.', '-')}']/li")
        return [one.text_content() for one in found]


_STAYS = ("save", "change", "add", "go", "open", "check", "resolve", "keep")


def values_of(form: Any) -> dict[str, str]:
    """The values a browser would send of a form, buttons left out."""
    values: dict[str, str] = {}
    for control in form.xpath(".//*[self::input or self::select or self::textarea][@name]"):
        kind = control.get("type", "")
        if control.tag == "select":
            values[control.get("name")] = next(
                (one.get("value") for one in control.xpath("option[@selected]")),
                control.xpath("option")[0].get("value"),
            )
        elif control.tag == "textarea":
            values[control.get("name")] = control.text or ""
        elif kind != "checkbox" or control.get("checked") is not None:
            values[control.get("name")] = control.get("value", "")
    return values


def flat(content: Mapping[str, Any]) -> dict[str, str]:
    """A voucher object as names and typed values of the form."""
    result: dict[str, str] = {}

    def walk(value: Any, name: str) -> None:
        if isinstance(value, dict):
            for key, member in value.items():
                walk(member, f"{name}.{key}" if name else key)
        elif isinstance(value, list):
            for index, member in enumerate(value):
                walk(member, f"{name}.{index}")
        else:
            result[name] = value

    walk(fields_of(content), "")
    return result
