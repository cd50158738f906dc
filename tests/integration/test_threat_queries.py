"""From a provision to threats and candidates, and the Navigator layer, over HTTP."""

import json
from typing import Any, Final

import jsonschema_rs
import pytest

from kakehashi.crosswalk.meanings import MEANINGS, Relates, ThreatLink
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import LANGUAGES
from tests.support.navigator_schema import LAYER
from tests.support.server import Client, Reply

MALWARE: Final = "iso-27001/2022/a.8.7"
OURS: Final = {"minAuthority": "INFERRED"}
LAYER_PATH: Final = "/exports/threats.navigator.json"

both_languages = pytest.mark.parametrize("language", LANGUAGES)

BACK: Final = """
query Back($provision: ID!, $given: GivenInput, $view: ViewInput, $maxHops: Int!, $lang: [String!], $after: String) {
  threatsFor(provision: $provision, view: $view, maxHops: $maxHops, first: 100, after: $after) {
    pageInfo { hasNextPage endCursor } totalCount
    nodes {
      threat { id prefLabel(lang: $lang) { isFallback } } hops relation { determined } proof { authority }
      measure { category control { id prefLabel(lang: $lang) { isFallback } } statement { id } } provision { id }
    }
  }
  threatCandidates(provision: $provision, given: $given, view: $view, maxHops: $maxHops, first: 100) {
    totalCount nodes { control { id prefLabel(lang: $lang) { isFallback } } shared threats { totalCount nodes { id } } }
  }
}"""


def links(snapshot: Snapshot) -> set[tuple[str, str, str]]:
    """Every threat link as it is stated: the thing, the threat, the statement."""
    return {
        (one.subject, one.object, one.id)
        for one in snapshot.records.statements
        if one.object and isinstance(MEANINGS[one.predicate], ThreatLink) and snapshot.classes[one.object] == "Threat"
    }


def related(snapshot: Snapshot, provision: str) -> set[str]:
    """What a row ties to a provision, whichever way round."""
    rows = [one for one in snapshot.records.statements if one.object and isinstance(MEANINGS[one.predicate], Relates)]
    ends = ((one.subject, one.object or "") for one in rows)
    return {other for end, other in (pair[::way] for pair in ends for way in (1, -1)) if end == provision}


@both_languages
def test_a_provision_leads_to_the_threats_of_what_relates_to_it(client: Client, snapshot: Snapshot, language: str) -> None:
    found = client.ask(BACK, language, provision=MALWARE, view=OURS, maxHops=1, lang=[language])["threatsFor"]
    near = related(snapshot, MALWARE)
    wanted = {(thing, threat, statement) for thing, threat, statement in links(snapshot) if thing in near}
    assert {
        (one["measure"]["control"]["id"], one["threat"]["id"], one["measure"]["statement"]["id"]) for one in found["nodes"]
    } == wanted
    assert found["totalCount"] == len(found["nodes"]) > 0
    for one in found["nodes"]:
        assert (one["hops"], one["provision"]["id"], one["relation"]["determined"]) == (1, MALWARE, True)
        assert one["proof"]["authority"] == "INFERRED"
        assert not one["threat"]["prefLabel"]["isFallback"]
        assert not one["measure"]["control"]["prefLabel"]["isFallback"]


@both_languages
def test_what_works_against_the_same_threats_is_a_candidate(client: Client, snapshot: Snapshot, language: str) -> None:
    variables = {"provision": MALWARE, "view": OURS, "maxHops": 1, "lang": [language], "given": {"everything": True}}
    found = client.ask(BACK, language, **variables)["threatCandidates"]
    near, stated = related(snapshot, MALWARE), links(snapshot)
    threats = {threat for thing, threat, _ in stated if thing in near}
    given = {thing for thing, *_ in stated if snapshot.classes[thing] in {"Product", "Capability"}}
    wanted = {
        thing: {threat for other, threat, _ in stated if other == thing and threat in threats}
        for thing in given - near
        if any(other == thing and threat in threats for other, threat, _ in stated)
    }
    assert {one["control"]["id"]: {threat["id"] for threat in one["threats"]["nodes"]} for one in found["nodes"]} == wanted
    shared = [one["shared"] for one in found["nodes"]]
    assert shared == sorted(shared, reverse=True)
    assert all(one["shared"] == one["threats"]["totalCount"] for one in found["nodes"])
    assert client.ask(BACK, language, **variables | {"given": {}})["threatCandidates"]["totalCount"] == 0


