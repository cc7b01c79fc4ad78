"""Cards as PKCS#11 tokens: what cannot be taken off them, and what SoftHSM alone would not hold."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pkcs11
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from pkcs11 import Attribute, KeyType, ObjectClass
from pkcs11.exceptions import AttributeSensitive, PKCS11Error

from signing.simulation.backends import CardFailed, backend_of
from signing.simulation.cards import Card
from signing.simulation.pkcs11_cards import Pkcs11Cards
from tests.signing.agent.process import PIN, CardStand


@pytest.fixture
def cards(tokens: CardStand) -> Pkcs11Cards:
    tokens.fill()
    backend = tokens.backend()
    assert isinstance(backend, Pkcs11Cards)
    return backend


@pytest.fixture
def card(cards: Pkcs11Cards) -> Card:
    return next(card for card in cards.cards() if card.facts["holder"] == "卓首長")


@contextmanager
def session_on(cards: Pkcs11Cards, card: Card, pin: str | None = PIN) -> Iterator[pkcs11.Session]:
    """A program of one's own on the card's token."""
    with cards._library() as library:
        token = next(one for one in library.get_tokens() if one.label == card.card_no)
        with token.open(rw=True, user_pin=pin) as session:
            yield session


def test_a_token_signs_with_the_key_of_its_certificate(cards: Pkcs11Cards, card: Card) -> None:
    signature = cards.sign(card, pin=PIN, data=b"signed attributes")

    key = card.certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(signature, b"signed attributes", padding.PKCS1v15(), hashes.SHA256())
    with session_on(cards, card, None) as session:
        (stored,) = session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
        assert stored[Attribute.VALUE] == card.certificate.public_bytes(serialization.Encoding.DER)


@pytest.mark.threat("key-taken-off")
def test_the_key_cannot_be_taken_off_its_token(cards: Pkcs11Cards, card: Card) -> None:
    with session_on(cards, card) as session:
        key = session.get_key(object_class=ObjectClass.PRIVATE_KEY)
        assert [key[one] for one in (Attribute.SENSITIVE, Attribute.NEVER_EXTRACTABLE, Attribute.LOCAL)] == [True] * 3
        assert [key[one] for one in (Attribute.EXTRACTABLE, Attribute.MODIFIABLE, Attribute.COPYABLE)] == [False] * 3
        for secret in (Attribute.PRIVATE_EXPONENT, Attribute.PRIME_1, Attribute.COEFFICIENT):
            with pytest.raises(AttributeSensitive):
                key[secret]
        wrapping = session.generate_key(KeyType.AES, 256)
        for taking in (
            lambda: wrapping.wrap_key(key),
            lambda: key.__setitem__(Attribute.EXTRACTABLE, True),
            lambda: key.copy({Attribute.EXTRACTABLE: True, Attribute.SENSITIVE: False}),
        ):
            with pytest.raises(PKCS11Error):
                taking()


@pytest.mark.threat("key-taken-off")
def test_nobody_stays_logged_in_after_a_signature(cards: Pkcs11Cards, card: Card) -> None:
    cards.sign(card, pin=PIN, data=b"signed attributes")

    with session_on(cards, card, None) as session:
        assert list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})) == []


def test_the_token_itself_would_count_nothing(cards: Pkcs11Cards, card: Card) -> None:
    for _ in range(5):
        with pytest.raises(CardFailed, match="PinIncorrect"), session_on(cards, card, "000000"):
            pass

    assert cards.sign(card, pin=PIN, data=b"signed attributes")


def test_a_second_key_pair_is_for_encipherment_alone(tokens: CardStand, cards: Pkcs11Cards) -> None:
    number = tokens.issue({"holder": "雙金鑰"}, options=("--encipherment",))[0]["card_no"]
    card = cards.card(number)
    assert card is not None

    with session_on(cards, card) as session:
        uses = {
            key[Attribute.LABEL]: (key[Attribute.SIGN], key[Attribute.DECRYPT])
            for key in session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
        }

    assert uses == {"certificate": (True, False), "encipherment": (False, True)}


def test_a_token_that_is_gone_is_no_card_in_the_reader(cards: Pkcs11Cards, card: Card) -> None:
    gone = Card(card.path, card.facts | {"token": "0" * 16})

    assert not cards.holds(gone)
    with pytest.raises(CardFailed):
        cards._sign(gone, PIN, b"signed attributes")


def test_cards_of_the_other_kind_are_not_there(tokens: CardStand, files: CardStand, card: Card) -> None:
    assert backend_of(tokens.cards).cards() == []
    assert backend_of(tokens.cards).card(card.card_no) is None
    assert backend_of(files.cards, tokens.module).cards() == []


def test_a_module_that_does_not_work_is_said_at_once(files: CardStand) -> None:
    command = [sys.executable, "-m", "signing.simulation.card_service", "--cards", str(files.cards), "--port", "0"]

    done = subprocess.run([*command, "--module", "/nonexistent.so"], capture_output=True, text=True, timeout=30)

    assert (done.returncode, "the module /nonexistent.so does not work" in done.stderr) == (2, True)
