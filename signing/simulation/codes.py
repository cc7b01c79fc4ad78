"""The codes of the card agent: HiPKI's public ones, and three of ours for its windows (0x7600001x)."""

from typing import Final

OK: Final = 0
BAD_FUNCTION: Final = 0x76000002
NO_CONTENT: Final = 0x76000003
NO_CARD: Final = 0x76000006
BAD_JSON: Final = 0x7600000B
FORBIDDEN: Final = 0x7600000F
REFUSED_CONTENT: Final = 0x76000010
REPLAYED: Final = 0x76000011
WINDOW_BUSY: Final = 0x76000012
WINDOW_CLOSED: Final = 0x76000013
CARD_ERROR: Final = 0x76000031
NO_PIN: Final = 0x76000998
CANCELLED: Final = 0x76000999
NOT_YET_VALID: Final = 0x76500001
EXPIRED: Final = 0x76500002
# What the card itself said (`last_error`).
DEVICE_FAILED: Final = 0x30
PIN_WRONG: Final = 0xA0
PIN_LENGTH: Final = 0xA2
PIN_LOCKED: Final = 0xA4
TRIES_LEFT: Final = {2: 0x80000002, 1: 0x80000001}
