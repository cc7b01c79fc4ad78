"""`database_url`: where the (embedded) database is, for people who want to look with psql."""

from typing import Any

from treasury import books
from treasury.management.base import DONE, ContractCommand


class Command(ContractCommand):
    """Prints one line: the URL."""

    help = "Prints the URL of the database in use."

    def run(self, **options: Any) -> int:
        if options["json"]:
            self.line(database_url=books.url())
        else:
            self.stdout.write(books.url())
        return DONE
