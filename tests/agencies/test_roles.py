from agencies.roles import AGENCY_ROLES, TREASURY_ROLES, Role


def test_every_role_is_an_agencys_or_the_treasurys() -> None:
    assert sorted([*AGENCY_ROLES, *TREASURY_ROLES]) == sorted(Role)


def test_every_role_has_a_name_in_both_languages() -> None:
    assert Role.HEAD.label == "機關長官"
    assert Role.HEAD.title_en == "agency head"
    assert all(role.label and role.title_en for role in Role)
