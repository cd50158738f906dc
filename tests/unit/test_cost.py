"""The cost of a query, told before it is run: GitHub's published examples, and what is ours besides."""

from typing import Any

import pytest
from graphql import OperationDefinitionNode, build_schema, get_introspection_query, parse

from kakehashi.graphql.cost import ARGUMENT_WEIGHTS, LENGTH, LENGTHS, LISTED, MAX_NODES, WEIGHTS, Cost, cost_of
from kakehashi.graphql.documents import core_of
from kakehashi.graphql.schema import build_schema as build_ours
from kakehashi.vocabulary.text import KakehashiError

KINDS = ("Repository", "PullRequest", "Comment", "Issue", "Follower", "Label")
CONNECTIONS = "".join(
    f"type {kind}Connection {{ edges: [{kind}Edge] nodes: [{kind}] pageInfo: String totalCount: Int }} "
    f"type {kind}Edge {{ node: {kind} cursor: String }} "
    for kind in KINDS
)
GITHUB = build_schema(
    CONNECTIONS
    + """
    type Query { viewer: User }
    type User { repositories(first: Int): RepositoryConnection followers(first: Int): FollowerConnection }
    type Repository {
      name: String issues(first: Int): IssueConnection pullRequests(first: Int): PullRequestConnection topics: [Label]
    }
    type PullRequest { title: String comments(first: Int): CommentConnection }
    type Issue { title: String bodyHTML: String comments(first: Int): CommentConnection labels(first: Int): LabelConnection }
    type Comment { bodyHTML: String } type Follower { login: String } type Label { id: ID name: String }
    """
)

# The two calls, and the score, that GitHub's documentation works through.
SIMPLE = """{ viewer { repositories(first: 50) { edges { repository: node { name
  issues(first: 10) { totalCount edges { node { title bodyHTML } } } } } } } }"""
COMPLEX = """{ viewer { repositories(first: 50) { edges { repository: node { name
    pullRequests(first: 20) { edges { pullRequest: node { title comments(first: 10) { edges { comment: node { bodyHTML } } } } } }
    issues(first: 20) { totalCount edges { issue: node { title bodyHTML comments(first: 10) { edges { comment: node {
      bodyHTML } } } } } } } } }
  followers(first: 10) { edges { follower: node { login } } } } }"""
SCORED = (
    "{ viewer { repositories(first: 100) { nodes { issues(first: 50) { nodes { labels(first: 60) { nodes { id } } } } } } } }"
)


def cost(query: str, **variables: Any) -> Cost:
    return _cost(GITHUB, query, variables)


def ours(query: str, **variables: Any) -> Cost:
    return _cost(core_of(build_ours()), query, variables)


def _cost(schema: Any, query: str, variables: dict[str, Any]) -> Cost:
    document = parse(query)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return cost_of(schema, document, operation, variables)


def test_githubs_examples_cost_what_github_says() -> None:
    assert cost(SIMPLE).nodes == 550
    assert cost(COMPLEX).nodes == 22_060
    assert (cost(SCORED).lists, cost(SCORED).points) == (5_101, 51)


def test_variables_and_defaults_count_as_what_they_are() -> None:
    query = "query($n: Int) { viewer { repositories(first: $n) { nodes { issues(first: 3) { nodes { title } } } } } }"
    assert cost(query, n=7) == Cost(nodes=7 + 7 * 3, lists=1 + 7)
    assert cost(query, n=0) == Cost(nodes=0, lists=1)
    assert cost(query).nodes == 100 + 100 * 3
    assert ours("{ frameworks { nodes { id } } editions(first: 3) { totalCount } }") == Cost(nodes=20 + 3, lists=2)


def test_what_is_skipped_costs_nothing() -> None:
    query = "query($on: Boolean!) { viewer { repositories(first: 50) @include(if: $on) { nodes { name } } } }"
    assert (cost(query, on=False), cost(query, on=True)) == (Cost(), Cost(50, 1))
    assert cost("{ viewer { repositories(first: 9) @skip(if: true) { nodes { name } } } }") == Cost()


def test_a_fragment_costs_where_it_is_spread() -> None:
    query = """{ viewer { a: repositories(first: 5) { ...R } b: repositories(first: 7) { ... on RepositoryConnection { ...R } }
    } }
    fragment R on RepositoryConnection { nodes { issues(first: 3) { nodes { title } } } }"""
    assert cost(query) == Cost(nodes=12 + 12 * 3, lists=2 + 12)


