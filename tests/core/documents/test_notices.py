from tests.core.documents import examples
from tests.core.documents.reading import counts_its_pages, pages
from treasury.core.documents import render


def test_a_notice_names_the_voucher_the_reasons_the_findings_and_who_returned_it() -> None:
    texts = pages(render(examples.notice()))

    assert len(texts) == 1
    for words in [
        "憑單退件通知書",
        "行政院",
        "P0310-017",
        "1,234,567",
        "✓R01",
        "R02",
        "B-23.2.1",
        "科目3203010100",
        "可支用餘額1,000,000元，不足支付。",
        "減少金額",
        "請一併檢附契約影本。",
        "黃雅雯",
        "114/03/1014:05:33",
        "中華民國114年3月10日",
        "114-000012",
        "(02)2322-8000",
    ]:
        assert words in texts[0], words


def test_a_reason_that_was_not_marked_has_no_tick() -> None:
    assert "✓R02" not in pages(render(examples.notice()))[0]


def test_a_notice_without_findings_note_or_payee_is_one_page() -> None:
    texts = pages(render(examples.notice(findings=(), note="", contact="", notice_no="")))

    assert len(texts) == 1
    assert "附註" not in texts[0]


def test_many_findings_run_over_pages_and_the_signature_stands_once_at_the_end() -> None:
    notice = examples.notice(findings=examples.notice().findings * 60)

    texts = pages(render(notice))

    assert len(texts) > 2
    assert counts_its_pages(texts)
    assert all("接下頁" in text for text in texts[:-1])
    assert ["審核人員" in text for text in texts] == [False] * (len(texts) - 1) + [True]
    assert sum(text.count("B-23.2.1") for text in texts) == 60


def test_no_length_of_findings_spills_onto_an_uncounted_page() -> None:
    for count in (*range(1, 22), 40, 41, 42):
        assert counts_its_pages(pages(render(examples.notice(findings=examples.notice().findings * count)))), count
