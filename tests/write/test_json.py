import json
import math
from dataclasses import replace

from tasks.core.outputs import Record
from tasks.write.json import render_json
from tests.write.made import OUTPUT, SOURCE, a_source, an_output


def test_everything_that_is_known_of_an_output_is_there() -> None:
    data = json.loads(render_json(OUTPUT, SOURCE))

    assert data == {
        "title": "Summary of the lease",
        "recipe": "summarize",
        "recipe_version": "0123456789abcdef",
        "model": "minimax:m2.7@0",
        "body": "## Terms\n\nThe rent is due monthly [p. 2].\n",
        "records": [
            {
                "fields": {"name": "Rent", "sum": 12.5},
                "pages": [2],
                "sources": [],
                "conflicts": [],
                "agreement": None,
            }
        ],
        "totals": {},
        "agreement": None,
        "documents": [],
        "uncarried": [],
        "silent": [],
        "notices": ["Pages 3–4 have no answer."],
        "flaws": [],
        "covered": [{"start": 0, "end": 80, "answer_key": "k1", "document": ""}],
        "gaps": [
            {
                "start": 80,
                "end": 100,
                "reason": "the provider refused it",
                "pages": [3, 4],
                "document": "",
            }
        ],
        "citations": [
            {
                "quote": "due monthly",
                "status": "found",
                "cited_page": 2,
                "page": 2,
                "start": None,
                "end": None,
                "body_start": None,
                "body_end": None,
                "document": "",
                "cited_paragraph": None,
                "paragraph": None,
            },
            {
                "quote": "never said",
                "status": "not_found",
                "cited_page": None,
                "page": None,
                "start": None,
                "end": None,
                "body_start": None,
                "body_end": None,
                "document": "",
                "cited_paragraph": None,
                "paragraph": None,
            },
        ],
        "repairs": [],
        "sentences": 4,
        "cited_sentences": 3,
        "counts": {
            "citations": {"found": 1, "approximate": 0, "not_found": 1},
            "gaps": 1,
            "records": 1,
            "sentences": 4,
            "cited_sentences": 3,
            "silent": 0,
        },
        "source": {
            "name": "lease.pdf",
            "sha256": "ab" * 32,
            "characters": {"read": 110, "answered": 80, "set_apart": 10, "failed": 20, "unread": 0},
            "coverage": 0.8,
        },
    }


def test_the_bytes_are_utf_8_and_end_with_a_line() -> None:
    data = render_json(an_output("für \u202e"), SOURCE)

    assert "für \u202e".encode() in data
    assert data.endswith(b"}\n")


def test_half_characters_and_odd_numbers_do_not_break_it() -> None:
    output = replace(
        OUTPUT, body="\ud800", records=(Record(fields=(("x", [math.nan, math.inf]),)),)
    )

    data = json.loads(render_json(output, a_source(name="\udcff.pdf")))

    assert (data["body"], data["source"]["name"]) == ("\ufffd", "\ufffd.pdf")
    assert data["records"][0]["fields"] == {"x": [None, None]}


def test_an_output_that_has_no_records_says_so() -> None:
    assert json.loads(render_json(an_output("x", records=None), SOURCE))["records"] is None
