"""The suites whose data lie in ../shared only: two lists of expectations of PKITS, and Wycheproof."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from signing.algorithms import signature_verify
from signing.certificates import certificate_read
from signing.crls import RevocationList
from signing.paths import PathPolicy, TrustStore
from signing.refusals import Refused
from tests.signing import pkits
from tests.tally import Tally

DATA = Path(__file__).parents[3] / "shared" / "data"

pytestmark = [pytest.mark.shared, pytest.mark.filterwarnings("ignore:Parsed a serial number which wasn't positive")]


def policy_of(case: dict[str, Any]) -> PathPolicy:
    """The inputs of a case of the lists."""
    given = case.get("params") or {}
    return PathPolicy(
        oids=frozenset(given.get("user_initial_policy_set") or ()),
        explicit=bool(given.get("initial_explicit_policy")),
        inhibit_mapping=bool(given.get("initial_policy_mapping_inhibit")),
        inhibit_any=bool(given.get("initial_any_policy_inhibit")),
    )


def path_is_valid(case: dict[str, Any]) -> bool:
    """A case of the lists, with the certificates and lists it names and the anchor's."""
    certificates, lists = pkits.DATA / "certs", pkits.DATA / "crls"
    try:
        known = [certificate_read((certificates / name).read_bytes()) for name in case.get("other_certs", [])]
        names = [*case.get("crls", []), "TrustAnchorRootCRL.crl"]
        store = TrustStore(
            [certificate_read((certificates / pkits.ANCHOR).read_bytes())],
            known,
            [RevocationList((lists / name).read_bytes()) for name in names],
        )
        checked = certificate_read((certificates / case["cert"]).read_bytes())
        return bool(store.path_check(checked, at=pkits.AT, policy=policy_of(case)))
    except Refused:
        return False


@pytest.mark.parametrize(("name", "agreed", "total"), [("pkits.json", 244, 246), ("pkits_boringssl.json", 247, 249)])
def test_it_agrees_with_both_lists_but_for_dsa(name: str, agreed: int, total: int, tally: Tally) -> None:
    cases = json.loads((DATA / "pkits" / name).read_text("utf-8"))

    wrong = [case for case in cases if path_is_valid(case) == bool(case.get("error"))]

    tally(f"PKITS paths, {name}", len(cases) - len(wrong), len(cases))
    assert len(cases) == total
    assert len(cases) - len(wrong) == agreed
    assert {case["id"] for case in wrong} == {"40104", "40105"}, "the two valid DSA cases, no false accept"


@pytest.mark.parametrize("name", ["pkits.json", "pkits_boringssl.json", "pkits-user-notice.json"])
def test_our_own_table_says_what_both_lists_say(name: str, tally: Tally) -> None:
    table = {(case.name, case.policy): case.valid for case in pkits.cases()}
    listed = json.loads((DATA / "pkits" / name).read_text("utf-8"))

    agreed = [case for case in listed if table.get((case["cert"], policy_of(case))) is not bool(case.get("error"))]
    found = [case for case in agreed if (case["cert"], policy_of(case)) in table]

    tally(f"our own table of PKITS against {name}", len(found), len(listed))
    assert len(found) == len(listed)


SCHEMES = {"RsassaPkcs1Verify": "pkcs1", "RsassaPssVerify": "pss", "EcdsaVerify": "ecdsa"}


@pytest.mark.parametrize("path", sorted((DATA / "wycheproof").glob("*.json")), ids=lambda path: path.stem)
def test_it_agrees_with_wycheproof(path: Path, tally: Tally) -> None:
    wrong, count = [], 0
    for group in json.loads(path.read_text("utf-8"))["testGroups"]:
        key = load_pem_public_key(group["publicKeyPem"].encode())
        for test in group["tests"]:
            try:
                signature_verify(
                    key=key,
                    scheme=SCHEMES[group["type"]],
                    hash_name=group["sha"].replace("-", "").lower(),
                    signature=bytes.fromhex(test["sig"]),
                    signed=bytes.fromhex(test["msg"]),
                )
                valid = True
            except Refused:
                valid = False
            # `acceptable` is a padding without NULL: old signers wrote it, we need not take it
            count += 1
            if valid != (test["result"] == "valid"):
                wrong.append((test["tcId"], test["comment"], test["result"]))

    tally("Wycheproof signatures", count - len(wrong), count)
    assert wrong == []
