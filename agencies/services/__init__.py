"""Everything that writes agencies, people, roles and the bank directory."""

from agencies.services.addresses import address_end, address_refuse, address_register, address_require
from agencies.services.agencies import agency_import, agency_register
from agencies.services.banks import bank_import
from agencies.services.clients import IssuedClient, client_create, client_renew_secret, client_revoke
from agencies.services.people import person_create, role_grant, role_revoke
from agencies.services.staff import staff_provide, treasury_staff_provide
from treasury.core.importing import ImportResult

__all__ = [
    "ImportResult",
    "IssuedClient",
    "address_end",
    "address_refuse",
    "address_register",
    "address_require",
    "agency_import",
    "agency_register",
    "bank_import",
    "client_create",
    "client_renew_secret",
    "client_revoke",
    "person_create",
    "role_grant",
    "role_revoke",
    "staff_provide",
    "treasury_staff_provide",
]
