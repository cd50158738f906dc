"""Joins what several sources say of one thing: the most authoritative word wins, and every source stays known.

A resource's kind, notation, parent and lifecycle are those of the most authoritative source that gives any; a name in a
language is the publisher's before ours, then the most authoritative; an edition's provisions are those of the most authoritative
source, followed by what only others list. Of several selections of one baseline the smallest holds: a profile that was resolved
into a catalogue also holds the parents of what was selected.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeVar

from msgspec.structs import replace

from kakehashi.records.model import Edition, Framework, Label, MappingSet, Record, Resource, Source, Statement
from kakehashi.vocabulary.text import Text

_R = TypeVar("_R", Resource, Edition, Framework, MappingSet)

DANGLING: Final = "dangling-reference"
UNRESOLVED = Text("解決できない参照 {id}", "unresolved reference {id}")

Rank = Callable[[str], tuple[int, str]]


def ranking(sources: Iterable[Source]) -> Rank:
    """How authoritative a source is, by its id: lower is stronger, and no two are alike."""
    ranks = {source.id: (source.authority.rank, source.id) for source in sources}
    return ranks.__getitem__


def grouped(records: Iterable[_R], rank: Rank) -> Mapping[str, tuple[_R, ...]]:
    """Records by id, in the order of ids; those of one id strongest source first."""
    found: dict[str, list[_R]] = defaultdict(list)
    for record in records:
        found[record.id].append(record)
    return {
        identifier: tuple(sorted(found[identifier], key=lambda record: rank(record.source)))
        if len(found[identifier]) > 1
        else tuple(found[identifier])
        for identifier in sorted(found)
    }


def one_resource(described: tuple[Resource, ...]) -> Resource:
    """One resource of what all its sources say."""
    if len(described) == 1:
        return described[0]
    first = described[0]
    return replace(
        first,
        labels=_best(label for one in described for label in one.labels),
        texts=_best(label for one in described for label in one.texts),
        notation=next((one.notation for one in described if one.notation is not None), None),
        parent=next((one.parent for one in described if one.parent is not None), None),
        lifecycle=next((one.lifecycle for one in described if one.lifecycle is not None), None),
    )


def _best(labels: Iterable[Label]) -> tuple[Label, ...]:
    found: dict[str, Label] = {}
    for label in labels:
        known = found.get(label.language)
        if known is None or (known.ours and not label.ours):
            found[label.language] = label
    return tuple(found[language] for language in sorted(found))


def one_edition(
    described: tuple[Edition, ...], all_editions: Mapping[str, tuple[Edition, ...]], parts: Mapping[str, list[str]]
) -> Edition:
    """One edition of what all its sources say, with what it selects spelled out (`parts` are the provisions below each)."""
    first = described[0]
    provisions = dict.fromkeys(provision for one in described for provision in one.provisions)
    selections = [found for one in described if (found := _selected(one, all_editions, parts))]
    smallest: set[str] = min(selections, key=len) if selections else set()
    return replace(
        first,
        provisions=tuple(provisions),
        selected=tuple(sorted(smallest)),
        version=next((one.version for one in described if one.version is not None), None),
        issued=next((one.issued for one in described if one.issued is not None), None),
        replaces=next((one.replaces for one in described if one.replaces is not None), None),
    )


def _selected(edition: Edition, all_editions: Mapping[str, tuple[Edition, ...]], parts: Mapping[str, list[str]]) -> set[str]:
    """What an edition takes up of others; a selection of a selection is followed, a circle is not followed twice."""
    found: set[str] = set()
    waiting, seen = [edition], {edition.id}
    while waiting:
        one = waiting.pop()
        found.update(one.selected, _below(one.selected_with_parts, parts))
        for other in one.selects_all_of:
            found.update(provision for edition in all_editions.get(other, ()) for provision in edition.provisions)
            if other not in seen:
                seen.add(other)
                waiting += all_editions.get(other, ())
    return found.difference(edition.excluded)


def _below(roots: Iterable[str], parts: Mapping[str, list[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += parts.get(one, ())
    return found


def dangling(
    resources: Mapping[str, Resource], statements: Iterable[Statement], others: Iterable[tuple[str, str]]
) -> dict[str, Resource]:
    """A resource for each id that something refers to and nothing defines, said to be by the first source that refers to it.

    `others` are references from outside statements: pairs of an id and the source that refers to it.
    """
    found: dict[str, Resource] = {}
    for statement in statements:
        for identifier in (statement.subject, statement.object):
            if identifier is not None and identifier not in resources and identifier not in found:
                found[identifier] = _placeholder(identifier, statement.source)
    for identifier, source in others:
        if identifier not in resources and identifier not in found:
            found[identifier] = _placeholder(identifier, source)
    return found


def _placeholder(identifier: str, source: str) -> Resource:
    text = UNRESOLVED(id=identifier)
    labels = (Label(language="en", text=text.en, ours=True), Label(language="ja", text=text.ja, ours=True))
    return Resource(id=identifier, kind=DANGLING, labels=labels, source=source, notation=identifier.rpartition("/")[2])


def merged(records: Iterable[Record]) -> Iterator[Record]:
    """Records with what several sources say of one resource, framework or edition joined to one, as a snapshot shows it."""
    said = list(records)
    rank = ranking(record for record in said if isinstance(record, Source))
    yield from (record for record in said if not isinstance(record, Resource | Framework | Edition))
    resources = grouped((record for record in said if isinstance(record, Resource)), rank)
    yield from map(one_resource, resources.values())
    yield from (found[0] for found in grouped((record for record in said if isinstance(record, Framework)), rank).values())
    editions = grouped((record for record in said if isinstance(record, Edition)), rank)
    yield from (one_edition(found, editions, {}) for found in editions.values())
