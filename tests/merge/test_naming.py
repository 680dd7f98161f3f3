from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.merge.keys import Key
from tasks.merge.resolution import resolve


@pytest.mark.parametrize(
    "names",
    [
        ("Acme Ltd.", "ACME Limited", "acme, ltd"),
        ("Acme", "Acme Ltd."),
        ("Müller & Söhne GmbH", "Mueller and Soehne GmbH"),
        ("Smith, John", "John Smith", "Mr. John Smith"),
        ("J. Smith", "John Smith", "John A. Smith"),
        ("Smith", "John Smith"),
        ("IBM", "I.B.M.", "International Business Machines Corp."),
        ("Johnson Logistics Inc", "Jonson Logistics, Inc."),
        ("Block Chain Services", "Blockchain Services"),
        ("Société Générale", "Societe Generale"),
        ("株式会社東京", "株式会社東京"),
        ("5 May 2021", "2021-05-05"),
        ("1,250", "1250.00"),
    ],
)
def test_ways_to_write_one_name_are_one_entity(names: tuple[str, ...]) -> None:
    assert len(set(resolve([Key((name,)) for name in names]))) == 1


@pytest.mark.parametrize(
    "names",
    [
        ("Acme GmbH", "Acme AG"),
        ("Pump 12", "Pump 13"),
        ("Clause 4.1", "Clause 4.2"),
        ("John Smith", "Jane Smith"),
        ("Joan Smith", "John Smith"),
        ("North Sea Trading", "South Sea Trading"),
        ("Deutsche Bank", "Deutsche Bahn"),
        ("Acme", "Beta"),
        ("Project Alpha", "Project Alpha 2"),
        ("5 May 2021", "6 May 2021"),
        ("Martin Weber", "Marten Weber"),
    ],
)
def test_names_that_differ_in_what_matters_are_two(names: tuple[str, ...]) -> None:
    assert len(set(resolve([Key((name,)) for name in names]))) == len(names)


def test_a_short_form_that_could_stand_for_two_is_left_by_itself() -> None:
    groups = resolve([Key((n,)) for n in ("Smith", "John Smith", "Jane Smith", "J. Smith")])

    assert len(set(groups)) == 4


def test_a_further_name_that_is_given_joins_what_looks_unlike() -> None:
    keys = [Key(("Big Blue",)), Key(("IBM Corp",), ("Big Blue",)), Key(("Blue",))]

    groups = resolve(keys)

    assert groups[0] == groups[1]


def same(*keys: Key) -> list[set[str]]:
    """Give the entities with more than one key, each key as "document: name"."""
    groups: dict[int, set[str]] = {}
    for key, group in zip(keys, resolve(keys), strict=True):
        groups.setdefault(group, set()).add(f"{key.document}: {key.values[0]}")
    return sorted((group for group in groups.values() if len(group) > 1), key=min)


def of(document: str, name: str, *aliases: str) -> Key:
    return Key((name,), aliases, document)


def test_a_further_name_holds_in_its_own_document_alone() -> None:
    lease = of("a", "Acme Ltd", "the Landlord"), of("a", "the Landlord")
    other = of("b", "Beta GmbH", "the Landlord"), of("b", "the Landlord")

    assert same(*lease, *other) == [
        {"a: Acme Ltd", "a: the Landlord"},
        {"b: Beta GmbH", "b: the Landlord"},
    ]


def test_a_further_name_of_one_document_does_not_join_two_entities_of_another() -> None:
    one = of("a", "Acme Ltd", "Meridian"), of("a", "Meridian")
    other = of("b", "Acme Limited"), of("b", "Meridian")

    assert same(*one, *other) == [{"a: Acme Ltd", "a: Meridian", "b: Acme Limited"}]


def test_names_that_share_a_further_name_are_one_but_where_another_document_has_both() -> None:
    one = of("a", "Acme Ltd", "the Seller"), of("a", "Zenith AG", "the Seller")

    assert same(*one) == [{"a: Acme Ltd", "a: Zenith AG"}]
    assert same(*one, of("b", "Zenith AG")) == [{"a: Acme Ltd", "a: Zenith AG", "b: Zenith AG"}]
    assert same(*one, of("b", "Zenith AG"), of("b", "Acme Ltd")) == [
        {"a: Acme Ltd", "b: Acme Ltd"},
        {"a: Zenith AG", "b: Zenith AG"},
    ]


def test_names_that_are_each_others_further_names_are_one() -> None:
    assert same(of("a", "Big Blue", "IBM"), of("a", "IBM", "Big Blue")) == [
        {"a: Big Blue", "a: IBM"}
    ]


@given(st.permutations([
    of("a", "Acme Ltd", "the Landlord"), of("a", "the Landlord"), of("a", "Zenith AG", "Zen"),
    of("b", "Beta GmbH", "the Landlord", "Zen"), of("b", "the Landlord"), of("b", "Acme Limited"),
    of("c", "Zen"), of("c", "Zenith AG"), of("c", "Acme", "Beta GmbH"), of("c", "Beta GmbH"),
]))  # fmt: skip
def test_the_order_of_documents_and_names_does_not_change_who_is_who(keys: list[Key]) -> None:
    assert same(*keys) == same(*sorted(keys, key=repr))


def test_all_key_fields_must_agree() -> None:
    keys = [Key(("Acme Ltd", "2021")), Key(("Acme Limited", "2021")), Key(("Acme Ltd", "2022"))]

    assert len(set(resolve(keys))) == 2
    assert len(set(resolve(keys[:2]))) == 1


@given(st.permutations([
    "Acme", "Acme Ltd", "ACME Limited", "Acme AG", "J. Smith", "John Smith", "J. A. Smith",
    "Jane Smith", "Smith", "IBM", "International Business Machines", "Pump 1", "Pump 2",
    "Block Chain", "Blockchain", "Johnson Group", "Jonson Group",
]))  # fmt: skip
def test_the_order_of_names_does_not_change_who_is_who(names: list[str]) -> None:
    groups = resolve([Key((name,)) for name in names])

    known = dict(zip(names, groups, strict=True))
    together = sorted(known, key=lambda name: (known[name], name))
    assert {(a, b) for a, b in pairwise(together) if known[a] == known[b]} == PAIRS


PAIRS = {
    ("Block Chain", "Blockchain"),
    ("ACME Limited", "Acme Ltd"),
    ("IBM", "International Business Machines"),
    ("Johnson Group", "Jonson Group"),
}
