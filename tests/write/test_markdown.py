from dataclasses import replace

from markdown_it import MarkdownIt

from tasks.core.outputs import Gap, Silent
from tasks.write.markdown import render_markdown
from tests.write.made import OUTPUT, SOURCE, a_source, an_output
from tests.write.test_inert import acting

WHOLE = """\
# Summary of the lease

> Pages 3–4 have no answer.

## Terms

The rent is due monthly [p. 2].

---

## About this document

- **Source:** lease.pdf
- **Recipe:** summarize, version 0123456789ab
- **Model:** minimax:m2.7@0
- **Coverage:** 80.0% (80 of 100 characters answered, 20 failed, 10 set apart and not sent)
- **Citations looked up:** 1 found, 0 approximate, 1 not found. \
A quote found in the source does not prove the sentence around it.
- **Sentences with a citation:** 3 of 4 sentences

### Not covered

- Pages 3–4: the provider refused it
"""


def rendered(body: str, **changes: object) -> str:
    return render_markdown(an_output(body, **changes), SOURCE).decode()


def test_an_output_is_written_with_its_evidence() -> None:
    assert render_markdown(OUTPUT, SOURCE).decode() == WHOLE


def test_what_is_amiss_stands_first() -> None:
    assert "\n> amiss\n\n> Pages 3" in rendered("text", flaws=("amiss",))


def test_there_is_one_heading_of_the_first_level() -> None:
    tokens = MarkdownIt("commonmark").parse(rendered("# One\n\nTwo\n===\n\n## Three"))

    assert [t.tag for t in tokens if t.type == "heading_open"] == [
        "h1", "h2", "h2", "h3", "h2", "h3",
    ]  # fmt: skip


def test_hostile_content_does_nothing_wherever_it_stands() -> None:
    bad = (
        "<script>alert(1)</script> [x](javascript:alert(1)) ![y](https://t.example) \u202e]]>\n# z"
    )
    output = replace(
        OUTPUT,
        title=bad,
        body=bad,
        notices=(bad,),
        gaps=(Gap(start=0, end=1, reason=bad),),
        model=bad,
    )

    text = render_markdown(output, a_source(name=bad)).decode()

    assert acting(text) == []
    assert "\u202e" not in text
    assert text.count("]]>") + text.count("\\]\\]>") == 6


def test_a_gap_without_pages_is_named_by_its_characters() -> None:
    text = rendered("x", gaps=(Gap(start=1000, end=2000, reason="cut off"),))

    assert "- Characters 1,000 to 2,000: cut off\n" in text


def test_it_claims_no_more_than_that_quotes_were_found() -> None:
    assert "verified" not in rendered("text").lower()


def test_an_output_without_citations_or_gaps_does_not_speak_of_them() -> None:
    text = rendered("text", citations=(), gaps=(), sentences=0)

    assert "**Citations looked up:** none in this document" in text
    assert "Not covered" not in text
    assert "does not prove" not in text


def test_parts_that_say_nothing_are_counted_and_named_up_to_a_number() -> None:
    silent = tuple(
        Silent(start=n, end=n + 1, part=f"{n} of 40", pages=(n,) if n < 3 else ())
        for n in range(1, 31)
    )
    told = rendered("Text.", silent=silent, covered=OUTPUT.covered * 40)

    assert "30 of 40 answered parts: part 1 of 40 (page 1); part 2 of 40 (page 2); part 3" in told
    assert "; part 20 of 40; and 10 more" in told
    assert "Nothing relevant" not in rendered("Text.")
