"""Types of command line arguments."""

from argparse import ArgumentTypeError
from datetime import date


def day(text: str) -> date:
    """An ISO date; what is none is an argument error."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no date like 2025-03-10") from None
