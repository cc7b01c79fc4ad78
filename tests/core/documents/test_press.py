import hashlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.core.documents import examples
from tests.core.documents.reading import pages, reader
from treasury.core.documents import render, render_many
from treasury.core.documents.press import press
from treasury.core.documents.shapes import Document
from treasury.core.errors import Problem

GOLDEN = Path(__file__).parent / "golden"
EVERY_KIND = [examples.payment(), examples.transfer(), examples.cheque(), examples.notice(), examples.register()]


@pytest.mark.parametrize("document", EVERY_KIND, ids=lambda document: document.template)
def test_every_document_claims_pdf_a_2a_and_is_tagged(document: Document) -> None:
    pdf = reader(render(document))

    xmp = pdf.xmp_metadata
    assert xmp is not None
    assert xmp.pdfaid_part == "2"
    assert xmp.pdfaid_conformance == "A"
    root: Any = pdf.root_object
    assert root["/Lang"] == "zh-TW"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/OutputIntents"]


@pytest.mark.parametrize("document", EVERY_KIND, ids=lambda document: document.template)
def test_only_the_packaged_fonts_are_used_and_all_are_embedded(document: Document) -> None:
    sheets: list[Any] = list(reader(render(document)).pages)
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()
        for sheet in sheets
        for font in sheet["/Resources"]["/Font"].values()
    ]

    assert fonts
    assert all("NotoSansTC" in font["/BaseFont"] or "NotoSerifTC" in font["/BaseFont"] for font in fonts)
    assert all({"/FontFile3", "/FontFile2"} & set(font["/FontDescriptor"]) for font in fonts)


def test_the_file_is_dated_by_the_document_and_names_it() -> None:
    metadata: Any = reader(render(examples.payment())).metadata

    assert metadata.title == "付款憑單 0003010000 P0310-001"
    assert metadata.author == "行政院"
    assert metadata["/CreationDate"] == "D:20250309160000Z"


def test_the_same_document_is_the_same_bytes_in_another_process_at_another_place(tmp_path: Path) -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(settings.BASE_DIR)!r})\n"
        "from django.conf import settings; settings.configure()\n"
        "from tests.core.documents import examples\n"
        "from treasury.core.documents import render\n"
        "sys.stdout.buffer.write(render(examples.payment()))"
    )
    environment = {"TZ": "America/New_York", "LANG": "C", "SOURCE_DATE_EPOCH": "1"}

    other = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environment, stdout=-1, check=True)

    assert other.stdout == render(examples.payment())


def test_the_bytes_are_those_kept_in_the_golden_file() -> None:
    # When a form or the pinned typst changes, look at the new cheque first, then write its digest here.
    expected = (GOLDEN / "cheque.sha256").read_text(encoding="ascii").strip()

    assert hashlib.sha256(render(examples.cheque())).hexdigest() == expected


def test_content_is_never_read_as_markup() -> None:
    hostile = '#panic("x") *重* $a$ <label> @ref \\ "; // /* [a] {b}'

    text = pages(render(examples.payment(purpose=hostile)))[0]

    assert '#panic("x")*重*$a$<label>@ref\\";///*[a]{b}' in text


@pytest.mark.parametrize("character", ["𐍈", "😀", "\ue000", "\u0001", "\u200b", "\ufeff", "\u202e"])
def test_it_names_a_character_it_cannot_print(character: str) -> None:
    with pytest.raises(Problem) as caught:
        render(examples.payment(payee_lines=(examples.payee(name=f"王{character}明"),)))

    assert caught.value.code == "missing_glyph"
    assert f"U+{ord(character):04X}" in caught.value.detail


def test_the_problem_points_to_the_text_with_the_character() -> None:
    with pytest.raises(Problem) as caught:
        render_many([examples.cheque(), examples.cheque(payee_name="王😀明")])

    assert caught.value.path == "/documents/1/payee"


def test_a_template_that_fails_says_so() -> None:
    with pytest.raises(Problem) as caught:
        press("cheque", {"title": "", "author": "", "description": ""}, dated_on=examples.TODAY)

    assert caught.value.code == "document_failed"


def test_threads_print_at_the_same_time() -> None:
    vouchers = [examples.payment(head=examples.head(number=f"P0310-{number:03}")) for number in range(8)]
    alone = [render(voucher) for voucher in vouchers]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(render, vouchers))

    assert together == alone


def test_a_child_of_a_process_that_has_printed_refuses_instead_of_waiting_for_ever() -> None:
    program = (
        "import os, sys\n"
        "from django.conf import settings; settings.configure()\n"
        "from tests.core.documents import examples\n"
        "from treasury.core.documents import render\n"
        "render(examples.cheque())\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    try:\n"
        "        render(examples.cheque())\n"
        "    except RuntimeError:\n"
        "        os._exit(7)\n"
        "    os._exit(0)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))"
    )

    forked = subprocess.run([sys.executable, "-c", program], cwd=settings.BASE_DIR, timeout=60, check=False)

    assert forked.returncode == 7
