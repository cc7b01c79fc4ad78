"""The reader's language: texts that are kept in both, and which of them to show."""

from django.utils.translation import get_language


def either(zh: str, en: str) -> str:
    """The text in the language of the request; Chinese where nobody asked for English."""
    return en if (get_language() or "zh").startswith("en") and en else zh
