"""Reading a PDF back: its pages as text without blanks and break points."""

import io

from pypdf import PdfReader


def reader(pdf: bytes) -> PdfReader:
    """The file, opened."""
    return PdfReader(io.BytesIO(pdf))


def pages(pdf: bytes) -> list[str]:
    """The text of each page without any blank: letter spacing on paper is no blank in the words."""
    return [squeezed(page.extract_text()) for page in reader(pdf).pages]


def counts_its_pages(texts: list[str]) -> bool:
    """Whether each page says its number and the number of all; nothing spilled onto a page of its own."""
    return all(text.endswith(f"第{number}頁，共{len(texts)}頁") for number, text in enumerate(texts, 1))


def squeezed(text: str) -> str:
    """A text without blanks, line ends and invisible break points."""
    return "".join(text.replace("\u200b", "").split())
