"""Gap-free numbers: given inside the effect's own transaction, so a rolled back effect leaves no hole."""

from treasury.core.sql import fetch_value

_NEXT = """
INSERT INTO core_numberseries (name, last) VALUES (%s, %s)
ON CONFLICT (name) DO UPDATE SET last = core_numberseries.last + excluded.last RETURNING last
"""


def next_number(series: str) -> int:
    """The next number of a series, starting at 1; the series stays locked until the transaction ends (B-23.0)."""
    return next_numbers(series, 1)[0]


def next_numbers(series: str, count: int) -> range:
    """The next `count` numbers of a series in one statement; the series stays locked until the transaction ends."""
    last = int(fetch_value(_NEXT, (series, count)))
    return range(last - count + 1, last + 1)
