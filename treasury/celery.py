"""The workers. A task carries an id at most; what it does, it reads from PostgreSQL."""

import os

from celery import Celery

from treasury.environment import broker_url

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "treasury.settings")

app = Celery("treasury", set_as_current=True)
app.config_from_object("django.conf:settings", namespace="CELERY")
if os.environ.get("REDIS_URL"):
    app.conf.broker_url = broker_url(os.environ["REDIS_URL"])


@app.task(name="treasury.deliver")
def deliver(event_id: int) -> None:
    """Delivers one outbox row."""
    from treasury.core import outbox

    outbox.deliver(event_id)


@app.task(name="treasury.sweep")
def sweep() -> None:
    """Wakes workers for everything that is due."""
    from treasury.core import outbox

    outbox.sweep()


@app.task(name="treasury.poll_bank")
def poll_bank() -> None:
    """Takes in what the bank has answered and asks after what it has not."""
    from disbursement.services import bank_results

    bank_results.poll()
