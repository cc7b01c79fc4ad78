"""The printing press: typst compiles a template and its content into PDF/A-2a.

Only the packaged fonts are known, nothing is fetched, the content is JSON and never markup, and the file is dated by
the document and not by the clock: the same content gives the same bytes.
"""

import json
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import pylopdf_fonts_zh_tw
import typst

from treasury.core import clock
from treasury.core.documents.wording import BREAK
from treasury.core.errors import Problem
from treasury.core.glyphs import missing_glyphs

TEMPLATES: Final = Path(__file__).resolve().parents[3] / "templates" / "documents"
STANDARD: Final = "a-2a"

# Contents longer than this many characters leave a cache behind that is worth clearing (a few hundred lines).
_LARGE: Final = 200_000

_local = threading.local()
_fonts_lock = threading.Lock()
_fonts: list[typst.Fonts] = []
_first_process: list[int] = []


def press(template: str, content: Mapping[str, Any], *, dated_on: date) -> bytes:
    """A PDF/A-2a of `content` (JSON values) set in `templates/documents/<template>.typ`.

    Problem `missing_glyph` names the first character the packaged fonts cannot print, with the path to its text;
    `document_failed` says what the compiler said. Threads may print at the same time.
    """
    refuse_missing_glyphs(content)
    text = json.dumps(content, ensure_ascii=False)
    midnight = clock.start_of(dated_on)
    try:
        pdf = _compiler().compile(
            input=_main(template, text),
            format="pdf",
            pdf_standards=[STANDARD],
            timestamp=int(midnight.timestamp()),
        )
    except typst.TypstError as error:
        raise Problem("document_failed", f"{template}: {error.diagnostic}") from error
    assert isinstance(pdf, bytes)
    if len(text) > _LARGE:
        _forget()
    return pdf


def _main(template: str, text: str) -> bytes:
    """The main file: hands the JSON text, as a string literal, to the template's `print`.

    By a file of its own and not by `sys.inputs`: those are part of the standard library, and with another library
    typst forgets all it knows of the forms (measured: twice the time).
    """
    literal = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'#import "{template}.typ": print\n#print(json(bytes("{literal}")))\n'.encode()


def refuse_missing_glyphs(content: Mapping[str, Any]) -> None:
    """Problem `missing_glyph` when a text of the content has a character that cannot be printed."""
    texts = list(_texts(content, ""))
    missing = missing_glyphs("".join(text for _, text in texts).replace(BREAK, ""))
    if not missing:
        return
    path = next(path for path, text in texts if missing[0] in text)
    names = "、".join(f"{character} (U+{ord(character):04X})" for character in missing[:8])
    raise Problem("missing_glyph", f"the packaged fonts cannot print {names}", path=path)


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every text in a JSON value with its JSON Pointer."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, f"{path}/{key}")
    elif isinstance(value, Sequence):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{path}/{index}")


def _compiler() -> typst.Compiler:
    """This thread's compiler; a compiler serves one thread at a time, the fonts serve all."""
    _refuse_after_fork()
    if not hasattr(_local, "compiler"):
        with _fonts_lock:
            if not _fonts:
                folder = str(pylopdf_fonts_zh_tw.sans_path().parent)
                _fonts.append(
                    typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
                )
        _local.compiler = typst.Compiler(root=str(TEMPLATES), font_paths=_fonts[0])
    compiler: typst.Compiler = _local.compiler
    return compiler


def _forget() -> None:
    """typst keeps what its last ten compilations made, a hundred kilobytes for each line of a list; empty ones push
    it out."""
    for _ in range(11):
        _compiler().compile(input=b"", format="svg")


def _refuse_after_fork() -> None:
    """typst keeps threads of its own, which a fork does not copy: a child of a process that has printed would wait
    for them for ever. Better a clear refusal."""
    if not _first_process:
        _first_process.append(os.getpid())
    elif _first_process[0] != os.getpid():
        raise RuntimeError("this process was forked from one that had printed documents; start it afresh instead")
