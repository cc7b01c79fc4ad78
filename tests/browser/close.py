"""`python -m tests.browser.close BOOKS`: closes the day's books and makes the log's head over them, as evening would.

A process of its own, since the test that asks has another database and another clock. Prints the log's public key and
the moment.
"""

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "treasury.settings")

import django

django.setup()

from signing.log.heads import head_make  # noqa: E402
from signing.log.keys import sign_keys  # noqa: E402
from treasury import books  # noqa: E402
from treasury.core import clock  # noqa: E402
from treasury.ledger.services import day_digest  # noqa: E402


def main() -> None:
    """Closes, and says by which key."""
    books.use(sys.argv[1])
    day_digest(on=clock.today())
    head_make()
    print(json.dumps({"log_key": sign_keys()[0].check.line, "at": clock.now().isoformat()}))


if __name__ == "__main__":
    main()
