"""B-7: paper first only in an outage."""

from tests.vouchers import examples


def test_a_paper_fallback_names_its_outage() -> None:
    paper = examples.changed(examples.remittance(), {"/channel": "paper_fallback"})

    assert examples.at_entry(paper) == [("B-7", "R04", "/incident_ref")]
    assert examples.at_entry(paper, {"/incident_ref": "INC-114-01"}) == []
