"""`evidence export REFERENCE`: one file that proves a payment to whoever does not trust us."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from signing.services.evidence import evidence_export
from treasury.core.errors import Problem
from treasury.management.base import DONE, ContractCommand


class Command(ContractCommand):
    """The evidence of one voucher, written to a file."""

    help = "Writes the evidence of a voucher (agency/fiscal year/number) into one file."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["export"])
        parser.add_argument("reference", metavar="REFERENCE", help="agency/fiscal year/number")
        parser.add_argument("--revision", type=int, metavar="N", help="the newest that was released when left out")
        parser.add_argument("--out", type=Path, metavar="F", help="where to write; a name of its own when left out")

    def run(self, **options: Any) -> int:
        made = evidence_export(document_ref=options["reference"], revision=options["revision"])
        path: Path = options["out"] or Path(made.name)
        try:
            path.write_bytes(made.data)
        except OSError as error:
            raise Problem("cannot_write", str(error.strerror), file=str(path)) from None
        if options["json"]:
            self.line(file=str(path), bytes=len(made.data), sha256=made.sha256)
        else:
            self.stdout.write(f"{path}  {len(made.data):,} bytes  SHA-256 {made.sha256}")
        return DONE
