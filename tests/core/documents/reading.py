"""Reading a PDF back: its pages as text without blanks and break points."""

import io

from pypdf import PdfReader


def reader(pdf: bytes) -> PdfReader:
    """The file, opened."""
    return PdfReader(io.BytesIO(pdf))


def pages(pdf: bytes) -> list[str]:
    """The text of each page without any blank: letter spacing on paper is no blank in the words."""
    return [squeezed(page.extract_text()) for page in reader(pdf).pages]


def squeezed(text: str) -> str:
    """A text without blanks, line ends and invisible break points."""
    return "".join(text.replace("\u200b", "").split())
