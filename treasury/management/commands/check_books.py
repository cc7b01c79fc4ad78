"""`check_books`: every invariant of the books; exit 1 with the first violation of each."""

from typing import Any

from treasury.invariants import CHECKS, violations
from treasury.management.base import DONE, FINDINGS, ContractCommand


class Command(ContractCommand):
    """Checks the books in use, changing nothing."""

    help = "Checks every invariant of the books; exit 1 names what does not hold."

    def run(self, **options: Any) -> int:
        found = list(violations())
        for violation in found:
            if options["json"]:
                self.line(**violation.as_dict())
            else:
                self.stdout.write(f"{violation.invariant} {violation.name}: {violation.detail}")
        if not options["json"] and not found:
            self.stdout.write(f"帳冊無誤：{len(CHECKS)} 項檢查全數通過  the books are sound")
        return FINDINGS if found else DONE
