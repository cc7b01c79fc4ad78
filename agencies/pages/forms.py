"""Forms of pages: dates as people write them, a Problem at the field it speaks of, the list for the error summary."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from treasury.core import roc
from treasury.core.errors import Problem
from treasury.core.pages.submissions import submit_once
from treasury.core.pages.wording import remedy_of, title_of

# Who may not, or what is not there, is a page of its own.
_PAGES = (403, 404)


class RocDateField(forms.Field):
    """A day in any usual form: 114/3/10, 1140310, 2025-03-10; shown with its ROC year."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("例如 114/3/10"))
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off", "maxlength": 20}

    def to_python(self, value: Any) -> date | None:
        """The day; a ValidationError where nobody can read it."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return roc.parse_date(text)
        except Problem as problem:
            raise ValidationError(said(problem)) from problem

    def prepare_value(self, value: Any) -> Any:
        """With its ROC year."""
        return roc.format_date(value) if isinstance(value, date) else value


class PageForm(forms.Form):
    """A form that speaks the house's words and takes Problems at the fields they point to."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = _("請填寫這個欄位。")
            field.error_messages["invalid_choice"] = _("請由清單中選擇。")
            field.error_messages["max_length"] = _("太長了，請縮短。")

    def take(self, problem: Problem) -> None:
        """Shows a refusal at the field its pointer names, or above the form."""
        name = problem.path.rpartition("/")[2]
        text = said(problem)
        if problem.code in ("weak_password", "file_row", "file_columns", "file_encoding"):
            text = f"{text} {problem.detail}"
        self.add_error(name if name in self.fields else None, text)

    @property
    def error_list(self) -> list[tuple[str, str]]:
        """(message, anchor) of every error, for the summary."""
        anchors = {name: f"#{self[name].id_for_label or self[name].auto_id}" for name in self.fields}
        return [
            (f"{self.fields[name].label}：{text}" if name in self.fields else str(text), anchors.get(name, ""))
            for name, texts in self.errors.items()
            for text in texts
        ]


def said(problem: Problem) -> str:
    """What happened and what to do, in the reader's language."""
    return f"{title_of(problem)}。{remedy_of(problem)}"


def sent(request: HttpRequest, form: PageForm, effect: Callable[[dict[str, Any]], str]) -> HttpResponse | None:
    """Runs `effect` with the form's values once and goes on to the address it returns.

    None when the form is to be shown (again): not sent, not valid, or refused by a Problem, which then stands in the
    form. A Problem about the person or the subject (403, 404) is raised on.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return submit_once(request, lambda: effect(form.cleaned_data))
    except Problem as problem:
        if problem.status in _PAGES:
            raise
        form.take(problem)
        return None


def shown(
    request: HttpRequest, template: str, context: dict[str, Any], *forms_shown: PageForm, status: int = 200
) -> HttpResponse:
    """A page with forms: 422 when one of them has errors."""
    if any(form.is_bound and form.errors for form in forms_shown):
        status = 422
    return render(request, template, context, status=status)
