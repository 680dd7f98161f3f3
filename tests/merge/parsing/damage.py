"""Replies as models send them, each damaged in one way, and the records that are whole in each."""

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.schemas import NUMBER, PAGE, SOME_TEXT, TEXT, listing

SCHEMA = listing(
    "facts",
    {
        "fact": SOME_TEXT,
        "kind": {"enum": ["amount", "date", "other"]},
        "quote": SOME_TEXT,
        "page": PAGE,
        "sum": NUMBER,
        "tags": {"type": "array", "items": TEXT},
    },
    "fact",
    "quote",
    "page",
)
Record = dict[str, Any]
WORDS = (
    "The fee of EUR 4,200",
    "Müller & Söhne {see [3]}",
    "it's due: 30 days, payable // net",
    "100 % of the sum",
    "协议自签署之日起生效",
    "C:\\path",
    "https://example.com/a",
    "a/b, c",
)


@dataclass(frozen=True, slots=True)
class Damaged:
    """A reply; `records` are whole in it, and `whole` says whether nothing else was."""

    text: str
    records: list[Record]
    whole: bool = True


def records(draw: random.Random) -> list[Record]:
    """Make a few records with awkward text in them."""
    return [_record(draw, number) for number in range(draw.randint(2, 6))]


def _record(draw: random.Random, number: int) -> Record:
    quote = ", ".join(draw.sample(WORDS, 2))
    record: Record = {"fact": f"Fact {number}: {draw.choice(WORDS)}.", "quote": quote}
    if draw.random() < 0.5:
        record["kind"] = draw.choice(["amount", "date", "other"])
    record["page"] = draw.choice([None, draw.randint(1, 900)])
    if draw.random() < 0.3:
        record["sum"] = draw.choice([12.5, 4200, -3])
    if draw.random() < 0.3:
        record["tags"] = draw.sample(["a", "b c", "d"], draw.randint(0, 2))
    return record


def dumped(some: list[Record], **options: Any) -> str:
    return json.dumps({"facts": some}, ensure_ascii=False, **options)


def _fenced(some: list[Record], draw: random.Random) -> Damaged:
    fence = draw.choice(["```json", "```", "~~~json", "```JSON"])
    return Damaged(f"{fence}\n{dumped(some, indent=2)}\n{fence[:3]}", some)


def _prose(some: list[Record], draw: random.Random) -> Damaged:
    before = draw.choice(["Here it is [p. 3]:", "JSON {as asked}:", "Sure! The facts, from [1]:"])
    return Damaged(f"{before}\n\n{dumped(some)}\n\nI hope this helps {{smile}} [end]!", some)


def _trailing_commas(some: list[Record], draw: random.Random) -> Damaged:
    text = dumped(some, indent=1)
    return Damaged(re.sub(r"(?<=[^\[{,])\n(\s*[}\]])", r",\n\1", text), some)


def _missing_commas(some: list[Record], draw: random.Random) -> Damaged:
    return Damaged(dumped(some, indent=1).replace("},\n", "}\n"), some)


def _single_quotes(some: list[Record], draw: random.Random) -> Damaged:
    plain = [{k: _without(v, "'\\") for k, v in record.items()} for record in some]
    return Damaged(dumped(plain).replace('"', "'"), plain)


def _python(some: list[Record], draw: random.Random) -> Damaged:
    plain = [{k: _without(v, "'\\") for k, v in record.items()} for record in some]
    return Damaged(str({"facts": plain}), plain)


def _bare_keys(some: list[Record], draw: random.Random) -> Damaged:
    return Damaged(re.sub(r'"(\w+)":', r"\1:", dumped(some)), some)


def _comments(some: list[Record], draw: random.Random) -> Damaged:
    text = dumped(some, indent=1)
    text = text.replace("},\n", "}, // next one\n").replace('{"facts"', '/* all */ {"facts"', 1)
    return Damaged(text, some)


def _raw_lines(some: list[Record], draw: random.Random) -> Damaged:
    lined = [{**record, "quote": f"{record['quote']}\nnext\tline"} for record in some]
    return Damaged(dumped(lined).replace("\\n", "\n").replace("\\t", "\t"), lined)


