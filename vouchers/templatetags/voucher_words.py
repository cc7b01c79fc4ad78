"""The words of a voucher in the reader's language, for templates."""

import re

from django import template

from signing.services import REFUSALS
from treasury.core.errors import Problem
from treasury.core.pages.wording import title_of
from treasury.core.texts import either
from vouchers.english import word as word_of

register = template.Library()


@register.filter
def word(zh: str) -> str:
    """A word of `vouchers.words`; one with another in brackets is read in its two parts."""
    outer, bracket, inner = zh.partition("（")
    if not bracket or word_of(zh) != zh:
        return word_of(zh)
    worded = word_of(inner.removesuffix("）"))
    return zh if worded == inner.removesuffix("）") else f"{word_of(outer)} ({worded})"


@register.filter
def signing_words(problem: Problem) -> str:
    """Why a signature was refused: the gate's own sentence, or what the product says of the problem."""
    if problem.code in REFUSALS:
        zh, en = REFUSALS[problem.code]
        return either(problem.detail or zh, en)
    return either(problem.detail, title_of(problem)) if problem.status not in (403, 404) else title_of(problem)


@register.filter
def common_name(subject: str) -> str:
    """The name in a certificate's subject; the whole subject where it has none."""
    found = re.search(r"CN=((?:[^,\\]|\\.)+)", subject)
    return found[1] if found else subject
