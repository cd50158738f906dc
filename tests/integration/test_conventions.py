"""The conventions of the schema, over a served release: nodes, lists, filters, orders, search, languages, what was known then."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kakehashi.pipeline.inputs import packaged
from kakehashi.records.model import Label, Resource
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.search import Searched, SearchIndex, fragment
from tests.support.making import build, leaflet
from tests.support.server import Client, serving

EDITION = "leaflet-security-measures/2020-01"
ISO, OLD_ISO = "iso-27001/2022", "iso-27001/2013"
EVERYTHING = "given: {everything: true}, view: {minAuthority: INFERRED}"
PAGE = "totalCount pageInfo { hasNextPage endCursor } edges { cursor }"
# Each of the lists, with what leads to it: `%s` is where its arguments go.
LISTS = {
    "resources": "resources(%s) { {page} nodes { id } }",
    "frameworks": "frameworks(%s) { {page} nodes { id } }",
    "editions": "editions(%s) { {page} nodes { id } }",
    "mapping sets": "mappingSets(%s) { {page} nodes { id } }",
    "statements": "statements(%s) { {page} nodes { id } }",
    "search": 'search(text: "認証"%s) { {page} nodes { resource { id } } }',
    "statements of one": 'resource(id: "ms") { statements(%s) { {page} nodes { id } } }',
    "provisions": f'resource(id: "{ISO}") {{ ... on Edition {{ provisions(%s) {{ {{page}} nodes {{ id }} }} }} }}',
    "requirements": f'coverage(edition: "{EDITION}", {EVERYTHING}) '
    "{ requirements(%s) { {page} nodes { requirement { id } } } }",
    "controls": f'controlsFor(requirement: "iso-27001/2022/a.8.16", {EVERYTHING}%s) {{ {{page}} nodes {{ control {{ id }} }} }}',
    "crosswalk": f'crosswalk(source: "{EDITION}", target: "{ISO}", maxHops: 2, view: {{minAuthority: INFERRED}}) '
    "{ rows(%s) { {page} nodes { source { id } target { id } } } }",
    "unmapped": f'crosswalk(source: "{OLD_ISO}", target: "{ISO}") {{ unmappedTarget(%s) {{ {{page}} nodes {{ id }} }} }}',
    "threats": "threats { rows(%s) { {page} nodes { threat { id } } } }",
    "threats of one": 'threatsFor(provision: "iso-27001/2022/a.8.16", view: {minAuthority: INFERRED}, maxHops: 3%s) '
    "{ {page} nodes { threat { id } provision { id } } }",
    "changes": 'changes(source: "source/leaflet-2020-01", view: {minAuthority: INFERRED}%s) '
    "{ {page} nodes { statement { id } } }",
    "findings": "mappingFindings(view: {minAuthority: INFERRED}%s) { {page} nodes { id } }",
    "differences": f'editionDiff(from: "{OLD_ISO}", to: "{ISO}") {{ changes(%s) {{ {{page}} nodes {{ provision {{ id }} }} }} }}',
    "compared": f'compareCoverage(before: {{edition: "{EDITION}"}}, after: {{edition: "{EDITION}"}}) '
    "{ rows(%s) { {page} nodes { outcome after { requirement { id } } } } }",
    "releases": "releases(%s) { {page} nodes { id } }",
}


def listed(client: Client, name: str, **arguments: object) -> dict[str, Any]:
    """A page of one of the lists."""
    given = ", ".join(f"{key}: {json.dumps(value) if key != 'orderBy' else value}" for key, value in arguments.items())
    text = LISTS[name].replace("{page}", PAGE)
    before, _, after = text.partition("%s")
    comma = ", " if before.rstrip().endswith(("}", '"')) or before[-1].isalnum() else ""
    found: dict[str, Any] = client.ask("{" + before + comma + given + after + "}")
    while "nodes" not in found:
        (found,) = (value for value in found.values() if isinstance(value, dict))
    return found


def paged(client: Client, name: str, first: int, **arguments: object) -> Iterator[Any]:
    """All nodes of a list, page by page."""
    after: dict[str, object] = {}
    for _ in range(200):
        page = listed(client, name, first=first, **after, **arguments)
        assert [one["cursor"] for one in page["edges"]][-1:] == ([page["pageInfo"]["endCursor"]] if page["edges"] else [])
        yield from page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = {"after": page["pageInfo"]["endCursor"]}
    raise AssertionError("the pages do not come to an end")


@pytest.mark.parametrize("name", LISTS)
def test_the_pages_of_every_list_are_the_list(client: Client, name: str) -> None:
    whole = listed(client, name, first=100)
    step = 3 if whole["totalCount"] <= 100 else 37
    found = list(paged(client, name, step)) if whole["totalCount"] <= 2000 else whole["nodes"]
    assert found[:100] == whole["nodes"]
    assert len({json.dumps(one) for one in whole["nodes"]}) == len(whole["nodes"])
    if whole["totalCount"] <= 2000:
        assert len(found) == whole["totalCount"] > 0


@pytest.mark.parametrize(
    ("name", "order_by"),
    [
        ("resources", "[{field: PREF_LABEL, direction: DESC}]"),
        ("editions", "[{field: ISSUED, nulls: FIRST}]"),
        ("provisions", "{field: NOTATION}"),
        ("requirements", "[{field: STATUS}, {field: PREF_LABEL}]"),
        ("crosswalk", "[{field: SCORE, direction: DESC, nulls: FIRST}]"),
        ("crosswalk", "[{field: TARGET}]"),
        ("statements of one", "[{field: AUTHORITY, direction: DESC}]"),
        ("search", "{field: KIND}"),
    ],
)
def test_so_they_are_in_any_order(client: Client, name: str, order_by: str) -> None:
    whole = listed(client, name, first=100, orderBy=order_by)
    found = paged(client, name, 7 if whole["totalCount"] < 300 else 90, orderBy=order_by)
    assert [one for one, _ in zip(found, whole["nodes"], strict=False)] == whole["nodes"]


def test_a_cursor_of_another_order_is_refused(client: Client) -> None:
    cursor = listed(client, "editions", first=1)["pageInfo"]["endCursor"]
    errors = client.graphql(f'{{ editions(after: "{cursor}", orderBy: [{{field: ISSUED}}]) {{ totalCount }} }}')["errors"]
    assert errors[0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert "editions: ISSUED asc last" in errors[0]["extensions"]["messages"]["en"]


def test_numbers_in_notations_count_as_numbers(client: Client) -> None:
    nodes = client.ask(
        f'{{ resource(id: "{ISO}") {{ ... on Edition {{ provisions(first: 2000, orderBy: {{field: NOTATION}}) '
        "{ nodes { notation } } } } }"
    )["resource"]["provisions"]["nodes"]
    notations = [one["notation"] for one in nodes]
    assert notations.index("A.5.2") < notations.index("A.5.10") < notations.index("A.8.1")


def test_every_sort_of_node_is_found_by_its_id_and_in_the_order_asked(client: Client, snapshot: Snapshot) -> None:
    ids = ["ms", next(iter(snapshot.statements)), "nope", *list(snapshot.groups)[:1], next(iter(snapshot.sources)), ISO]
    nodes = client.ask("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=ids)["nodes"]
    assert [one and one["id"] for one in nodes] == [None if one == "nope" else one for one in ids]
    kinds = {one["__typename"] for one in nodes if one}
    assert {"Entity", "Statement", "Source", "Edition"} <= kinds
    for identifier, node in zip(ids, nodes, strict=True):
        assert client.ask("query($id: ID!) { node(id: $id) { __typename id } }", id=identifier)["node"] == node


def test_too_many_ids_are_refused(client: Client) -> None:
    errors = client.graphql("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["ms"] * 101)["errors"]
    assert errors[0]["extensions"]["code"] == "BAD_USER_INPUT"


FILTERED = """query($filter: ResourceFilter) { resources(filter: $filter, first: 2000) { totalCount nodes { id kind } } }"""


@pytest.mark.parametrize(
    ("wanted", "holds"),
    [
        ({"kind": {"eq": "measure"}}, lambda one: one.kind == "measure"),
        ({"kind": {"in": ["measure", "control"]}}, lambda one: one.kind in {"measure", "control"}),
        ({"not": {"kind": {"eq": "measure"}}}, lambda one: one.kind != "measure"),
        (
            {"id": {"startsWith": "iso-"}, "kind": {"eq": "control"}},
            lambda one: one.id.startswith("iso-") and one.kind == "control",
        ),
        ({"and": [{"id": {"contains": "7"}}, {"id": {"contains": "/"}}]}, lambda one: "7" in one.id and "/" in one.id),
        ({"or": [{"id": {"eq": "ms"}}, {"kind": {"eq": "measure"}}]}, lambda one: one.id == "ms" or one.kind == "measure"),
        ({"or": []}, lambda _: False),
        ({"lifecycle": {"eq": "WITHDRAWN"}}, lambda one: one.lifecycle == "withdrawn"),
        ({"prefLabel": {"contains": "ＭＩＣＲＯＳＯＦＴ"}}, lambda one: any("microsoft" in x.text.lower() for x in one.labels)),
        ({}, lambda _: True),
    ],
)
def test_a_filter_gives_what_it_says_and_nothing_else(client: Client, snapshot: Snapshot, wanted: Any, holds: Any) -> None:
    found = client.ask(FILTERED, filter=wanted)["resources"]
    expected = [one.id for one in snapshot.resources.values() if holds(one)]
    assert [one["id"] for one in found["nodes"]] == expected[:2000]
    assert found["totalCount"] == len(expected)


def test_a_filter_is_bounded_in_depth_and_size(client: Client) -> None:
    deep: dict[str, Any] = {"kind": {"eq": "measure"}}
    for _ in range(5):
        deep = {"not": deep}
    wide = {"or": [{"id": {"eq": "ms"}}] * 101}
    long = {"id": {"in": ["ms"] * 1001}}
    for wanted in (deep, wide, long):
        assert client.graphql(FILTERED, filter=wanted)["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT", wanted


def test_the_requirements_of_a_report_are_filtered_by_what_is_worked_out(client: Client) -> None:
    query = f"""query($filter: RequirementFilter) {{ coverage(edition: "{EDITION}", {EVERYTHING}) {{
      requirements(filter: $filter, first: 2000) {{ nodes {{ requirement {{ id }} status gaps {{ type }}
        satisfiedBy(first: 100) {{ nodes {{ control {{ id }} }} }} }} }} }} }}"""

    def ask(**wanted: object) -> list[dict[str, Any]]:
        return client.ask(query, filter=wanted)["coverage"]["requirements"]["nodes"]  # type: ignore[no-any-return]

    everything = ask()
    met = [one for one in everything if one["status"] in {"FULL", "PARTIAL"}]
    assert ask(status={"in": ["FULL", "PARTIAL"]}) == met
    control = met[0]["satisfiedBy"]["nodes"][0]["control"]["id"]
    by_it = [one for one in everything if control in {x["control"]["id"] for x in one["satisfiedBy"]["nodes"]}]
    assert ask(control={"eq": control}) == by_it != []
    gap = next(one["gaps"][-1]["type"] for one in everything if one["gaps"])
    assert ask(gap={"eq": gap}) == [one for one in everything if gap in {x["type"] for x in one["gaps"]}] != []
    assert [one["requirement"]["id"] for one in ask(requirement={"id": {"eq": "ms-01"}})] == ["ms-01"]


def test_the_rows_of_a_crosswalk_are_filtered_by_relation_and_ends(client: Client) -> None:
    query = f"""query($filter: CrosswalkRowFilter) {{ crosswalk(source: "{EDITION}", target: "{ISO}", maxHops: 2,
      view: {{minAuthority: INFERRED}}) {{ rows(filter: $filter, first: 2000) {{
      totalCount nodes {{ candidate source {{ id }} relation {{ relations }} }} }} }} }}"""

    def ask(**wanted: object) -> list[dict[str, Any]]:
        return client.ask(query, filter=wanted)["crosswalk"]["rows"]["nodes"]  # type: ignore[no-any-return]

    everything = ask()
    assert ask(candidate={"eq": True}) == [one for one in everything if one["candidate"]]
    relations = next(one["relation"]["relations"] for one in everything if not one["candidate"])
    assert ask(relation={"eq": relations}) == [one for one in everything if one["relation"]["relations"] == relations] != []
    assert ask(relation={"within": relations, "includes": relations[0]}) == [
        one
        for one in everything
        if relations[0] in one["relation"]["relations"] and set(one["relation"]["relations"]) <= set(relations)
    ]
    source = everything[0]["source"]["id"]
    assert ask(source={"id": {"eq": source}}) == [one for one in everything if one["source"]["id"] == source]


SEARCH = """query($text: String!, $lang: [String!]) { search(text: $text, first: 50) { totalCount
  nodes { foundIn resource { id notation prefLabel(lang: $lang) { value } } fragments { text html } } } }"""


def ids_found(client: Client, text: str) -> list[str]:
    return [one["resource"]["id"] for one in client.ask(SEARCH, text=text)["search"]["nodes"]]


@pytest.mark.parametrize(
    ("alike", "one_of_them"),
    [
        (("認証",), "tech-mfa"),
        (("アクセス", "ｱｸｾｽ", "あくせす"), "kc-10"),
        (("サーバー", "サーバ", "ｻｰﾊﾞ"), "mcol-server"),
        (("encryption", "ENCRYPTION", "ｅｎｃｒｙｐｔｉｏｎ"), "technology/encryption"),
        (("多要素 認証", "認証 多要素"), "tech-mfa"),
    ],
)
def test_however_it_is_spelled_the_same_is_found(client: Client, alike: tuple[str, ...], one_of_them: str) -> None:
    found = [set(ids_found(client, text)) for text in alike]
    assert one_of_them in found[0]
    assert all(some == found[0] for some in found)


def test_one_letter_finds_what_two_of_it_do_and_more(client: Client, snapshot: Snapshot) -> None:
    one = client.ask(SEARCH, text="証")["search"]["totalCount"]
    with_letter = [r for r in snapshot.resources.values() if any("証" in label.text for label in r.labels)]
    assert one >= len(with_letter) >= client.ask(SEARCH, text="認証")["search"]["totalCount"] > 10


def test_inflected_words_find_each_other(client: Client) -> None:
    assert set(ids_found(client, "policies")) & set(ids_found(client, "policy"))
    assert "technology/encryption" in ids_found(client, "encrypted")


def test_the_very_number_comes_first_then_names(client: Client) -> None:
    nodes = client.ask(SEARCH, text="a.5.1")["search"]["nodes"]
    assert (nodes[0]["foundIn"], nodes[0]["resource"]["id"]) == ("EXACT", "iso-27001/2022/a.5.1")
    ranks = [["EXACT", "NAME", "TEXT"].index(one["foundIn"]) for one in nodes]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize("text", ["", "  ", "!?", '"', "* OR NEAR(", "あ" * 201, " ".join(f"w{n}" for n in range(17))])
def test_what_cannot_be_searched_for_is_refused_or_finds_nothing(client: Client, text: str) -> None:
    answer = client.graphql(SEARCH, text=text)
    if "errors" in answer:
        assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    else:
        assert "OR" in text


def test_accept_language_is_looked_up_for_names_too(client: Client) -> None:
    name = '{ resource(id: "ms") { prefLabel { value language isFallback } } }'
    assert client.ask(name, "fr, en-GB;q=0.8, ja;q=0.1")["resource"]["prefLabel"]["language"] == "en"
    assert client.ask(name, "en;q=0.2, ja-JP")["resource"]["prefLabel"] == {
        "value": "マイクロソフト", "language": "ja", "isFallback": False,
    }  # fmt: skip
    assert client.ask(name, "fr")["resource"]["prefLabel"]["isFallback"] is True
    assert client.ask(name, "ja;q=0, *")["resource"]["prefLabel"] == {
        "value": "Microsoft", "language": "en", "isFallback": False,
    }  # fmt: skip


def test_the_schema_is_published_and_not_sent_twice(client: Client) -> None:
    first = client.send("/schema.graphql")
    assert first.status == 200
    assert first.body == (Path(__file__).parents[2] / "api" / "schema.graphql").read_bytes()
    again = client.send("/schema.graphql", headers={"if-none-match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


@pytest.fixture(scope="module")
def two_releases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, str, str]]:
    """A server of two releases: the leaflet's world alone, and then all that is packaged."""
    root = tmp_path_factory.mktemp("then")
    before = build(root, leaflet()).release.id
    after = build(root, packaged()).release.id
    with serving(root) as client:
        yield client, before, after


