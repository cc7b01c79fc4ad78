"""A worker that dies in the middle: what it had committed stands, what it had not is logged by the next one, once."""

import os
import signal
import subprocess
import sys

from django.db import connection

from signing.log.checking import log_faults
from signing.log.sequencing import log_sequence
from signing.log.tree import log_size
from signing.models import LogEntry
from tests.signing.log.conftest import days_close
from treasury import books

WORKER = """
import django
django.setup()
from signing.log import sequencing
sequencing.BATCH = 5
append = sequencing.log_append
def slowly(pending):
    append(pending)
    if pending:
        print(len(pending), flush=True)
    if sequencing.log_size() > 20:
        input()
sequencing.log_append = slowly
sequencing.log_sequence()
"""


def test_a_sequencer_killed_before_its_commit_leaves_a_whole_log(shared_log: None) -> None:
    days_close(60)
    environment = {**os.environ, "DATABASE_URL": books.url(), "DJANGO_SETTINGS_MODULE": "treasury.settings"}
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert worker.stdout is not None
    appended = [int(worker.stdout.readline()) for _ in range(5)]

    worker.send_signal(signal.SIGKILL)
    worker.communicate()

    assert appended == [5] * 5
    assert log_size() == 20
    assert log_sequence() == 40
    assert sorted(LogEntry.objects.values_list("index", flat=True)) == list(range(60))
    assert list(log_faults()) == []
    connection.close()
