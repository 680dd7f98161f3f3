"""Records out of all answers: read, voted on, looked up, united, sorted and summed, all by code."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from pydantic import JsonValue

from prompts.library import Recipe, RecordRules
from prompts.schema import record_fields
from tasks.core.answers import Answer, Result
from tasks.core.documents import Document
from tasks.core.outputs import Citation, CitationStatus, Passage, Record
from tasks.core.spans import Span
from tasks.merge.citations import check_quotes
from tasks.merge.concat import in_order
from tasks.merge.entities import EVIDENCE, Fields, Reading, entities, grouped
from tasks.merge.lookup.cited import NOWHERE, Cited
from tasks.merge.lookup.rows import Rows
from tasks.merge.merged import Merged
from tasks.merge.parsing.reply import read_reply
from tasks.merge.table import placed, records_table
from tasks.merge.totals import totals
from tasks.merge.values import meaning, place_in_order
from tasks.merge.vote import majority, mean


def united(answers: Sequence[Answer], recipe: Recipe, documents: Mapping[str, Document]) -> Merged:
    """Unite the records of all answers; the order in which these came is of no account."""
    read = [*chain.from_iterable(_read(answer, recipe) for answer in in_order(answers))]
    readings, citations = _looked_up(read, documents, recipe.records)
    records = _sorted(entities(readings, recipe.records), recipe.records)
    sums = totals(records, recipe.records.total)
    names = record_fields(recipe.schema or {})
    first = [citations.get(record.sources[0]) for record in records]
    quoted = (*recipe.records.evidence, "quote")[0]
    body = records_table(records, names, first, sums, quoted=quoted)
    if quoted in names:
        first = placed(body, first, names.index(quoted))
    return Merged(
        body=body,
        records=records,
        totals=sums,
        citations=tuple(
            shown if at == 0 and shown else citations[source]
            for record, shown in zip(records, first, strict=True)
            for at, source in enumerate(record.sources)
            if source.quote
        ),
        agreement=mean([r.agreement for r in records if r.agreement is not None]),
    )


def _read(answer: Answer, recipe: Recipe) -> Iterator[Reading]:
    """Read the records of a chunk's answer; of several answers, those that most of them have."""
    if answer.usable is None:
        return
    votes = [[*_readings(answer, (r,), recipe)] for r in (answer.usable, *answer.rivals)]
    yield from votes[0] if len(votes) == 1 else _voted(votes, recipe.records)
    yield from _readings(answer, answer.gleaned, recipe, first=len(votes[0]))


def _readings(
    answer: Answer, results: Iterable[Result], recipe: Recipe, *, first: int = 0
) -> Iterator[Reading]:
    """Read the records of results, whose positions are counted from `first` on."""
    chunk = answer.chunk
    for result in results:
        reply = read_reply(result.text, recipe.schema or {})
        for position, fields in enumerate(reply.records, first):
            page = fields.get("page")
            known = page if isinstance(page, int) and page in chunk.pages else None
            yield Reading(
                fields=fields,
                source=Passage(
                    start=chunk.start,
                    end=chunk.end,
                    page=known,
                    quote=_quote(fields, recipe.records),
                    document=chunk.document,
                ),
                pages=chunk.pages if known is None else (known,),
                position=position,
            )


def _quote(fields: Fields, rules: RecordRules) -> str:
    """Give what is looked up of a record; a value without letters or figures proves nothing."""
    if not rules.evidence:
        return str(fields.get("quote") or "").strip()
    value = fields.get(rules.evidence[0])
    text = "" if value is None else str(value).strip()
    return text if any(map(str.isalnum, text)) else ""


def _voted(votes: Sequence[Sequence[Reading]], rules: RecordRules) -> Iterator[Reading]:
    """Keep what more than half of the votes have, each field as most of them have it."""
    voter = {id(reading): n for n, vote in enumerate(votes) for reading in vote}
    for group in grouped(chain.from_iterable(votes), rules):
        firsts = {voter[id(reading)]: reading for reading in reversed(group)}
        if 2 * len(firsts) <= len(votes):
            continue
        ballots = [firsts[n] for n in sorted(firsts)]
        names = dict.fromkeys(name for ballot in ballots for name in ballot.fields)
        elected = {name: _elected(name, ballots) for name in names}
        shares = [share for name, (_, share) in elected.items() if name not in EVIDENCE]
        agreement = (mean(shares) or 1.0) * len(ballots) / len(votes)
        fields = {name: value for name, (value, _) in elected.items()}
        winner = next((b for b in ballots if b.fields.get("quote") == fields.get("quote")), None)
        yield replace(winner or ballots[0], fields=fields, agreement=agreement)


def _elected(name: str, ballots: Sequence[Reading]) -> tuple[JsonValue, float]:
    """Give the value of a field that most ballots have, and their share."""
    said = [meaning(ballot.fields.get(name)) for ballot in ballots]
    best, share = majority(said)
    return ballots[said.index(best)].fields.get(name), share


def _looked_up(
    readings: Sequence[Reading], documents: Mapping[str, Document], rules: RecordRules
) -> tuple[list[Reading], dict[Passage, Citation]]:
    """Look every quote up in its document; what is found says where the record was read."""
    placed: list[Reading] = []
    citations: dict[Passage, Citation] = {}
    for name, document in sorted(documents.items()):
        own = [reading for reading in readings if reading.source.document == name]
        quoted = [reading for reading in own if reading.source.quote]
        found = _found(quoted, document, rules)
        looked_up = dict(zip(map(id, quoted), found, strict=True))
        for reading in own:
            citation = looked_up.get(id(reading))
            there = reading if citation is None else _placed(reading, citation)
            placed.append(there)
            if citation is not None:
                citations[there.source] = replace(citation, document=name)
    return placed, citations


def _found(
    readings: Sequence[Reading], document: Document, rules: RecordRules
) -> tuple[Citation, ...]:
    """Look up what records quote, or what stands for a quotation on their lines."""
    if not rules.evidence:
        return check_quotes([(r.source.quote, r.source.page) for r in readings], document)
    rows = Rows(document)
    return tuple(
        rows.find(
            reading.source.quote,
            [str(reading.fields.get(name) or "") for name in rules.evidence[1:]],
            Span(reading.source.start, reading.source.end),
            NOWHERE if reading.source.page is None else Cited(frozenset({reading.source.page})),
        )
        for reading in readings
    )


def _placed(reading: Reading, citation: Citation) -> Reading:
    if citation.status is CitationStatus.NOT_FOUND or citation.start is None:
        return reading
    start, end = citation.start, citation.end or citation.start
    page = citation.page if citation.page is not None else reading.source.page
    return replace(
        reading,
        source=replace(
            reading.source, start=start, end=end, page=page, paragraph=citation.paragraph
        ),
        pages=reading.pages if page is None else (page,),
    )


def _sorted(records: Sequence[Record], rules: RecordRules) -> tuple[Record, ...]:
    """Sort records as the recipe says; equals, and all where it says nothing, as in the sources."""
    if not rules.sort:
        return tuple(records)
    return tuple(
        sorted(records, key=lambda r: [place_in_order(dict(r.fields).get(n)) for n in rules.sort])
    )
