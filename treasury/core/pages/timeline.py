"""What happened to a subject, as `components/timeline.html` tells it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class Entry:
    """One act: when, what, who in which role from where with which card, why; `details` says what no field has."""

    at: datetime
    title: str
    actor_name: str
    actor_role_title: str
    address: str
    because: str
    card_no: str = ""
    details: str = ""
