"""Whole numbers as people type them, pages hide them and addresses carry them: one function reads them all."""


def whole_of(text: str, *, otherwise: int = -1, digits: int = 9) -> int:
    """A whole number of so many digits, `otherwise` for anything else: nothing ever stands at -1."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else otherwise
