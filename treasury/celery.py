"""The workers. A task carries an id at most; what it does, it reads from PostgreSQL."""

import os

from celery import Celery

from treasury.core import clock
from treasury.environment import broker_url, is_production, redis_url

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "treasury.settings")

app = Celery("treasury", set_as_current=True)
app.config_from_object("django.conf:settings", namespace="CELERY")
# Elsewhere the broker is started, and told to this app, when it is first needed.
if os.environ.get("REDIS_URL") or is_production():
    app.conf.broker_url = broker_url(redis_url())


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


@app.task(name="treasury.tell_changes")
def tell_changes() -> None:
    """Records messages to those who subscribed to what has changed."""
    from vouchers.services import news

    news.changes_tell()


@app.task(name="treasury.poll_bank")
def poll_bank() -> None:
    """Takes in what the bank has answered and asks after what it has not."""
    from disbursement.services import bank_results

    bank_results.poll()


@app.task(name="treasury.keep_log")
def keep_log() -> None:
    """Appends to the transparency log what is new, and makes the day's head once its hour has come."""
    from signing.log import heads

    heads.log_keep()


@app.task(name="treasury.renew_lists")
def renew_lists() -> None:
    """Takes in the revocation lists that lie in TRUST_FOLDER; the same again does nothing."""
    from signing.services import renewal

    renewal.lists_renew()


@app.task(name="treasury.preview_findings")
def preview_findings() -> None:
    """Looks ahead at what waits for an examination, so that the whole queue can be narrowed by what the rules find."""
    from disbursement.services import previews

    previews.previews_refresh()


@app.task(name="treasury.begin_day")
def begin_day() -> None:
    """Opens a business day, so that its month's allotments may be spent; again the same day it does nothing."""
    from disbursement.services import days

    if days.is_business_day(clock.today()):
        days.day_open(on=clock.today())


@app.task(name="treasury.end_day")
def end_day() -> None:
    """Asks for the day's statement and its reconciliation, on business days (B-28)."""
    from disbursement.services import days

    if days.is_business_day(clock.today()):
        days.day_end(on=clock.today())


@app.task(name="treasury.notify_cards")
def notify_cards() -> None:
    """Tells clerks and holders of cards that expire soon; again the same day it tells nobody (A-3.2)."""
    from signing.services import notices

    notices.notices_make(on=clock.today())


@app.task(name="treasury.clean")
def clean() -> None:
    """Cleans away what nobody comes back to: ended tokens and sessions, forms and files left lying."""
    from treasury import cleaning

    cleaning.clean()
