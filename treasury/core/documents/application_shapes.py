"""What an application of an agency says: parts of labelled fields, a declaration, places for seals."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """A labelled field of an application; `is_wide` takes the whole line, `is_code` is set in figures."""

    label: str
    label_en: str
    value: str = ""
    is_wide: bool = False
    is_code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPart:
    """A titled part of an application."""

    title: str
    title_en: str
    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A form that an agency seals and sends (A-2.4, B-12.1): parts of labelled fields, a declaration, places for seals.

    `number` names the case in the corner; `notes` are for whoever fills it in.
    """

    template: ClassVar[str] = "application"

    treasury: str
    title: str
    title_en: str
    agency_code: str
    agency_name: str
    number: str
    dated_on: date
    parts: tuple[FormPart, ...]
    declaration: str
    seals: tuple[str, ...]
    notes: tuple[str, ...] = ()