def test_what_the_view_does_not_believe_leads_nowhere(client: Client) -> None:
    found = client.ask(BACK, "en", provision=MALWARE, maxHops=1)
    assert (found["threatsFor"]["totalCount"], found["threatCandidates"]["totalCount"]) == (0, 0)


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"provision": "nobody"}, "NOT_FOUND"),
        ({"maxHops": 9}, "BAD_USER_INPUT"),
        ({"given": {"controls": ["x"]}}, "BAD_USER_INPUT"),
    ],
)
@both_languages
def test_what_does_not_exist_is_an_error(client: Client, variables: dict[str, Any], code: str, language: str) -> None:
    answer = client.graphql(BACK, language, **{"provision": MALWARE, "maxHops": 1} | variables)
    for error in answer["errors"]:
        assert error["extensions"]["code"] == code
        assert error["message"] == error["extensions"]["messages"][language]


def layer(client: Client, query: str = "", language: str = "en", **headers: str) -> Reply:
    return client.send(LAYER_PATH + query, headers={"accept-language": language} | headers)


SAFE_LINKS: Final = "?given=ctid-m365/DEF-SLNK-E3&edition=mitre-attack/16.1"


@pytest.mark.parametrize(("language", "word"), [("ja", "備えがない"), ("en", "Open: nothing given")])
def test_the_layer_is_of_the_published_format_in_the_readers_language(client: Client, language: str, word: str) -> None:
    reply = layer(client, SAFE_LINKS, language)
    assert (reply.status, reply.headers["content-type"].partition(";")[0]) == (200, "application/json")
    assert [error.message for error in jsonschema_rs.Draft202012Validator(LAYER).iter_errors(reply.json())] == []
    assert reply.json()["legendItems"][0]["label"] == word
    assert layer(client, f"{SAFE_LINKS}&lang={language}", "fr").body == reply.body


def test_the_layer_scores_what_is_given_and_no_more(client: Client, snapshot: Snapshot) -> None:
    mapped = {
        (one.object or "").rpartition("/")[2]
        for one in snapshot.records.statements
        if one.subject == "ctid-m365/DEF-SLNK-E3" and one.mapping is not None and one.object
    }
    scored = {one["techniqueID"]: one["score"] for one in layer(client, SAFE_LINKS).json()["techniques"] if one.get("score")}
    assert scored == dict.fromkeys(mapped, 3)
    everything = layer(client, "?everything=true&edition=mitre-attack/16.1").json()["techniques"]
    assert {one["techniqueID"] for one in everything if one.get("score")} > mapped
    official = layer(client, f"{SAFE_LINKS}&minAuthority=OFFICIAL").json()["techniques"]
    assert not [one for one in official if one.get("score")]


def test_who_has_the_layer_is_told_so_and_who_has_another_gets_it(client: Client) -> None:
    first = layer(client, SAFE_LINKS)
    etag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["vary"].startswith("Accept-Language")
    assert first.headers["x-content-type-options"] == "nosniff"
    assert first.headers["content-disposition"] == 'attachment; filename="kakehashi-threats.navigator.json"'
    for condition in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        unchanged = layer(client, SAFE_LINKS, **{"if-none-match": condition})
        assert (unchanged.status, unchanged.body, unchanged.headers["etag"]) == (304, b"", etag)
    for condition in ('"other"', etag.strip('"'), etag[:-1] + 'x"'):
        assert layer(client, SAFE_LINKS, **{"if-none-match": condition}).status == 200
    assert layer(client, SAFE_LINKS, "ja").headers["etag"] != etag


@pytest.mark.parametrize(
    ("query", "status", "ja", "en"),
    [
        ("?given=nobody&edition=mitre-attack/16.1", 400, "nobody", "nobody"),
        ("?edition=iso-27001/2022", 400, "iso-27001/2022", "iso-27001/2022"),
        ("?edition=mitre-attack/99", 400, "mitre-attack/16.1", "mitre-attack/16.1"),
        ("?edition=mitre-attack/16.1&tactic=TA9999", 404, "戦術", "no tactic"),
        ("?edition=mitre-attack/16.1&minAuthority=GOD", 400, "のいずれか", "must be one of"),
    ],
)
def test_a_bad_question_is_said_to_be_one(client: Client, query: str, status: int, ja: str, en: str) -> None:
    for language, wording in (("ja", ja), ("en", en)):
        reply = layer(client, query, language)
        assert reply.status == status
        assert wording in json.loads(reply.body)["detail"]
