"""The one error of a check."""


class Wrong(Exception):
    """A check found something wrong; the text says what."""
