"""The one error of the embedded servers."""

from pathlib import Path


class EmbeddedError(RuntimeError):
    """The embedded servers cannot run here; the message says why and what to do."""


def log_tail(path: Path, lines: int = 15) -> str:
    """The last lines of a log, for an error message; empty when there is no log."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
