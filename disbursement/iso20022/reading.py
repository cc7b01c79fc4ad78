"""Reading a bank message without trusting it: size, encoding and document type first, then the parser."""

from lxml import etree

from treasury.core.errors import Problem

MAX_BYTES = 64 * 2**20
CURRENCY = "TWD"
_MAX_AMOUNT_DIGITS = 15


def read(message: bytes, *, namespace: str) -> etree._Element:
    """The only child of `Document` in `namespace`.

    UTF-8 only, at most MAX_BYTES, no document type (so no entity of anybody's making), no network, no depth or text
    beyond libxml2's limits. Problem `bank_message_too_large`, `bank_message_unreadable` or `bank_message_kind`.
    """
    if len(message) > MAX_BYTES:
        raise Problem("bank_message_too_large", f"{len(message)} bytes, at most {MAX_BYTES} are read", status=413)
    document = _parse(message)
    if document.tag != f"{{{namespace}}}Document" or len(document) != 1:
        raise Problem("bank_message_kind", f"{document.tag} is no message of {namespace}")
    return document[0]


def _parse(message: bytes) -> etree._Element:
    """The root element; a NUL byte or a document type is refused before the parser sees it."""
    if b"\0" in message or b"<!DOCTYPE" in message or b"<!ENTITY" in message:
        raise Problem("bank_message_unreadable", "a bank message is UTF-8 and has no document type")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(message, parser)
    except etree.XMLSyntaxError as problem:
        raise Problem("bank_message_unreadable", f"not well-formed XML: {problem.msg}") from None


class Names:
    """Qualified names of one namespace, and what stands under an element by them."""

    def __init__(self, namespace: str) -> None:
        self.prefix = f"{{{namespace}}}"

    def all(self, parent: etree._Element, name: str) -> list[etree._Element]:
        """The children of that name."""
        return parent.findall(self.prefix + name)

    def find(self, parent: etree._Element, path: str) -> etree._Element | None:
        """The first element at `A/B/C` under `parent`."""
        found: etree._Element | None = parent
        for name in path.split("/"):
            if found is None:
                return None
            found = next(found.iterchildren(self.prefix + name), None)
        return found

    def optional(self, parent: etree._Element, path: str) -> str:
        """The text at `A/B/C`, or an empty one."""
        found = self.find(parent, path)
        return "" if found is None else found.text or ""

    def text(self, parent: etree._Element, path: str) -> str:
        """The text at `A/B/C`; Problem `bank_message_incomplete` when there is none."""
        text = self.optional(parent, path)
        if not text:
            raise Problem("bank_message_incomplete", f"{etree.QName(parent).localname} has no {path}")
        return text

    def amount_twd(self, parent: etree._Element, path: str) -> int:
        """The amount at `A/B/C` in whole dollars; Problem `bank_message_amount` for anything else."""
        text, element = self.text(parent, path), self.find(parent, path)
        if element is None or element.get("Ccy") != CURRENCY:
            raise Problem("bank_message_amount", f"{path} is not in {CURRENCY}")
        return whole(text, path)


def whole(text: str, name: str) -> int:
    """A number without sign or fraction, of at most 15 digits; Problem `bank_message_amount` for anything else."""
    digits, _, fraction = text.partition(".")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _MAX_AMOUNT_DIGITS and not fraction.strip("0")):
        raise Problem("bank_message_amount", f"{name} is no whole amount: {text[:40]}")
    return int(digits)
