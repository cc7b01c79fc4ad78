"""A queue page over 200,000 vouchers against the same page over 200: what a person waits for, page and rail together.

Each page is asked for through the whole of Django (middleware, rights, templates) by a person in the role; the tables
grow in between. The ratio is large to small, the median of so many requests each, and shall be 1.5 at most.
"""

import json
import os
import statistics
import time
from collections.abc import Callable
from datetime import date, datetime
from datetime import time as clock_time
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "treasury.settings")

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from agencies.models import User  # noqa: E402
from agencies.services import agency_register, staff_provide, treasury_staff_provide  # noqa: E402
from tests.vouchers.crowd import crowd_grow  # noqa: E402
from treasury import books  # noqa: E402
from treasury.core import clock  # noqa: E402

ON = date(2025, 3, 7)
AGENCY = "0003010000"
SMALL, LARGE = 200, 200_000
REQUESTS = 40
AIM = 1.5
# name, who asks, what for.
PAGES = (
    ("examination queue", "treasury-examiner", "/desk/examination/"),
    ("all vouchers", "treasury-auditor", "/vouchers/"),
    ("accountant's queue", f"{AGENCY}-accountant", "/vouchers/?state=awaiting_accountant"),
)
_STATES = ("received", "awaiting_accountant", "paid", "draft")
_CONTENT = {
    "kind": "payment",
    "method": "remittance",
    "network": "fisc",
    "gate": "current",
    "issue_date": ON.isoformat(),
    "purpose": "114年3月份文具用品費",
    "total_twd": 12_000,
    "account_lines": [{"account_code": "3203010100", "amount_twd": 12_000}],
    "payee_lines": [{"name": "大同文具行", "amount_twd": 12_000}],
}


def main() -> None:
    """Prints one line a page."""
    books.use("bench_queues", fresh=True)
    with clock.frozen(datetime.combine(ON, clock_time(10), clock.ZONE)):
        agency_register(code=AGENCY, name="行政院", kind="agency")
        staff_provide(agency_codes=[AGENCY])
        treasury_staff_provide()
        _grow(1, SMALL)
        small = [_median(_request(user, path)) for _, user, path in PAGES]
        _grow(SMALL + 1, LARGE)
        large = [_median(_request(user, path)) for _, user, path in PAGES]
    for (name, _, _), few, many in zip(PAGES, small, large, strict=True):
        line = {
            "name": f"{name}: {LARGE:,} vouchers against {SMALL:,}",
            "ours": round(many * 1000, 1),
            "baseline": round(few * 1000, 1),
            "ratio": round(many / few, 3),
            "aim": AIM,
            "unit": "ms a page",
        }
        print(json.dumps(line, ensure_ascii=False), flush=True)


def _grow(first: int, last: int) -> None:
    crowd_grow(first, last, agency_code=AGENCY, states=_STATES, on=ON, content=_CONTENT)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _request(username: str, path: str) -> Callable[[], Any]:
    """One request of a person who is logged in, on a kept connection."""
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")

    def ask() -> None:
        answer = client.get(path)
        assert answer.status_code == 200, answer.status_code

    return ask


def _median(ask: Callable[[], Any]) -> float:
    """Seconds of the middle request, after a few to warm up."""
    for _ in range(5):
        ask()
    taken = []
    for _ in range(REQUESTS):
        begun = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
