"""`docs/rules.md`, made from the catalogue."""

from types import ModuleType
from typing import Any

from vouchers.reasons import Reason
from vouchers.rules.catalogue import Rule

_HEAD = """# Rules 審查規則

Generated from `vouchers/rules/` (`python manage.py generate_docs`); do not edit. At each stage every rule
runs and every finding counts, in this order. What the entry stage finds is refused, what the examination
finds is returned; a closed fiscal year (B-24.6) stands alone. Thresholds are dated parameters of the
treasury.

## Reasons 退回原因 (B-24)

| Reason | 中文 | English |
|---|---|---|
"""
_COLUMNS = """
| Rule | Stage | Reason | Binds | 規則 | Rule in English | 補正方式 | Remedy | Function |
|---|---|---|---|---|---|---|---|---|
"""


def document(articles: dict[ModuleType, tuple[Rule[Any], ...]]) -> str:
    """The whole text, ending in a line break."""
    reasons = "".join(f"| {reason} | {reason.zh} | {reason.en} |\n" for reason in Reason)
    return _HEAD + reasons + "".join(_article(article, rules) for article, rules in articles.items())


def _article(article: ModuleType, rules: tuple[Rule[Any], ...]) -> str:
    title, _, rest = (article.__doc__ or "").partition("\n")
    name = article.__name__.rpartition(".")[2]
    paragraph = f"\n{rest.strip()}\n" if rest.strip() else ""
    return f"\n## {title.rstrip('.')}\n{paragraph}{_COLUMNS}" + "".join(_row(rule, name) for rule in rules)


def _row(rule: Rule[Any], module: str) -> str:
    cells = (
        rule.requirement,
        rule.stage.value.en,
        rule.reason,
        f"{rule.binds.value.zh}<br>{rule.binds.value.en}",
        rule.title.zh,
        rule.title.en,
        rule.remedy.zh,
        rule.remedy.en,
        f"`{module}.{rule.name}`",
    )
    return f"| {' | '.join(cells)} |\n"