THEN = """query($release: ID!, $lang: [String!]) {
  now: release { id counts { count } } edition: resource(id: "iso-27001/2022") { id }
  then: asKnownIn(release: $release) { __typename
    ... on KnownThen {
      release { id counts { count } } resource(id: "iso-27001/2022") { id }
      search(text: "認証", first: 1) { totalCount nodes { resource { source { id } } } }
      coverage(edition: "leaflet-recommended-items/2020-01", given: {products: ["office-365"]}) { release { id } }
    }
    ... on UnknownRelease { id explanation(lang: $lang) { value } kept { nodes { id answers } } }
  }
  same: release { id }
}"""


def test_every_question_can_be_asked_of_what_was_known_then_beside_those_of_now(two_releases: tuple[Client, str, str]) -> None:
    client, before, after = two_releases
    found = client.ask(THEN, release=before)
    assert found["now"]["id"] == found["same"]["id"] == after
    assert found["edition"] == {"id": "iso-27001/2022"}
    then = found["then"]
    assert then["release"]["id"] == then["coverage"]["release"]["id"] == before
    assert then["resource"] is None
    assert then["release"]["counts"] != found["now"]["counts"]
    assert client.ask(THEN, release=after)["then"]["resource"] == {"id": "iso-27001/2022"}


def test_a_release_that_is_not_kept_is_an_answer_that_lists_those_that_are(two_releases: tuple[Client, str, str]) -> None:
    client, before, after = two_releases
    for language, word in (("ja", "ありません"), ("en", "There is no release 'nope'")):
        then = client.ask(THEN, release="nope", lang=[language])["then"]
        assert then["__typename"] == "UnknownRelease"
        assert word in then["explanation"]["value"]
        assert then["kept"]["nodes"] == [{"id": after, "answers": True}, {"id": before, "answers": False}]


