from dataclasses import replace

from tasks.core.answers import Answer
from tasks.core.capacity import Window
from tasks.core.outputs import CitationStatus, Output
from tasks.merge.concat import concat
from tasks.merge.merge import merge
from tasks.merge.output import build_output
from tests.merge.building import answer, document, lead, recipe

DOCUMENTS = {
    "old.pdf": document("The fee is 4,200 euros a month. ", "It ends in May of each year."),
    "new, final.pdf": document("The fee is 4,900 euros a month. ", "It ends in June of each year."),
}


def of(name: str, text: str | None, *, failure: str | None = None) -> Answer:
    made = answer(1, text, total=1, failure=failure)
    return replace(made, chunk=replace(made.chunk, document=name))


ANSWERS = [
    of("old.pdf", "It costs “The fee is 4,200 euros” [p. 1]."),
    of("new, final.pdf", "It costs “The fee is 4,900 euros” [p. 1], ends [pp. 1, 2]."),
]


def test_answers_of_several_documents_are_merged_with_references_that_name_them() -> None:
    def reply(request: object) -> str:
        shown = request.messages[-1].content  # type: ignore[attr-defined]
        assert "document: old.pdf\n" in shown
        assert "“The fee is 4,900 euros” [new, final.pdf, p. 1], ends" in shown
        assert "[new, final.pdf, pp. 1, 2]" in shown
        return "From “The fee is 4,200 euros” [old.pdf, p. 1] it rose."

    merged = lead(merge(ANSWERS, recipe(), DOCUMENTS, window=Window(3_000)), reply)

    assert [(c.quote, c.document) for c in merged.uncarried] == [
        ("The fee is 4,900 euros", "new, final.pdf")
    ]


def test_an_output_says_of_which_document_it_speaks() -> None:
    answers = [ANSWERS[0], of("new, final.pdf", None, failure="HTTP 402")]
    merged = lead(merge(answers, recipe(), DOCUMENTS, window=Window(3_000)), lambda _: "x")

    out: Output = build_output(
        merged, answers, documents=DOCUMENTS, recipe=recipe(), title="t", model="m"
    )

    assert out.documents == tuple(DOCUMENTS)
    assert [(c.document, c.status) for c in out.citations] == [("old.pdf", CitationStatus.FOUND)]
    assert [gap.document for gap in out.gaps] == ["new, final.pdf"]
    assert [covered.document for covered in out.covered] == ["old.pdf"]
    assert "page 1 of new, final.pdf could not be answered" in out.flaws[0]
    assert (out.sentences, out.cited_sentences) == (1, 1)


def test_translations_of_several_documents_stand_under_their_names() -> None:
    assert concat(ANSWERS, DOCUMENTS).startswith("# new, final.pdf\n\nIt costs")
