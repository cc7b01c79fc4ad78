"""Who does something: a person in a role, or the system itself."""

from dataclasses import dataclass


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


SYSTEM = Actor(user_id=None, name="system", role="system")
