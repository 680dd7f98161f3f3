import json
from dataclasses import replace

from tasks.write.jsonl import render_jsonl
from tests.write.made import OUTPUT, SOURCE, an_output


def test_each_line_says_what_it_is_and_the_first_is_the_output() -> None:
    lines = [json.loads(line) for line in render_jsonl(OUTPUT, SOURCE).splitlines()]

    assert [line["type"] for line in lines] == [
        "output",
        "record",
        "citation",
        "citation",
        "gap",
        "covered",
    ]
    assert lines[0]["body"] == OUTPUT.body
    assert lines[0]["source"]["sha256"] == SOURCE.digest
    assert lines[1]["fields"] == {"name": "Rent", "sum": 12.5}
    assert lines[2]["quote"] == "due monthly"


def test_no_line_can_be_cut_by_a_reader_that_knows_more_line_breaks() -> None:
    output = an_output("a\u2028b\u2029c\x85d\ne")
    text = render_jsonl(replace(output, records=None), SOURCE).decode()

    assert len(text.splitlines()) == text.count("\n")
    assert json.loads(text.splitlines()[0])["body"] == output.body
