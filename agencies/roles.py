"""The roles of an agency's people and of the treasury's (requirements section 1, A-2.3)."""

from typing import Final

from django.db import models

from treasury.core.texts import either


class Role(models.TextChoices):
    """What a person may be; a treasury role is held without an agency."""

    ADMIN = "admin", "權限管理者"
    CLERK = "clerk", "承辦人員"
    REVIEWER = "reviewer", "覆核人員"
    ACCOUNTANT = "accountant", "主辦會計人員"
    HEAD = "head", "機關長官"
    RELEASER = "releaser", "放行人"
    EXAMINER = "examiner", "審核人員"
    PAYER = "payer", "支付人員"
    SUPERVISOR = "supervisor", "主管"
    TREASURY_ADMIN = "treasury_admin", "系統管理者"
    AUDITOR = "auditor", "查核人員"

    @property
    def title_en(self) -> str:
        """The English name."""
        return _TITLES_EN[self]


_TITLES_EN: Final = {
    Role.ADMIN: "access administrator",
    Role.CLERK: "handling officer",
    Role.REVIEWER: "reviewer",
    Role.ACCOUNTANT: "chief accountant",
    Role.HEAD: "agency head",
    Role.RELEASER: "releaser",
    Role.EXAMINER: "treasury examiner",
    Role.PAYER: "treasury payer",
    Role.SUPERVISOR: "treasury supervisor",
    Role.TREASURY_ADMIN: "treasury system administrator",
    Role.AUDITOR: "auditor",
}

AGENCY_ROLES: Final = (
    Role.CLERK,
    Role.REVIEWER,
    Role.ACCOUNTANT,
    Role.HEAD,
    Role.RELEASER,
    Role.ADMIN,
)
TREASURY_ROLES: Final = (
    Role.EXAMINER,
    Role.PAYER,
    Role.SUPERVISOR,
    Role.TREASURY_ADMIN,
    Role.AUDITOR,
)


def role_title(role: str) -> str:
    """The word for a role in the reader's language; the system has one as well, any other text stays as it is."""
    if role == "system":
        return either("系統", "System")
    return either(str(Role(role).label), Role(role).title_en.capitalize()) if role in Role.values else role