def _bare_quotes(some: list[Record], draw: random.Random) -> Damaged:
    said = [{**record, "quote": f'He said "no" to {record["page"]}'} for record in some]
    return Damaged(dumped(said).replace('\\"', '"'), said)


def _smart_quotes(some: list[Record], draw: random.Random) -> Damaged:
    text = re.sub(r'"((?:[^"\\]|\\.)*)"', r"“\1”", dumped(some))
    return Damaged(text, some)


def _wide_signs(some: list[Record], draw: random.Random) -> Damaged:
    return Damaged(dumped(some, separators=("\uff0c", "\uff1a")), some)


def _broken_off(some: list[Record], draw: random.Random) -> Damaged:
    text = dumped(some)
    end = draw.randrange(text.index('"fact"') + 1, len(text) - 2)
    whole = [r for n, r in enumerate(some) if len(dumped(some[: n + 1])) - 2 <= end]
    return Damaged(text[:end], whole, whole=False)


def _unclosed(some: list[Record], draw: random.Random) -> Damaged:
    return Damaged(dumped(some)[:-1], some)


def _closed_twice(some: list[Record], draw: random.Random) -> Damaged:
    return Damaged(dumped(some) + draw.choice(["}", "]}", "\n}\n```"]), some)


def _two_objects(some: list[Record], draw: random.Random) -> Damaged:
    return Damaged(f"{dumped(some[:1])}\n\n{dumped(some[1:])}", some)


def _repeated(some: list[Record], draw: random.Random) -> Damaged:
    return Damaged(f"{dumped(some)}\n\nOnce more:\n{dumped(some)}", some)


def _lines(some: list[Record], draw: random.Random) -> Damaged:
    return Damaged("\n".join(json.dumps(record, ensure_ascii=False) for record in some), some)


def _bare_list(some: list[Record], draw: random.Random) -> Damaged:
    return Damaged(json.dumps(some), some)


def _other_name(some: list[Record], draw: random.Random) -> Damaged:
    return Damaged(json.dumps({"items": some}), some)


def _thoughts(some: list[Record], draw: random.Random) -> Damaged:
    draft = dumped([{"fact": "A draft.", "quote": "wrong", "page": 1}])
    thoughts = draw.choice(
        [f"<think>\nPerhaps {draft}?\n</think>\n", f"Perhaps {draft}?\n</think>\n\n",
         f"<think>a<think>{draft}</think>Yes.</think>"]
    )  # fmt: skip
    return Damaged(thoughts + dumped(some), some)


def _unclosed_thoughts(some: list[Record], draw: random.Random) -> Damaged:
    return Damaged(f"<think>\nI list the facts of page [3].\n\n{dumped(some)}", some)


def _in_a_string(some: list[Record], draw: random.Random) -> Damaged:
    return Damaged(json.dumps(dumped(some)), some)


def _numbers_as_text(some: list[Record], draw: random.Random) -> Damaged:
    texts = [{**r, "page": "null" if r["page"] is None else str(r["page"])} for r in some]
    return Damaged(dumped(texts), some)


def _marked(some: list[Record], draw: random.Random) -> Damaged:
    return Damaged("\ufeff" + dumped(some, indent=1).replace("\n ", "\n\u00a0"), some)


def _two_damages(some: list[Record], draw: random.Random) -> Damaged:
    text = _trailing_commas(some, draw).text.replace("},\n", "}\n")
    return Damaged(f"Well:\n```json\n{text}", some)


def _without(value: Any, characters: str) -> Any:
    if isinstance(value, str):
        return value.translate(str.maketrans("", "", characters))
    return value


KINDS: dict[str, Callable[[list[Record], random.Random], Damaged]] = {
    function.__name__.strip("_"): function
    for function in (
        _fenced, _prose, _trailing_commas, _missing_commas, _single_quotes, _python, _bare_keys,
        _comments, _raw_lines, _bare_quotes, _smart_quotes, _wide_signs, _broken_off, _unclosed,
        _closed_twice, _two_objects, _repeated, _lines, _bare_list, _other_name, _thoughts,
        _unclosed_thoughts, _in_a_string, _numbers_as_text, _marked, _two_damages,
    )
}  # fmt: skip
