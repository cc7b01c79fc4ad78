"""`check_vouchers FILE... --date D`: the entry rules as a dry run; stores nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from treasury.core.errors import Problem
from treasury.management.arguments import day
from treasury.management.base import COULD_NOT_RUN, DONE, FINDINGS, ContractCommand
from vouchers import selectors
from vouchers.files import file_name, read_bytes, read_voucher_file
from vouchers.services.intake import voucher_file_judge


class Command(ContractCommand):
    """One object per voucher of the readable files, one problem per broken file."""

    help = "Runs the entry rules over voucher files and stores nothing."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--date", type=day, required=True, help="the day on which they are handed in")

    def run(self, **options: Any) -> int:
        files: list[Path] = options["files"]
        tables = selectors.EntryTables(options["date"])
        taken: dict[tuple[str, int], set[str]] = {}
        is_broken = has_findings = False
        for path in files:
            try:
                has_findings |= self._judge(path, tables, taken, as_json=options["json"])
            except Problem as problem:
                self.report(problem.in_file(file_name(path)))
                is_broken = True
        return COULD_NOT_RUN if is_broken else FINDINGS if has_findings else DONE

    def _judge(
        self,
        path: Path,
        tables: selectors.EntryTables,
        taken: dict[tuple[str, int], set[str]],
        *,
        as_json: bool,
    ) -> bool:
        """Prints what the rules find in one file; numbers count across the files of the call (B-9.2)."""
        file = read_voucher_file(read_bytes(path), file_name(path))
        used = taken.setdefault((file.agency_code, file.fiscal_year), set())
        used |= selectors.numbers_taken(
            agency_code=file.agency_code, fiscal_year=file.fiscal_year, besides_sha256=file.sha256
        )
        has_findings = False
        for judged in voucher_file_judge(file=file, tables=tables, taken=used):
            findings = [finding.as_dict() for finding in judged.findings]
            has_findings |= bool(findings)
            if as_json:
                self.line(agency_code=file.agency_code, number=judged.content["number"], findings=findings)
            else:
                self._tell(file.agency_code, judged.content["number"], findings)
        return has_findings

    def _tell(self, agency_code: str, number: str, findings: list[dict[str, str]]) -> None:
        self.stdout.write(f"{agency_code} {number}: {'—' if findings else '可送出'}")
        for finding in findings:
            self.stdout.write(f"  {finding['reason']} {finding['rule']} {finding['path']} {finding['message']}")
