"""The people of a day and their cards: whoever the books do not know yet is provided, and gets a card to sign with."""

import base64
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings

from agencies import selectors as agencies
from agencies.issuers import card_issuer
from agencies.models import Agency
from agencies.selectors import HeldRole
from agencies.services import agency_register, staff_provide, treasury_staff_provide
from signing.card_client import CardClient
from signing.services import CardRegistration, cards_register, trust_import
from treasury.core import clock
from treasury.core.actors import SYSTEM, Actor
from treasury.core.errors import Problem
from treasury.core.parameters import parameters_on
from treasury.day.processes import places_of_books
from treasury.ledger import selectors as ledger
from vouchers import selectors as vouchers
from vouchers.files import VoucherFile


class People:
    """Everybody who acts on a day, looked up once, and the cards they hold."""

    def __init__(self) -> None:
        treasury_staff_provide()
        parameters = parameters_on(clock.today())
        self.profile = parameters.profile
        self.capacities = parameters.required_capacities
        self._actors = agencies.actors_on(clock.today())
        self._cards: dict[int, dict[str, Any]] = {}

    @property
    def releaser_signs(self) -> bool:
        """Whether the profile asks for the releaser's signature (B-6.2)."""
        return "releaser" in self.capacities

    @property
    def held(self) -> list[HeldRole]:
        """Every role that somebody holds today, with its agency."""
        return list(self._actors)

    def actor(self, agency_code: str, role: str) -> Actor:
        """Who holds a role at an agency."""
        return self._actors[HeldRole(role, agency_code)]

    def at_treasury(self, role: str) -> Actor:
        """Who holds a role at the treasury."""
        return self._actors[HeldRole(role, "")]

    def clerk_of(self, file: VoucherFile) -> Actor:
        """The clerk who hands a file in. An agency known from the budget only is registered and staffed at once;
        Problem `unknown_agency` for one that is in neither table."""
        code = file.agency_code
        if HeldRole("clerk", code) not in self._actors:
            if not Agency.objects.filter(code=code).exists():
                _register_from_budget(file)
            staff_provide(agency_codes=[code])
            self._actors |= agencies.actors_on(clock.today(), [code])
        return self.actor(code, "clerk")

    def equip(self, ids: Sequence[int]) -> None:
        """Gives every signer of some vouchers a card, registers it, and takes the day's revocation lists in."""
        rows = vouchers.vouchers_in(["awaiting_accountant", "awaiting_head", "certified"], ids=ids)
        self.equip_agencies(sorted({row.agency_code for row in rows}))

    def equip_agencies(self, codes: Sequence[str]) -> dict[int, dict[str, Any]]:
        """Gives the signers of some agencies a card each, as `equip`; returns what was issued (`card_no`, `pin`) by
        user id."""
        signing = Agency.objects.filter(code__in=codes).order_by("code")
        wanted = [(agency, capacity) for agency in signing for capacity in self.capacities]
        answers = _issue([self._request(agency, capacity) for agency, capacity in wanted])
        trust_import(folder=places_of_books() / "pki")
        registrations = []
        for (agency, capacity), answer in zip(wanted, answers, strict=True):
            holder = self.actor(agency.code, capacity)
            assert holder.user_id is not None
            self._cards[holder.user_id] = answer
            registrations.append(
                CardRegistration(
                    user_id=holder.user_id,
                    agency_code=agency.code,
                    capacity=capacity,
                    issuer_kind=card_issuer(kind=agency.kind, name=agency.name, profile=self.profile),
                    certificate=base64.b64decode(answer["certificate"]),
                    card_no=answer["card_no"],
                )
            )
        cards_register(registrations=registrations, actor=SYSTEM, activate=True)
        return self._cards

    def _request(self, agency: Agency, capacity: str) -> dict[str, str]:
        return {
            "agency_code": agency.code,
            "agency_name": agency.name,
            "capacity": capacity,
            "holder": self.actor(agency.code, capacity).name,
            "issuer": card_issuer(kind=agency.kind, name=agency.name, profile=self.profile),
        }

    def sign(self, actor: Actor, content: bytes) -> bytes:
        """A person's signature over canonical bytes, by the card agent and the PIN of the card."""
        assert actor.user_id is not None
        card = self._cards[actor.user_id]
        return _client(settings.CARD_SERVICE_URL).sign(card_no=card["card_no"], pin=card["pin"], content=content)


@lru_cache(maxsize=2)
def _client(address: str) -> CardClient:
    return CardClient(address)


def _register_from_budget(file: VoucherFile) -> None:
    """Registers an agency under the name it has in the budget table."""
    name = ledger.agency_name(file.agency_code)
    if not name:
        raise Problem("unknown_agency", f"there is no agency {file.agency_code!r}", path="/agency_code")
    is_school = any(word in name for word in ("學校", "學院", "大學"))
    agency_register(code=file.agency_code, name=name, kind="school" if is_school else "agency")


def _issue(requests: Iterable[dict[str, str]]) -> list[dict[str, Any]]:
    """Has the simulated authorities issue cards; a card that is there already and valid is handed out again."""
    home = places_of_books()
    keys = ("--module", settings.CARD_MODULE, "--cards", str(home / "cards"))
    command = [sys.executable, "-m", "signing.simulation.issue", "--pki", str(home / "pki"), *keys]
    lines = "".join(json.dumps(request, ensure_ascii=False) + "\n" for request in requests)
    done = subprocess.run(command, input=lines.encode(), capture_output=True, check=False)
    if done.returncode:
        raise Problem("cards_not_issued", done.stderr.decode(errors="replace")[-2000:])
    return [json.loads(line) for line in done.stdout.splitlines()]