def test_a_cursor_goes_on_in_another_release_though_its_record_is_not_there(two_releases: tuple[Client, str, str]) -> None:
    client, before, _ = two_releases
    now = client.ask("{ resources(first: 2000) { edges { cursor node { id } } } }")["resources"]["edges"]
    then_query = """query($release: ID!, $after: String) { asKnownIn(release: $release) { ... on KnownThen {
      resources(first: 2000, after: $after) { nodes { id } } } } }"""
    then = [one["id"] for one in client.ask(then_query, release=before)["asKnownIn"]["resources"]["nodes"]]
    gone = next(one for one in now[len(now) // 2 :] if one["node"]["id"] not in then)
    rest = client.ask(then_query, release=before, after=gone["cursor"])["asKnownIn"]["resources"]["nodes"]
    assert [one["id"] for one in rest] == [one for one in then if one > gone["node"]["id"]]


EXPLAINED = f"""query($lang: [String!]) {{
  coverage(edition: "{EDITION}", {EVERYTHING}) {{ requirements(first: 2000) {{ nodes {{
    explanation(lang: $lang) {{ value language }}
    satisfiedBy {{ nodes {{ explanation(lang: $lang) {{ value language }} }} }} }} }} }}
  crosswalk(source: "{EDITION}", target: "{ISO}", maxHops: 2, view: {{minAuthority: INFERRED}}) {{ rows {{ nodes {{
    explanation(lang: $lang) {{ value language }} relation {{ explanation(lang: $lang) {{ value language }} }} }} }} }}
  threats {{ rows {{ nodes {{ explanation(lang: $lang) {{ value language }} }} }} }}
  closeGaps(edition: "leaflet-recommended-items/2020-01", budget: 1) {{
    explanation(lang: $lang) {{ value language }} steps {{ explanation(lang: $lang) {{ value language }} }} }}
}}"""


def explanations(found: object) -> Iterator[dict[str, str]]:
    if isinstance(found, dict):
        if "explanation" in found:
            yield found["explanation"]
        for value in found.values():
            yield from explanations(value)
    if isinstance(found, list):
        for value in found:
            yield from explanations(value)


def test_what_is_worked_out_is_explained_in_both_languages(client: Client) -> None:
    by_language = {lang: list(explanations(client.ask(EXPLAINED, lang=[lang]))) for lang in ("ja", "en")}
    assert len(by_language["ja"]) == len(by_language["en"]) > 100
    for ja, en in zip(by_language["ja"], by_language["en"], strict=True):
        assert (ja["language"], en["language"]) == ("ja", "en")
        assert ja["value"] != en["value"]
        assert "{" not in ja["value"] + en["value"]
        assert ja["value"].endswith(("。", "。)"))


def test_a_text_that_may_not_be_passed_on_is_neither_found_nor_shown() -> None:
    record = Resource(id="x/1", kind="control", source="source/x", labels=(Label(language="en", text="Name"),), notation="1")
    shut, free = SearchIndex([Searched(record, ())]), SearchIndex([Searched(record, (Label(language="en", text="the secret"),))])
    assert [hit.resource for hit in free.find("secret")] == ["x/1"]
    assert shut.find("secret") == []
    found = fragment("a <b> & secret", "secret")
    assert found is not None
    assert found.text[slice(*found.marks[0])] == "secret"


def test_the_texts_that_are_searched_are_those_of_open_sources(snapshot: Snapshot) -> None:
    for identifier, described in snapshot.described.items():
        if all(snapshot.sources[one.source].redistribution.value != "open" for one in described):
            assert snapshot.free_texts(identifier) == ()
