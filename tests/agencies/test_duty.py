from itertools import pairwise

from agencies.duty import ROLE_PERMISSIONS, ROLE_SEPARATIONS, SEPARATIONS, SYSTEM_PERMISSIONS
from agencies.roles import Role
from treasury.core.steps import machines

# From the first hand to the last: whoever does one of these does none of the others (C-21.11.2, B-6.2).
AGENCY_LAYERS = (
    "vouchers.create_voucher",
    "vouchers.pass_review",
    "vouchers.certify_accountant",
    "vouchers.certify_head",
    "vouchers.release_voucher",
)


def test_every_step_of_every_machine_has_a_permission_in_the_table() -> None:
    asked = {step.permission for machine in machines().values() for step in machine.steps}

    assert asked <= set(ROLE_PERMISSIONS)


def test_every_role_may_do_something_and_every_permission_has_a_role() -> None:
    assert set().union(*ROLE_PERMISSIONS.values()) == set(Role)
    assert all(ROLE_PERMISSIONS.values())


def test_the_system_may_do_only_what_the_table_knows_and_nothing_that_binds_an_agency() -> None:
    assert set(ROLE_PERMISSIONS) >= SYSTEM_PERMISSIONS
    assert not [permission for permission in SYSTEM_PERMISSIONS if permission.startswith("vouchers.")]
    assert "disbursement.examine_voucher" not in SYSTEM_PERMISSIONS


def test_separations_speak_of_known_permissions_and_each_pair_once() -> None:
    pairs = [frozenset((rule.permission_a, rule.permission_b)) for rule in SEPARATIONS]

    assert all(pair <= set(ROLE_PERMISSIONS) and len(pair) == 2 for pair in pairs)
    assert len(set(pairs)) == len(pairs)
    assert all(rule.law for rule in (*SEPARATIONS, *ROLE_SEPARATIONS))


def test_the_layers_of_an_agency_are_kept_apart_each_from_each() -> None:
    pairs = {frozenset((rule.permission_a, rule.permission_b)) for rule in SEPARATIONS}

    for above, below in pairwise(range(len(AGENCY_LAYERS) + 1)):
        for other in AGENCY_LAYERS[below:]:
            assert frozenset((AGENCY_LAYERS[above], other)) in pairs


def test_the_auditor_only_looks() -> None:
    may = {permission for permission, roles in ROLE_PERMISSIONS.items() if Role.AUDITOR in roles}

    assert {"vouchers.view_voucher", "disbursement.view_desk", "ledger.view_books", "core.view_history"} <= may
    assert [permission for permission in may if not permission.partition(".")[2].startswith("view_")] == []
