"""Which certification authority issues an agency's cards (A-2.1, open point 9-2)."""

from typing import Final, Literal

Issuer = Literal["GCA", "XCA", "MOICA"]

# Schools of the police and the forces are government bodies and hold GCA cards.
_UNIFORMED: Final = ("警察", "國防", "軍事", "陸軍", "海軍", "空軍", "憲兵", "軍官", "政治作戰")


def card_issuer(*, kind: str, name: str, profile: str) -> Issuer:
    """MOICA in profile `taichung` (citizen certificates); otherwise XCA for a school, GCA for everybody else.

    `kind` and `name` are the agency's. A school of the police or the forces counts as a government body.
    """
    if profile == "taichung":
        return "MOICA"
    if kind == "school" and not any(word in name for word in _UNIFORMED):
        return "XCA"
    return "GCA"
