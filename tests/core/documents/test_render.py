import pytest

from tests.core.documents import examples
from tests.core.documents.reading import pages, reader
from treasury.core.documents import render_many
from treasury.core.documents.shapes import Document
from treasury.core.errors import Problem


def test_many_documents_of_one_kind_make_one_file_in_their_order() -> None:
    cheques = [examples.cheque(serial=f"{number:07}") for number in range(1, 13)]

    pdf = render_many(cheques)

    texts = pages(pdf)
    assert len(texts) == 12
    assert all(f"AA{number:07}" in text for number, text in enumerate(texts, 1))
    metadata = reader(pdf).metadata
    assert metadata is not None
    assert metadata.title == "國庫支票 AA0000001 等 12 張"


def test_each_voucher_of_a_file_counts_its_own_pages() -> None:
    texts = pages(render_many([examples.salaries(3), examples.payment()]))

    assert [text[-7:] for text in texts] == ["第1頁，共3頁", "第2頁，共3頁", "第3頁，共3頁", "第1頁，共1頁"]


def test_nothing_to_print_is_a_problem() -> None:
    with pytest.raises(Problem) as caught:
        render_many([])

    assert caught.value.code == "no_documents"


def test_two_kinds_in_one_file_are_a_problem() -> None:
    with pytest.raises(Problem) as caught:
        render_many([examples.cheque(), examples.payment()])

    assert caught.value.code == "mixed_documents"


@pytest.mark.parametrize(
    ("document", "title"),
    [
        (examples.transfer(), "轉帳憑單 0003010000 T0310-001"),
        (examples.notice(), "憑單退件通知書 0003010000 P0310-017"),
        (examples.register(), "憑單收件登記簿"),
    ],
)
def test_the_file_is_titled_by_its_document(document: Document, title: str) -> None:
    metadata = reader(render_many([document])).metadata

    assert metadata is not None
    assert metadata.title == title
