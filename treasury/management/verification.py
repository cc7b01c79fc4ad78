"""What `verify_signature` and `verify_path` share: options for one case, or `--batch` for many."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from signing.verification import Outcome, Verifier, batch_read
from treasury.core.errors import Problem
from treasury.management.base import DONE, FINDINGS, ContractCommand

_DETAIL_LENGTH = 200


class VerificationCommand(ContractCommand):
    """One case by options: exit 0 when valid, 1 when not. `--batch FILE`: a result line for each case, exit 0."""

    takes_books = False
    kind = ""
    options: tuple[str, ...] = ()
    may_lack: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()

    def arguments(self, parser: CommandParser) -> None:
        """The paths of one case, policy and moment, or a file of cases."""
        for name in self.options:
            parser.add_argument(f"--{name}", type=Path, metavar="PATH")
        parser.add_argument(
            "--policy", action="append", metavar="OID", help="repeatable; without it any policy will do"
        )
        parser.add_argument("--at", metavar="TIME", help="ISO 8601 moment; now when missing")
        parser.add_argument("--batch", type=Path, metavar="FILE", help="JSON Lines, one case a line")

    def run(self, **options: Any) -> int:
        """Verifies; the exit code says whether a single case is valid."""
        if options["batch"] is not None:
            return self._batch(options["batch"])
        missing = [name for name in self.options if options[name] is None and name not in self.may_lack]
        if missing:
            raise Problem("option_missing", " ".join(f"--{name}" for name in missing))
        names = (*self.options, *self.flags, "policy", "at")
        outcome = self._verify(Verifier(), {name: options[name] for name in names if options[name] is not None})
        if options["json"]:
            self.line(**outcome.as_dict())
        else:
            self.stdout.write("valid" if outcome.valid else f"invalid ({outcome.code}): {outcome.detail}")
        return DONE if outcome.valid else FINDINGS

    def _batch(self, file: Path) -> int:
        """Runs every case of a file in its order; one that cannot be run is invalid, says why, and makes it exit 1."""
        verifier, exit_code = Verifier(file.parent), DONE
        for name, case in list(batch_read(file)):
            try:
                outcome = self._verify(verifier, case)
            except Problem as problem:
                outcome, exit_code = Outcome(False, problem.code, problem.detail), FINDINGS
            except Exception as error:
                # Whatever one case does to us, the others are answered
                detail = f"{type(error).__name__}: {error}"[:_DETAIL_LENGTH]
                outcome, exit_code = Outcome(False, "internal_error", detail), FINDINGS
            self.line(id=name, valid=outcome.valid, code=outcome.code, detail=outcome.detail)
        return exit_code

    def _verify(self, verifier: Verifier, case: dict[str, Any] | Problem) -> Outcome:
        if isinstance(case, Problem):
            raise case
        outcome: Outcome = getattr(verifier, self.kind)(case)
        return outcome
