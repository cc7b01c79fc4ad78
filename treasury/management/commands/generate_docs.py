"""`generate_docs`: the pages that are made from the code; `--check` says whether they are up to date."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from treasury import api_document, state_tables, threats_document
from treasury.ledger import document as ledger
from treasury.management.base import DONE, FINDINGS, ContractCommand
from vouchers import rules

PAGES: dict[str, Callable[[], str]] = {
    "docs/rules.md": rules.document,
    "docs/states.md": state_tables.document,
    "docs/ledger.md": ledger.document,
    "docs/threats.md": threats_document.document,
    "docs/api/openapi.yaml": api_document.document,
}


class Command(ContractCommand):
    """Writes every generated page, or with --check names those that differ."""

    help = "Writes the pages of docs/ that are made from the code."
    takes_books = False

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, exit 1 when a page is stale")

    def run(self, **options: Any) -> int:
        code = DONE
        for name, document in PAGES.items():
            path = Path(settings.BASE_DIR) / name
            text = document()
            if path.exists() and path.read_text("utf-8") == text:
                continue
            if options["check"]:
                self.stdout.write(f"{name} is stale: run manage.py generate_docs")
                code = FINDINGS
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
                self.stdout.write(f"{name} written")
        return code
