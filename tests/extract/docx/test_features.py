"""Every feature of a Word file that holds text, by a marker word of its own."""

import pytest

from tasks.core.documents import Document
from tasks.extract.options import ReadingOptions
from tests.extract.documents import LIMITS, read_docx
from tests.samples.features import COMPUTED, DELETED, HIDDEN, MARKERS, features_docx


@pytest.fixture(scope="module")
def document() -> Document:
    return read_docx(features_docx())


@pytest.mark.parametrize("feature", MARKERS)
def test_each_feature_is_read_once(document: Document, feature: str) -> None:
    if feature == "link target":
        targets = [link.target for link in document.links]
        address = f"https://{MARKERS[feature]}.example/"
        assert targets == [f"{address}field", address]
    else:
        assert document.text.count(MARKERS[feature]) == 1


@pytest.mark.parametrize("feature", COMPUTED)
def test_labels_are_computed(document: Document, feature: str) -> None:
    assert COMPUTED[feature] + MARKERS[feature] in document.text


def test_what_was_deleted_comes_with_all_changes_alone(document: Document) -> None:
    every = read_docx(features_docx(), LIMITS, ReadingOptions(all_changes=True)).text

    for word in DELETED.values():
        assert word not in document.text
        assert f"{{--{word}--}}" in every
    for word in (MARKERS["inserted text"], MARKERS["moved text"]):
        assert f"{{++{word}++}}" in every


def test_what_is_hidden_is_set_apart_each_for_its_reason(document: Document) -> None:
    apart = {document.text_of(b): b.set_apart for b in document.blocks if b.set_apart}

    assert all(word in apart for word in HIDDEN.values())
    assert len({apart[word] for word in HIDDEN.values()}) == len(HIDDEN)
    assert sum("set apart and not sent" in w for w in document.warnings) == len(HIDDEN)


def test_pages_turn_where_the_file_says_so(document: Document) -> None:
    page_of = {document.text_of(block): block.page for block in document.blocks}

    assert page_of[MARKERS["paragraph"]] == 1
    assert page_of[MARKERS["after a page break"]] == 2
    assert page_of[MARKERS["after a section"]] == 3
