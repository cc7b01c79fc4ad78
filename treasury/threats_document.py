"""`docs/threats.md`: the table of threats beside the tests that make each of them, found by their marks."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from django.conf import settings

from signing.refusals import REFUSALS
from signing.threats import GROUPS, THREATS, Threat

_HEAD = """# Threats

What an attacker may try, the check that stands in the way, the stable code of its refusal, and the tests that make the
hostile thing themselves. Made from `signing/threats.py` and the tests' own marks by `manage.py generate_docs`; do not
edit. A threat without a test and a mark without a row fail `make test`.
"""


def document() -> str:
    """The whole page."""
    tests = tests_by_threat(Path(settings.BASE_DIR) / "tests")
    parts = [_HEAD]
    for group, (title_zh, title_en) in GROUPS.items():
        rows = [one for one in THREATS if one.group == group]
        if rows:
            parts.append("\n".join(_section(f"{title_zh} {title_en}", rows, tests)))
    return "\n".join(parts)


def _section(title: str, rows: Sequence[Threat], tests: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    yield "| threat | 威脅 | what it is | check | code | tests |"
    yield "|---|---|---|---|---|---|"
    for one in rows:
        codes = "<br>".join(f"`{code}` {REFUSALS[code][0]}" for code in one.codes) or "—"
        made = "<br>".join(f"`{test}`" for test in tests.get(one.slug, ())) or "—"
        yield f"| `{one.slug}` | {one.title_zh} | {one.title_en} | `{one.check}` | {codes} | {made} |"
    yield ""


def tests_by_threat(folder: Path) -> dict[str, list[str]]:
    """The marked tests under a folder by threat, as `file.py::test` from that folder on, in order.

    Read from the source, so that nothing needs to run; ValueError for a mark whose slug is not written out.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        source = path.read_text("utf-8")
        if "mark.threat" in source:
            for slug, name in _marks(ast.parse(source, str(path))):
                found[slug].append(f"{path.relative_to(folder)}::{name}")
    return dict(found)


def _marks(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Threat and test of each mark in a module: on the test, or on one of its parameters."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            slugs = [slug for decorator in node.decorator_list for slug in _slugs(decorator)]
            for slug in dict.fromkeys(slugs):
                yield slug, node.name


def _slugs(decorator: ast.expr) -> Iterator[str]:
    for node in ast.walk(decorator):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.threat":
            for argument in node.args:
                if not isinstance(argument, ast.Constant):
                    raise ValueError(f"line {node.lineno}: a threat is named by its slug, written out")
                yield str(argument.value)
