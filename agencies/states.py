"""The life of a request for a role: a person asks, an administrator grants or refuses (A-2.3)."""

from treasury.core.steps import Machine, Step

STATES = {
    "requested": ("待核定", "Waiting for a decision"),
    "granted": ("已核准", "Granted"),
    "refused": ("未核准", "Refused"),
}

ACCESS_REQUEST = Machine(
    name="access_request",
    title_zh="權限申請",
    initial=("requested",),
    states=STATES,
    steps=(
        Step(
            "grant",
            ("requested",),
            "granted",
            "agencies.grant_role",
            "核准",
            "Grant",
            requirement="A-2.3",
        ),
        Step(
            "refuse",
            ("requested",),
            "refused",
            "agencies.grant_role",
            "不予核准",
            "Refuse",
            requirement="A-2.3",
        ),
    ),
)
