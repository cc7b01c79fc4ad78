"""Who does something: a person in a role, or the system itself."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Actor:
    """A snapshot of who acts: it is written into the history and outlives the account."""

    user_id: int | None
    name: str
    role: str
    agency_code: str = ""
    address: str = ""

    @property
    def is_system(self) -> bool:
        """Whether no person stands behind the act (a worker's step)."""
        return self.user_id is None

    @property
    def remembered(self) -> dict[str, Any]:
        """The columns of a history that say who it was, from where."""
        return {
            "actor_id": self.user_id,
            "actor_name": self.name,
            "actor_role": self.role,
            "actor_agency_code": self.agency_code,
            "address": self.address,
        }


SYSTEM = Actor(user_id=None, name="system", role="system")
