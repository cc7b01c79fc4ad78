"""Which shape stands before the word of a state: a ring, a dot, bars, a tick or a cross; colour only repeats it."""

from typing import Final

# ring: not begun; note (dot): on its way; wait (bars): somebody must do something first; good (tick): done; stop
# (cross): refused, taken back or ended without effect. One word means the same in every machine.
_SHAPES: Final = {
    "ring": ("draft", "blank", "built", "ready", "unused", "proposed", "registered"),
    "wait": (
        "on_hold_paper",
        "postponed",
        "unknown",
        "stopped",
        "requested",
        "awaiting_accountant",
        "awaiting_head",
        "suspended",
        "on_hold",
    ),
    "good": ("paid", "posted", "credited", "cleared", "settled", "granted", "answered", "active", "delivered"),
    "stop": (
        "returned",
        "cancelled",
        "rejected",
        "refused",
        "returned_by_bank",
        "returned_to_treasury",
        "spoiled",
        "revoked",
        "expired",
        "ended",
        "failed",
        "gone",
        "lost",
        "replaced",
    ),
}
_BY_STATE: Final = {state: shape for shape, states in _SHAPES.items() for state in states}


def shape_of(state: str) -> str:
    """The class of a state's tag; a state that is not named here is on its way (`note`)."""
    return _BY_STATE.get(state, "note")
