"""The questions on what there is: nodes, resources, editions, mapping sets, statements, and the search of them."""

# ruff: noqa: A002, PLR0913, PLR0917 - the names and numbers of arguments are the schema's

from functools import partial
from typing import Annotated, Final

import strawberry

from kakehashi.graphql import filters
from kakehashi.graphql.conditions import sieve_of
from kakehashi.graphql.connections import MANY, MAX_FIRST, Connection
from kakehashi.graphql.context import Info
from kakehashi.graphql.deprecations import superseded
from kakehashi.graphql.filters import ResourceFilter, StatementFilter
from kakehashi.graphql.listings import Listing, statement_page
from kakehashi.graphql.ordering import ResourceOrder, StatementOrder
from kakehashi.graphql.resources import (
    Edition,
    Framework,
    MappingGroup,
    MappingSet,
    Node,
    Resource,
    Statement,
    edition_node,
    framework_node,
    mapping_set_node,
    node_of,
    resource_node,
)
from kakehashi.graphql.search import SearchOrder, SearchResult, search
from kakehashi.snapshot.folding import search_form
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

ONE_OF_TWO: Final = Text("idとiriのどちらか一方だけを指定してください。", "Give exactly one of id and iri.")
TOO_MANY_IDS: Final = Text("idsには{limit}件まで指定できます。", "ids takes at most {limit} ids.")


@strawberry.type(description="The questions on what there is.")
class ResourceQueries:
    """The fields of the root that are on what there is."""

    @strawberry.field(
        description="Whatever has an id: a resource, a statement, an n:m mapping or a source (Relay's node); null where there is "
        "none."
    )
    def node(self, info: Info, id: strawberry.ID) -> Node | None:
        """The node of an id."""
        return node_of(info.context.snapshot, id)

    @strawberry.field(description="What has these ids, at most 100, in their order; null where there is none.")
    def nodes(self, info: Info, ids: list[strawberry.ID]) -> list[Node | None]:
        """The nodes of some ids."""
        if len(ids) > MAX_FIRST:
            raise KakehashiError(ErrorCode.BAD_USER_INPUT, TOO_MANY_IDS(limit=MAX_FIRST))
        return [node_of(info.context.snapshot, one) for one in ids]

    @strawberry.field(description="The resource with an id or an IRI, just one of which is given; null where there is none.")
    def resource(self, info: Info, id: strawberry.ID | None = None, iri: str | None = None) -> Resource | None:
        """The resource."""
        if (id is None) == (iri is None):
            raise KakehashiError(ErrorCode.BAD_USER_INPUT, ONE_OF_TWO)
        snapshot = info.context.snapshot
        identifier = id if id is not None else snapshot.ids.identifier(iri or "")
        return resource_node(snapshot, identifier) if identifier is not None and identifier in snapshot.resources else None

    @strawberry.field(description="The statement with an id; null where there is none.")
    def statement(self, info: Info, id: strawberry.ID) -> Statement | None:
        """The statement."""
        record = info.context.snapshot.statements.get(id)
        return None if record is None else Statement(record=record)

    @strawberry.field(description="All statements, by id unless said.")
    def statements(
        self,
        info: Info,
        filter: StatementFilter | None = None,
        order_by: list[StatementOrder] | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[Statement]:
        """The statements."""
        found = info.context.snapshot.records.statements
        if filter is not None:
            holds = sieve_of(filter, filters.of_statements(info.context.snapshot))
            found = tuple(one for one in found if holds(one))
        return statement_page(info, found, order_by, Statement.of, (first, after))

    @strawberry.field(description="An n:m mapping by its id.")
    def mapping_group(self, info: Info, id: strawberry.ID) -> MappingGroup | None:
        """The group."""
        record = info.context.snapshot.groups.get(id)
        return None if record is None else MappingGroup(record=record)

    @strawberry.field(description="The resources, by id unless said. Up to 2,000 a page. `search` finds them by words.")
    def resources(
        self,
        info: Info,
        kind: Annotated[list[str] | None, superseded("filter: {kind: {in: [...]}}")] = None,
        text: Annotated[str | None, superseded("search, or filter: {prefLabel: {contains: ...}}")] = None,
        filter: ResourceFilter | None = None,
        order_by: list[ResourceOrder] | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[Resource]:
        """The resources."""
        snapshot = info.context.snapshot
        found = _superseded(snapshot, kind, text)
        listing = Listing("resources", found, filter, order_by, limit=MANY)
        return listing.page(info, partial(resource_node, snapshot), first, after)

    @strawberry.field(
        description="The resources that hold all words of a text in their names, their id or number, or the publisher's text "
        "where that may be passed on. Japanese is found by any letters that follow one another, other writing by how words "
        "begin; width, case and kind of kana do not matter. The best comes first: the very id or number, then names, then texts."
    )
    def search(
        self,
        info: Info,
        text: str,
        filter: ResourceFilter | None = None,
        order_by: list[SearchOrder] | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> SearchResult:
        """What is found."""
        return search(info, text, filter, order_by, first, after)

    @strawberry.field(description="The works, by id unless said; a work of which no edition is known is listed too.")
    def frameworks(
        self,
        info: Info,
        filter: ResourceFilter | None = None,
        order_by: list[ResourceOrder] | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[Framework]:
        """The works."""
        snapshot = info.context.snapshot
        listing = Listing("frameworks", snapshot.frameworks, filter, order_by)
        return listing.page(info, partial(framework_node, snapshot), first, after)

    @strawberry.field(description="The editions, by id unless said.")
    def editions(
        self,
        info: Info,
        framework: Annotated[strawberry.ID | None, superseded("filter: {framework: {eq: ...}}")] = None,
        filter: ResourceFilter | None = None,
        order_by: list[ResourceOrder] | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[Edition]:
        """The editions."""
        snapshot = info.context.snapshot
        found = sorted(one.id for one in snapshot.editions.values() if framework in (None, one.framework))
        return Listing("editions", found, filter, order_by).page(info, partial(edition_node, snapshot), first, after)

    @strawberry.field(description="The mapping sets, by id unless said.")
    def mapping_sets(
        self,
        info: Info,
        edition: Annotated[strawberry.ID | None, superseded("filter: {edition: {eq: ...}}")] = None,
        filter: ResourceFilter | None = None,
        order_by: list[ResourceOrder] | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[MappingSet]:
        """The mapping sets."""
        snapshot = info.context.snapshot
        sets = snapshot.mapping_sets.values()
        found = sorted(one.id for one in sets if edition in (None, one.subject_edition, one.object_edition))
        listing = Listing("mapping sets", found, filter, order_by)
        return listing.page(info, partial(mapping_set_node, snapshot), first, after)


def _superseded(snapshot: Snapshot, kind: list[str] | None, text: str | None) -> list[str]:
    """What the arguments leave that a filter and a search now stand for."""
    wanted = search_form(text or "")
    records = (one for one in snapshot.resources.values() if kind is None or one.kind in kind)
    return [one.id for one in records if not wanted or wanted in search_form(_named(snapshot, one.id))]


def _named(snapshot: Snapshot, identifier: str) -> str:
    record = snapshot.resources[identifier]
    return "\n".join([record.id, record.notation or "", *(label.text for label in record.labels)])
