"""The English of every text: `python -m bin.messages [app...] [--check]` keeps `<app>/locale/en/LC_MESSAGES`.

Texts are written in Chinese where they stand (templates, Python) and are their own message ids. This gathers them,
keeps the translations there are, drops those of texts that are gone, and compiles. Exit 0: all is translated;
1: texts without English or with another English in another app, or (with --check) files that are not what this would
write.
"""

import argparse
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT: Final = Path(__file__).resolve().parent.parent
APPS: Final = ("treasury", "agencies", "signing", "vouchers", "disbursement")
# Pages of nobody in particular are the composition's.
_SHARED_TEMPLATES: Final = ("*.html", "components/**/*.html")
_KEYWORDS: Final = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_HEADER: Final = """# English texts of treasury-epay; kept by `python -m bin.messages`.
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
_PLACE: Final = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
# Babel writes dates into what it compiles: one day for all, so that the same texts are the same bytes.
_DAY: Final = datetime(2025, 1, 1, tzinfo=UTC)


def main(arguments: list[str]) -> int:
    """Writes (or with --check compares) the catalogues of the apps named, of all without a name."""
    parser = argparse.ArgumentParser(prog="python -m bin.messages", description=__doc__)
    parser.add_argument("app", nargs="*", help=f"one of {', '.join(APPS)}; without any, all")
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 when something is not up to date")
    options = parser.parse_args(arguments)
    unknown = set(options.app) - set(APPS)
    if unknown:
        parser.error(f"no such app: {', '.join(sorted(unknown))}")
    findings = []
    for app in options.app or APPS:
        findings += outdated(ROOT, app) if options.check else refresh(ROOT, app)
    findings += divided(ROOT)
    for finding in findings:
        print(finding, file=sys.stderr)
    return 1 if findings else 0


def refresh(root: Path, app: str) -> list[str]:
    """Writes an app's catalogue anew; returns what is left to translate."""
    catalogue = merged(root, app)
    folder = _folder(root, app)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "django.po").write_bytes(po_bytes(catalogue))
    (folder / "django.mo").write_bytes(mo_bytes(catalogue))
    return lacking(app, catalogue)


def outdated(root: Path, app: str) -> list[str]:
    """What `refresh` would change or complain of, without writing."""
    catalogue = merged(root, app)
    folder = _folder(root, app)
    findings = lacking(app, catalogue)
    for name, expected in (("django.po", po_bytes(catalogue)), ("django.mo", mo_bytes(catalogue))):
        path = folder / name
        if not path.is_file() or path.read_bytes() != expected:
            findings.append(f"{app}: {path.relative_to(root)} is not up to date: python -m bin.messages {app}")
    return findings


def divided(root: Path) -> list[str]:
    """Texts whose English is not the same in every app: Django merges the catalogues, and one would stand for both."""
    found: dict[tuple[str, str | None, bool], dict[str, str]] = {}
    for app in APPS:
        for message in _known(_folder(root, app) / "django.po"):
            if message.id and message.string:
                key = (_key(message), message.context, message.pluralizable)
                found.setdefault(key, {})[app] = str(message.string)
    return [
        f"{text!r} is {told}: one English, or a context of its own"
        for (text, _context, _plural), told in found.items()
        if len(set(told.values())) > 1
    ]


def merged(root: Path, app: str) -> Catalog:
    """The texts of an app as they are now, with the translations there are."""
    known = _known(_folder(root, app) / "django.po")
    catalogue = Catalog(locale="en", charset="utf-8", creation_date=_DAY, revision_date=_DAY, fuzzy=False)
    for text, context in texts(root, app):
        key = text if isinstance(text, str) else text[0]
        earlier = known.get(key, context)
        string = earlier.string if earlier is not None else ""
        if isinstance(text, tuple) and isinstance(string, str):
            string = (string, "")
        elif isinstance(text, str) and isinstance(string, (tuple, list)):
            string = string[0]
        flags = {"fuzzy"} if earlier is not None and earlier.fuzzy else set()
        catalogue.add(text, string, flags=flags, context=context)
    return catalogue


def texts(root: Path, app: str) -> list[tuple[str | tuple[str, ...], str | None]]:
    """(message id, context) of every text of an app, sorted, each once; a plural has a tuple of two."""
    found: dict[tuple[str, str], tuple[str | tuple[str, ...], str | None]] = {}
    for path, source in _sources(root, app):
        try:
            for _line, function, message, _comments in extract_python(io.BytesIO(source.encode()), _KEYWORDS, (), {}):
                text, context = _message(function, message)
                if text and text[0]:
                    key = (text if isinstance(text, str) else text[0], context or "")
                    if isinstance(text, tuple) or key not in found:
                        found[key] = (text, context)
        except (SyntaxError, ValueError) as error:
            raise SystemExit(f"{path}: {error}") from error
    return [found[key] for key in sorted(found)]


def lacking(app: str, catalogue: Catalog) -> list[str]:
    """Every text without English, marked as doubtful, or whose places for values differ."""
    findings = []
    for message in catalogue:
        if not message.id:
            continue
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        name = f"{app}: {_key(message)!r}"
        if not all(strings):
            findings.append(f"{name} has no English")
        elif message.fuzzy:
            findings.append(f"{name} is marked fuzzy")
        elif any(_places(string) - _places(_key(message)) for string in strings):
            findings.append(f"{name} names values in English that it does not have")
        elif _places(_key(message)) - set().union(*map(_places, strings)):
            findings.append(f"{name} loses values in English")
    return findings


def po_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as people edit it: no line numbers, no dates, in the order of the texts."""
    out = io.BytesIO()
    write_po(out, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)
    return _HEADER.encode() + out.getvalue().strip() + b"\n"


def mo_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def _sources(root: Path, app: str) -> Iterator[tuple[Path, str]]:
    """Each file of an app with the Python that speaks of its texts."""
    for path in sorted((root / app).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, path.read_text("utf-8")
    templates = root / "templates"
    patterns = _SHARED_TEMPLATES if app == "treasury" else (f"{app}/**/*.html", f"{app}/**/*.txt")
    for path in sorted({path for pattern in patterns for path in templates.glob(pattern)}):
        python = templatize(path.read_text("utf-8"), origin=str(path))
        # What is left of the markup is blanked out, but its indentation would mean something.
        yield path, "\n".join(line.lstrip() for line in python.split("\n")) + "\n"


def _message(function: str | None, message: object) -> tuple[str | tuple[str, ...], str | None]:
    """What a call of a translating function names: its text (both of a plural) and its context."""
    parts = message if isinstance(message, tuple) else (message,)
    spec = _KEYWORDS.get(function or "") or (1,)
    context = None
    chosen: list[str] = []
    for place in spec:
        index, is_context = (place[0], True) if isinstance(place, tuple) else (place, False)
        value = parts[index - 1] if index <= len(parts) else None
        if is_context:
            context = value
        elif isinstance(value, str):
            chosen.append(value)
    if not chosen:
        return "", None
    return (chosen[0] if len(chosen) == 1 else tuple(chosen)), context


def _known(path: Path) -> Catalog:
    if not path.is_file():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en", ignore_obsolete=True, abort_invalid=True)


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _places(text: str) -> set[str]:
    return set(_PLACE.findall(text))


def _folder(root: Path, app: str) -> Path:
    return root / app / "locale" / "en" / "LC_MESSAGES"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
