from pathlib import Path

from treasury.ledger.chart import CHART
from treasury.ledger.document import document
from treasury.ledger.events import EVENTS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "ledger.md"


def test_the_page_is_what_the_code_says() -> None:
    assert PAGE.read_text("utf-8") == document()


def test_it_holds_every_account_and_every_event() -> None:
    page = document()

    assert all(f"| {account.code} | {account.name_zh} |" in page for account in CHART)
    assert all(f"| `{event.name}` | {event.title_zh} |" in page for event in EVENTS)
