import pytest

from agencies.issuers import card_issuer


@pytest.mark.parametrize(
    ("kind", "name", "profile", "issuer"),
    [
        ("agency", "行政院", "nta", "GCA"),
        ("council", "臺中市議會", "nta", "GCA"),
        ("school", "國家文官學院及所屬", "nta", "XCA"),
        ("school", "外交及國際事務學院", "nta", "XCA"),
        ("school", "中央警察大學", "nta", "GCA"),
        ("school", "陸軍軍官學校", "nta", "GCA"),
        ("agency", "行政院", "taichung", "MOICA"),
        ("school", "臺中市立長億高級中學", "taichung", "MOICA"),
    ],
)
def test_the_kind_of_agency_decides_who_issues_its_cards(kind: str, name: str, profile: str, issuer: str) -> None:
    assert card_issuer(kind=kind, name=name, profile=profile) == issuer