def test_fragments_that_double_and_double_are_counted_at_once() -> None:
    levels = "".join(f"fragment F{n} on User {{ ...F{n + 1} ...F{n + 1} }} " for n in range(60))
    bomb = f"{{ viewer {{ ...F0 }} }} {levels} fragment F60 on User {{ repositories(first: 1) {{ nodes {{ name }} }} }}"
    assert cost(bomb).nodes == 2**60


def test_a_plain_list_is_read_and_begins_no_list() -> None:
    assert cost("{ viewer { repositories(first: 3) { nodes { topics { name } } } } }") == Cost(nodes=3 + 3 * LENGTH, lists=1)


def test_a_long_page_counts_as_a_list_a_hundred() -> None:
    assert cost("{ viewer { repositories(first: 2000) { nodes { name } } } }") == Cost(2000, 20)


def test_what_computes_has_a_weight_and_what_pages_its_lists_is_their_limit() -> None:
    query = (
        '{ crosswalk(source: "a", target: "b", first: 5) { rows { nodes { source { id } } } disputed(first: 2) { totalCount } } }'
    )
    assert ours(query) == Cost(nodes=5 + 2, lists=WEIGHTS["Query.crosswalk"] + 2)
    assert ours("{ threats(first: 7) { rows { nodes { open } } } }") == Cost(nodes=7, lists=WEIGHTS["Query.threats"] + 1)
    assert ours("{ threats { rows { nodes { open } } } }").nodes == 100


def test_a_page_below_a_question_that_names_none_counts_as_what_it_asks() -> None:
    query = 'query($first: Int) { crosswalk(source: "a", target: "b") { rows(first: $first) { nodes { candidate } } } }'
    assert ours(query, first=2000) == Cost(nodes=2000, lists=WEIGHTS["Query.crosswalk"] + 20)


@pytest.mark.parametrize("name", [*WEIGHTS, *(name for name in LENGTHS if not name.startswith("__"))])
def test_the_tables_name_fields_that_there_are(name: str) -> None:
    kind, field = name.split(".")
    assert field in getattr(core_of(build_ours()).get_type(kind), "fields")  # noqa: B009 - it is some type with fields


@pytest.mark.parametrize("name", [*ARGUMENT_WEIGHTS, *map(".".join, LISTED.items())])
def test_the_tables_name_arguments_that_there_are(name: str) -> None:
    kind, field, argument = name.split(".")
    assert argument in getattr(core_of(build_ours()).get_type(kind), "fields")[field].args  # noqa: B009 - as above


def test_an_argument_that_looks_at_all_there_is_costs_where_it_is_given() -> None:
    query = "query($f: StatementFilter, $o: [StatementOrder!]) { statements(filter: $f, orderBy: $o) { totalCount } }"
    assert ours(query).lists == ours(query, f=None).lists == ours("{ statements(filter: null) { totalCount } }").lists == 1
    assert ours(query, f={}).lists == 1 + ARGUMENT_WEIGHTS["Query.statements.filter"]
    assert ours(query, f={}, o=[]).lists == 1 + sum(ARGUMENT_WEIGHTS[f"Query.statements.{one}"] for one in ("filter", "orderBy"))
    then = '{ asKnownIn(release: "x") { ... on KnownThen { statements(filter: {}) { totalCount } } } }'
    assert ours(then).lists == 1 + WEIGHTS["Query.asKnownIn"] + ARGUMENT_WEIGHTS["Query.statements.filter"]


def test_nodes_are_as_many_as_the_ids() -> None:
    below = "... on Resource { statements(first: 5) { nodes { id } } }"
    assert ours(f'{{ nodes(ids: ["a", "b", "c"]) {{ {below} }} }}') == Cost(nodes=3 + 3 * 5, lists=3)
    assert ours(f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ {below} }} }}", ids=["a"] * 100) == Cost(nodes=600, lists=100)
    assert ours('{ nodes(ids: "a") { id } }').nodes == LENGTH


def test_reading_the_schema_is_one_point_and_within_the_limit() -> None:
    found = ours(get_introspection_query())
    assert (found.points, 0 < found.nodes < MAX_NODES) == (1, True)


def test_too_much_is_refused_with_the_count_and_the_limit() -> None:
    with pytest.raises(KakehashiError, match=f"{MAX_NODES + 1} nodes, over the limit of {MAX_NODES}"):
        Cost(nodes=MAX_NODES + 1).check()
    with pytest.raises(KakehashiError, match="points"):
        Cost(lists=10**6).check()
