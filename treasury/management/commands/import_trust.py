"""`import_trust DIR`: takes in anchors, authorities and revocation lists."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from signing.services import trust_import
from treasury.management.base import DONE, FINDINGS, ContractCommand


class Command(ContractCommand):
    """Takes in a folder of trust material; exit 1 when a list of it was refused."""

    help = "Takes in anchors/, intermediates/ and crls/ of a folder; the same again does no harm."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="holds anchors/, intermediates/, crls/")
        parser.add_argument(
            "--pin", action="append", metavar="HEX", help="SHA-256 fingerprint of an anchor to trust; repeatable"
        )

    def run(self, **options: Any) -> int:
        result = trust_import(folder=options["folder"], pinned=options["pin"])
        for one in result.refused:
            if options["json"]:
                self.line(file=one.file, code=one.code, detail=one.detail)
            else:
                self.stdout.write(f"refused {one.file}: {one.code} {one.detail}")
        if options["json"]:
            self.line(
                summary={"authorities": result.authorities, "lists": result.lists, "refused": len(result.refused)}
            )
        else:
            self.stdout.write(
                f"{result.authorities} authorities new, {result.lists} lists new, {len(result.refused)} refused"
            )
        return FINDINGS if result.refused else DONE
