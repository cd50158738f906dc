"""What a search finds, as GraphQL types: resources with where, and with the words marked."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from functools import partial
from html import escape
from typing import Final

import strawberry

from kakehashi.graphql import filters, ordering
from kakehashi.graphql.conditions import sieve_of
from kakehashi.graphql.connections import Connection, connect
from kakehashi.graphql.context import Info
from kakehashi.graphql.filters import ResourceFilter
from kakehashi.graphql.ordering import OrderBy, SortValue, arranged, ordered
from kakehashi.graphql.orders import Order, Value
from kakehashi.graphql.resources import KindCount, Resource, resource_node
from kakehashi.records.model import Label
from kakehashi.snapshot import search as engine
from kakehashi.snapshot.search import Found

strawberry.enum(
    Found,
    name="FoundIn",
    description="Where the words are found, the best first. EXACT: the text is the very id or number. NAME: all words are in "
    "names, id and number. TEXT: some are in the publisher's text alone.",
)

BEST_FIRST: Final[Order[engine.Hit]] = Order("relevance", lambda one: one.sort_key)


@strawberry.enum(description="What a search's hits can be ordered by. RELEVANCE: the best first.")
class SearchOrderField(Enum):
    """What hits are ordered by."""

    RELEVANCE = "relevance"
    ID = "id"
    NOTATION = "notation"
    KIND = "kind"
    PREF_LABEL = "pref_label"


@strawberry.input(description="One thing to order hits by.")
class SearchOrder(OrderBy[SearchOrderField]):
    """A field of an order of hits."""


@strawberry.type(description="A piece of a name or a text with the words that were searched for.")
class SearchFragment:
    """A fragment."""

    fragment: strawberry.Private[engine.Fragment]
    label: strawberry.Private[Label]

    @strawberry.field(description="The piece as plain text.")
    def text(self) -> str:
        """The piece."""
        return self.fragment.text

    @strawberry.field(description="The piece as HTML: escaped, with each word in `<mark>`.")
    def html(self) -> str:
        """The piece with marks."""
        return "".join(_marked(self.fragment))

    @strawberry.field(description="The language of the text.")
    def language(self) -> str:
        """Its language."""
        return self.label.language

    @strawberry.field(description="Whether the wording is ours and not the source's.")
    def ours(self) -> bool:
        """Whether it is ours."""
        return self.label.ours


@strawberry.type(description="A resource that a search finds.")
class SearchHit:
    """A hit."""

    hit: strawberry.Private[engine.Hit]
    sought: strawberry.Private[str]

    @strawberry.field(description="The resource.")
    def resource(self, info: Info) -> Resource:
        """The resource."""
        return resource_node(info.context.snapshot, self.hit.resource)

    @strawberry.field(description="Where the words are found.")
    def found_in(self) -> Found:
        """Where."""
        return self.hit.found

    @strawberry.field(
        description="The names and texts that hold some of the words, names first; empty where they are in id and number only."
    )
    def fragments(self, info: Info) -> list[SearchFragment]:
        """The pieces."""
        snapshot = info.context.snapshot
        labels = (*snapshot.resources[self.hit.resource].labels, *snapshot.free_texts(self.hit.resource))
        found = ((engine.fragment(label.text, self.sought), label) for label in labels)
        return [SearchFragment(fragment=one, label=label) for one, label in found if one is not None]


@strawberry.type(description="What a search finds.")
class SearchResult(Connection[SearchHit]):
    """A page of hits, with counts over all of them."""

    hits: strawberry.Private[Sequence[engine.Hit]]

    @strawberry.field(description="How many hits there are of each kind, the most first.")
    def kinds(self, info: Info) -> list[KindCount]:
        """The counts."""
        resources = info.context.snapshot.resources
        counts = Counter(resources[hit.resource].kind for hit in self.hits)
        return [KindCount(kind=kind, count=count) for kind, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]


def search(  # noqa: PLR0913, PLR0917 - the arguments are the schema's
    info: Info,
    text: str,
    wanted: ResourceFilter | None,
    order_by: Sequence[SearchOrder] | None,
    first: int,
    after: str | None,
) -> SearchResult:
    """A page of what is found."""
    info.context.check_deadline()
    holds = sieve_of(wanted, filters.of_resources(info.context.snapshot))
    found: Sequence[engine.Hit] = [hit for hit in info.context.snapshot.words.find(text) if holds(hit.resource)]
    order = BEST_FIRST
    if order_by:
        order = ordered("search", order_by, _fields(info, found), lambda hit: hit.resource, " ".join(info.context.wishes))
        found = arranged(found, order)
    page = connect(info, found, order, lambda hit: SearchHit(hit=hit, sought=text), first, after).page
    return SearchResult(page=page, hits=found)


def _fields(info: Info, hits: Sequence[engine.Hit]) -> Mapping[str, SortValue]:
    places = {hit.resource: place for place, hit in enumerate(hits)}
    of_resources = ordering.of_resources(info.context.snapshot, info.context.wishes)
    fields: dict[str, SortValue] = {name: partial(_of_resource, value) for name, value in of_resources.items()}
    return {**fields, "relevance": lambda hit: places[hit.resource]}


def _of_resource(value: SortValue, hit: engine.Hit) -> Value:
    return value(hit.resource)


def _marked(fragment: engine.Fragment) -> Iterable[str]:
    done = 0
    for start, end in fragment.marks:
        yield f"{escape(fragment.text[done:start])}<mark>{escape(fragment.text[start:end])}</mark>"
        done = end
    yield escape(fragment.text[done:])
