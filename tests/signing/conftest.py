"""An agency's signers with registered cards, on the day of the sample."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from agencies.models import RoleAssignment, User
from agencies.selectors import actor_for
from agencies.services import agency_register, treasury_staff_provide
from signing import services
from signing.content import split
from signing.models import Card, Signature
from signing.refusals import Refused
from signing.services import CardRegistration
from tests.signing import forge, stamps
from tests.signing.documents import document
from treasury.core import clock
from treasury.core.actors import SYSTEM

CABINET = "0003010000"
CAPACITIES = ("accountant", "head", "releaser")


@pytest.fixture
def day() -> Iterator[datetime]:
    """Friday 7 March 2025, ten in the morning in Taipei."""
    with clock.frozen(forge.AT) as at:
        yield at


def by_force(statement: str, *params: Any) -> None:
    """Changes what PostgreSQL protects, as somebody with the keys of the database might."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, params)
        cursor.execute("SET session_replication_role = DEFAULT")


@dataclass
class Person:
    """Somebody with a card."""

    user: User
    identity: forge.Identity
    card: Card


class Desk:
    """The agency's three signers and what they do with one voucher."""

    def __init__(self, authorities: forge.Pki, folder: Path) -> None:
        self.authorities, self.folder = authorities, folder
        self.agency = agency_register(code=CABINET, name="行政院", kind="agency")
        treasury_staff_provide()
        self.treasurer = actor_for("", "treasury_admin", clock.today())
        self.people = {capacity: self.person(capacity) for capacity in CAPACITIES}

    def person(self, capacity: str, name: str = "", **given: Any) -> Person:
        """A person with a card registered in a capacity."""
        name = name or f"{CABINET}-{capacity}"
        issuer = given.pop("issuer", self.authorities.gca)
        identity = given.pop("identity", None) or issuer.issue(name)
        user = User.objects.create_user(name, agency_code=CABINET, display_name=name)
        self.holds(user, capacity)
        return Person(user, identity, self.register(user, capacity, identity, **given))

    def holds(self, user: User, capacity: str) -> None:
        """Gives a person the post in which they sign."""
        RoleAssignment.objects.create(
            user=user, role=capacity, agency=self.agency, valid_from_on=date(2025, 1, 1), granted_by="system"
        )

    def register(self, user: User, capacity: str, identity: forge.Identity, **given: Any) -> Card:
        """Registers a card and puts it into force."""
        wanted = {"agency_code": CABINET, "issuer_kind": "GCA", "card_no": f"GC{user.pk:014}", **given}
        registration = CardRegistration(user_id=user.pk, capacity=capacity, certificate=identity.der, **wanted)
        return services.card_register(registration=registration, actor=SYSTEM, activate=True)

    def into_force(self, card: Card) -> Card:
        """Takes a registered card all the way in: file, paper, into force."""
        services.card_send_file(card=card, actor=SYSTEM)
        services.card_receive_paper(card=card, actor=self.treasurer, letter_no="院會字第1140000001號")
        return services.card_activate(card=card, actor=self.treasurer)

    def content(self, capacity: str, **given: Any) -> bytes:
        """The content for one signature, issued by our side."""
        wanted: dict[str, Any] = {
            "document": document(),
            "capacity": capacity,
            "user_id": self.people[capacity].user.pk,
            "statement_version": "certification/1",
        }
        return services.content_issue(**{**wanted, **given})

    def message(self, capacity: str, content: bytes, **given: Any) -> bytes:
        """What the person's card makes of it."""
        person = self.people[capacity]
        wanted: dict[str, Any] = {"nonce": split(content).head.nonce, "card_no": person.card.card_no, "at": clock.now()}
        return forge.message(given.pop("identity", person.identity), content, **{**wanted, **given})

    def accept(
        self, capacity: str, content: bytes | None = None, message: bytes | None = None, **given: Any
    ) -> Signature:
        """Hands a signature in."""
        content = content or self.content(capacity)
        head = split(content).head
        wanted: dict[str, Any] = {
            "document_ref": head.document_ref,
            "revision": head.revision,
            "capacity": capacity,
            "user_id": self.people[capacity].user.pk,
            "agency_code": CABINET,
            "content": content,
            "message": message or self.message(capacity, content),
        }
        wanted |= given
        person = {name: wanted.pop(name) for name in ("user_id", "session") if name in wanted}
        proof = services.signature_prove(**wanted)
        del wanted["content"], wanted["message"]
        return services.signature_store(proof=proof, **wanted, **person)

    def sign_all(self, **given: Any) -> None:
        """All three sign one after the other."""
        for capacity in CAPACITIES:
            self.accept(capacity, self.content(capacity, **given))


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    """The authorities' folder as it is handed to us."""
    return forge.pki().write(tmp_path / "trust")


@pytest.fixture(scope="session")
def _serving() -> Iterator[stamps.LocalAuthority]:
    with stamps.serving(stamps.LocalAuthority()) as local:
        yield local


@pytest.fixture
def timestamps(_serving: stamps.LocalAuthority, settings: Settings) -> stamps.LocalAuthority:
    """A timestamp authority below the test root, by the clock of the tests; what it answers is the test's to change."""
    settings.TIMESTAMP_URL = _serving.url
    _serving.answer, _serving.asked = stamps.reply_to, 0
    return _serving


@pytest.fixture
def desk(db: None, day: datetime, trust: Path, timestamps: stamps.LocalAuthority) -> Desk:
    """The agency's desk with everything registered."""
    services.trust_import(folder=trust)
    return Desk(forge.pki(), trust)


@pytest.fixture
def statements() -> Callable[..., int]:
    """Counts the SQL statements of a call."""

    def count(call: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as captured:
            call()
        return len(captured)

    return count


def refusal(call: Callable[[], Any]) -> str:
    """The code with which a call is refused."""
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code
