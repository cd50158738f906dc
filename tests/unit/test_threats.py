"""Threats: what is given against them, what stays open, the way to provisions and back, and the Navigator layer."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from random import Random
from typing import Any, Final

import jsonschema_rs
import pytest
import strawberry
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.crosswalk.given import Given, Holding, View, hold
from kakehashi.crosswalk.index import Index, build_index
from kakehashi.crosswalk.meanings import MEANINGS, ThreatLink
from kakehashi.crosswalk.standing import Standing, World
from kakehashi.crosswalk.threat_paths import candidates_for, provisions_for, threats_for
from kakehashi.crosswalk.threats import CATEGORIES, Category, Exposure, Score, Threats, build_threats, exposure, summary
from kakehashi.exports.navigator import CATEGORY_NAMES, SCORE_NAMES, About, Domain, navigator_layer
from kakehashi.graphql.context import Context
from kakehashi.graphql.execution import Answer, Request, execute
from kakehashi.graphql.resources import Edition as EditionNode
from kakehashi.graphql.resources import Entity, Framework, MappingSet
from kakehashi.graphql.threat_queries import ThreatQueries
from kakehashi.records.model import Edition, Label, Literal, MappingDetail, Records, Resource, Source, Statement
from kakehashi.records.values import Authority, Certainty, Lifecycle, MappingStatus, Nature, Redistribution
from kakehashi.snapshot.model import Snapshot
from kakehashi.store.port import Release
from kakehashi.vocabulary.text import KakehashiError
from tests.support.navigator_schema import LAYER

ATTACK: Final = "mitre-attack/16.1"
TODAY: Final = date(2026, 11, 24)
EVERYBODY: Final = View(frozenset(Authority), TODAY)
PHISHING, LINK, OLD, LATER, TACTIC = (f"{ATTACK}/{one}" for one in ("T1566", "T1566.002", "T1193", "T9999", "TA0001"))
CLASSES: Final = {
    "suite": "Product", "mail-filter": "Capability", "sign-in": "Capability", "ac-2": "Control", "rule-1": "Requirement",
    "rule-2": "Requirement", PHISHING: "Threat", LINK: "Threat", OLD: "Threat", TACTIC: "Threat", LATER: "Resource",
    "kc-01": "Threat",
}  # fmt: skip
RESOURCES: Final = {
    one.id: one
    for one in (
        Resource(id=PHISHING, kind="technique", source="source/attack", notation="T1566"),
        Resource(id=LINK, kind="technique", source="source/attack", notation="T1566.002", parent=PHISHING),
        Resource(id=OLD, kind="technique", source="source/attack", notation="T1193", lifecycle=Lifecycle.REVOKED),
        Resource(id=TACTIC, kind="tactic", source="source/attack", notation="TA0001"),
        Resource(id=LATER, kind="dangling-reference", source="source/x"),
        Resource(id="kc-01", kind="attack-stage", source="source/leaflet"),
    )
}
DESCRIBED: Final = {one: (record,) for one, record in RESOURCES.items() if one != LATER}
WORLD: Final = World(CLASSES, dangling=frozenset({LATER}))
OF_TACTIC: Final = (("t1", PHISHING, "in-tactic", TACTIC), ("t2", LINK, "in-tactic", TACTIC), ("t3", OLD, "in-tactic", TACTIC))


def stated(
    identifier: str, subject: str, predicate: str, target: str, score: str | None = None,
    *, authority: Authority = Authority.THIRD_PARTY, mapping_set: str = "mapping-set/x",
) -> Statement:  # fmt: skip
    detail = MappingDetail(
        mapping_set=mapping_set, verbatim=predicate, justification="semapv:UnspecifiedMatching",
        status=MappingStatus.PUBLISHED, strength=score,
    )  # fmt: skip
    return Statement(
        id=identifier, subject=subject, predicate=predicate, object=target, source="source/x", certainty=Certainty.PRINTED,
        authority=authority, nature=Nature.REPORT, mapping=detail,
    )  # fmt: skip


TACTICS: Final = [stated(*one) for one in OF_TACTIC]


def known(statements: Sequence[Statement], world: World = WORLD) -> Threats:
    return build_threats([*TACTICS, *statements], RESOURCES, DESCRIBED, world)


def held(index: Index, *things: str, view: View = EVERYBODY) -> Holding:
    return hold(index, Given(things=frozenset(things)), view)


def exposed(statements: Sequence[Statement], *things: str, view: View = EVERYBODY) -> dict[str, Exposure]:
    found, holding = known(statements), held(build_index(statements, WORLD), *things, view=view)
    return {one: exposure(found, one, holding, view) for one in found.within()}


def test_every_predicate_that_links_a_threat_has_its_categories() -> None:
    assert CATEGORIES.keys() == {word for word, meaning in MEANINGS.items() if isinstance(meaning, ThreatLink)}
    assert all(CATEGORIES.values())
    assert set(CATEGORY_NAMES) == set(Category)


def test_what_is_said_of_a_sub_technique_says_nothing_of_the_technique_nor_the_reverse() -> None:
    of_part = exposed([stated("s1", "mail-filter", "protects-against", LINK)], "mail-filter")
    assert (of_part[LINK].is_open, of_part[PHISHING].is_open) == (False, True)
    of_whole = exposed([stated("s1", "mail-filter", "protects-against", PHISHING)], "mail-filter")
    assert (of_whole[LINK].is_open, of_whole[PHISHING].is_open) == (True, False)
    assert of_part[LINK].threat.whole == PHISHING
    assert known([]).parts == {PHISHING: (LINK,)}


def test_what_is_out_of_use_or_undefined_is_told_apart_and_not_counted() -> None:
    rows = [stated("s1", "mail-filter", "detects-technique", one) for one in (OLD, LATER, LINK)]
    counts = summary(list(exposed(rows, "mail-filter").values()))
    assert (counts.threats, counts.addressed, counts.open) == (3, 1, 2)
    assert (counts.out_of_use, counts.undefined, counts.parts) == (1, 1, 1)


def test_a_tactic_is_no_threat_beside_its_techniques_unless_it_is_linked_itself() -> None:
    assert known([]).within(edition=ATTACK) == (OLD, PHISHING, LINK)
    assert TACTIC in known([stated("s1", "sign-in", "counters", TACTIC)]).within(edition=ATTACK)


def test_threats_are_those_of_an_edition_a_tactic_and_a_source() -> None:
    found = known([stated("s1", "mail-filter", "detects-technique", LATER)])
    assert found.within(tactic=TACTIC) == (OLD, PHISHING, LINK)
    assert found.within(edition=ATTACK) == (OLD, PHISHING, LINK, LATER)
    assert found.within(source="source/leaflet") == ("kc-01",)
    assert found.within(tactic=TACTIC, source="source/leaflet") == ()


def test_the_best_score_of_a_category_comes_first_and_words_of_no_known_scale_last() -> None:
    rows = [
        stated("s1", "mail-filter", "protects-against", LINK, "High"),
        stated("s2", "sign-in", "protects-against", LINK, "Minimal"),
        stated("s3", "sign-in", "protects-against", LINK, "significant"),
        stated("s4", "sign-in", "detects-technique", LINK),
    ]
    found = exposed(rows, "mail-filter", "sign-in")[LINK]
    assert [(one.category, one.score) for one in found.measures] == [
        (Category.PROTECT, "significant"), (Category.PROTECT, "Minimal"), (Category.PROTECT, "High"), (Category.DETECT, None),
    ]  # fmt: skip
    assert found.open_categories == (Category.RESPOND,)
    assert summary([found]).scores == (
        Score(category=Category.PROTECT, score="significant", threats=1), Score(category=Category.DETECT, score=None, threats=1),
    )  # fmt: skip


def test_one_word_can_state_two_categories_and_others_none_of_the_three() -> None:
    both = exposed([stated("s1", "sign-in", "detects-and-responds-to", LINK)], "sign-in")[LINK]
    assert {one.category for one in both.measures} == {Category.DETECT, Category.RESPOND}
    tied = exposed([stated("s1", "sign-in", "addresses-threat", LINK)], "sign-in")[LINK]
    assert not tied.is_open
    assert tied.open_categories == (Category.PROTECT, Category.DETECT, Category.RESPOND)
    assert (summary([tied]).otherwise, summary([both]).otherwise) == (1, 0)


def test_a_product_brings_its_capability_and_the_measure_says_so() -> None:
    rows = [stated("b1", "suite", "has-capability", "mail-filter"), stated("s1", "mail-filter", "protects-against", LINK)]
    (measure,) = exposed(rows, "suite")[LINK].measures
    assert [link.statement for link in measure.links] == ["b1"]
    assert (measure.statement, measure.authority, measure.mapping_set) == ("s1", Authority.THIRD_PARTY, "mapping-set/x")


def test_only_the_word_of_whom_the_view_sees_counts() -> None:
    rows = [stated("s1", "sign-in", "protects-against", LINK, authority=Authority.INFERRED)]
    assert not exposed(rows, "sign-in")[LINK].is_open
    assert exposed(rows, "sign-in", view=View(frozenset(Authority) - {Authority.INFERRED}, TODAY))[LINK].is_open


@pytest.mark.parametrize("standing", [Standing.REVERSE, Standing.COMPOSED])
def test_a_set_that_is_no_second_opinion_is_none_on_threats_either(standing: Standing) -> None:
    world = World(CLASSES, not_evidence={"mapping-set/copy": standing})
    assert known([stated("s1", "sign-in", "protects-against", LINK, mapping_set="mapping-set/copy")], world).measures == {}


def test_nothing_to_count_has_no_ratio() -> None:
    assert summary([]).addressed_ratio is None


WORDS: Final = st.sampled_from(sorted(CATEGORIES))
LINKS: Final = st.tuples(
    st.sampled_from(("suite", "mail-filter", "sign-in", "ac-2")), WORDS, st.sampled_from((PHISHING, LINK, OLD, LATER, "kc-01")),
    st.sampled_from((None, "minimal", "Partial", "significant", "9")), st.sampled_from(tuple(Authority)),
)  # fmt: skip
HAVING: Final = st.sampled_from(
    [("suite", "has-capability", "mail-filter"), ("mail-filter", "has-capability", "sign-in")]
).flatmap(lambda form: st.tuples(*map(st.just, form), st.none(), st.sampled_from(tuple(Authority))))
RELEASES: Final = st.lists(st.one_of(LINKS, LINKS, HAVING), max_size=12).map(
    lambda forms: [stated(f"s{place}", *form[:4], authority=form[4]) for place, form in enumerate(forms)]
)
THINGS: Final = st.frozensets(st.sampled_from(("suite", "mail-filter", "sign-in")))
AUTHORITIES: Final = st.frozensets(st.sampled_from(tuple(Authority)))


def open_in(rows: Sequence[Statement], things: Iterable[str], authorities: frozenset[Authority]) -> dict[str, set[Category]]:
    found = exposed(rows, *things, view=View(authorities, TODAY))
    return {one: {*each.open_categories} | ({Category.UNSPECIFIED} if each.is_open else set()) for one, each in found.items()}


def no_more(after: dict[str, set[Category]], before: dict[str, set[Category]]) -> bool:
    return all(after[one] <= before[one] for one in before)


@settings(max_examples=200, deadline=None)
@given(RELEASES, THINGS, THINGS, AUTHORITIES)
def test_giving_more_opens_no_threat(
    rows: list[Statement], some: frozenset[str], more: frozenset[str], seen: frozenset[Authority]
) -> None:
    assert no_more(open_in(rows, some | more, seen), open_in(rows, some, seen))


@settings(max_examples=200, deadline=None)
@given(RELEASES, THINGS, AUTHORITIES, AUTHORITIES)
def test_narrowing_the_authorities_closes_no_threat(
    rows: list[Statement], some: frozenset[str], seen: frozenset[Authority], fewer: frozenset[Authority]
) -> None:
    assert no_more(open_in(rows, some, seen), open_in(rows, some, seen & fewer))


@settings(max_examples=100, deadline=None)
@given(RELEASES, st.randoms(use_true_random=False))
def test_the_order_of_statements_changes_nothing(rows: list[Statement], shuffler: Random) -> None:
    shuffled = [*TACTICS, *rows]
    shuffler.shuffle(shuffled)
    assert build_threats(shuffled, RESOURCES, DESCRIBED, WORLD) == known(rows)


CHAIN: Final = [
    stated("m1", "ac-2", "mitigates", LINK),
    stated("r1", "ac-2", "equal", "rule-1"),
    stated("r2", "ac-2", "no-relationship", "rule-2"),
    stated("s1", "sign-in", "protects-against", LINK, "partial"),
]


def test_the_way_leads_from_threat_to_control_to_requirement_and_back() -> None:
    index, threats = build_index(CHAIN, WORLD), known(CHAIN)
    there = provisions_for(index, threats, LINK, ["rule-1", "rule-2", "ac-2"], EVERYBODY)
    assert [(one.provision, one.measure.thing, one.distance) for one in there] == [("ac-2", "ac-2", 0), ("rule-1", "ac-2", 1)]
    assert there[0].proof is None
    assert there[1].proof is not None
    assert [step.row.statement for chain in there[1].proof.chains for step in chain.steps] == ["r1"]
    (back,) = threats_for(index, threats, "rule-1", EVERYBODY)
    assert (back.measure.threat, back.measure.category, back.relations) == (LINK, Category.MITIGATE, there[1].relations)
    assert threats_for(index, threats, "rule-2", EVERYBODY) == ()


def test_longer_chains_reach_further_only_where_they_are_asked_for() -> None:
    rows = [*CHAIN, stated("r3", "rule-1", "equal", "rule-3")]
    world = World({**CLASSES, "rule-3": "Requirement"})
    index, threats = build_index(rows, world), known(rows, world)
    assert provisions_for(index, threats, LINK, ["rule-3"], EVERYBODY) == ()
    (found,) = provisions_for(index, threats, LINK, ["rule-3"], View(frozenset(Authority), TODAY, 2))
    assert found.distance == 2


def test_what_works_against_the_same_threats_is_a_candidate_and_what_is_linked_is_none() -> None:
    index, threats = build_index(CHAIN, WORLD), known(CHAIN)
    (candidate,) = candidates_for(index, threats, "rule-1", held(index, "sign-in"), EVERYBODY)
    assert (candidate.thing, candidate.threats) == ("sign-in", (LINK,))
    linked = [*CHAIN, stated("r4", "sign-in", "satisfies", "rule-1")]
    index = build_index(linked, WORLD)
    assert candidates_for(index, known(linked), "rule-1", held(index, "sign-in"), EVERYBODY) == ()


def test_coverage_does_not_see_threat_links() -> None:
    assert build_index([stated("s1", "sign-in", "protects-against", LINK)], WORLD).engine.rows == ()


# What the Navigator reads


def named(text: str, *, ours: bool = False) -> tuple[Label, ...]:
    return (Label(language="en", text=text, ours=ours),)


def release_of(default: Snapshot, statements: Sequence[Statement], terms: Redistribution = Redistribution.OPEN) -> Snapshot:
    """A small release of its own, with the vocabulary of the default one."""
    sources = tuple(
        Source(
            id=one, labels=named(one), authority=Authority.THIRD_PARTY, redistribution=terms if one == "source/x" else
            Redistribution.OPEN, rights="r", sha256="0" * 64, loader="l", loader_version="1",
        )
        for one in ("source/attack", "source/x")
    )  # fmt: skip
    kinds = {"suite": "product", "mail-filter": "product-capability", "sign-in": "product-capability", "ac-2": "control"}
    things = tuple(Resource(id=one, kind=kind, source="source/x", labels=named(f"Their {one}")) for one, kind in kinds.items())
    attack = (
        Resource(id="mitre-attack", kind="framework", source="source/attack", labels=named("ATT&CK")),
        Resource(id=ATTACK, kind="edition", source="source/attack", labels=named("ATT&CK 16.1")),
        Resource(id="mapping-set/x", kind="mapping-set", source="source/x", labels=named("X")),
    )
    threats = tuple(one for one in RESOURCES.values() if one.source == "source/attack")
    order = Statement(
        id="o1", subject=TACTIC, predicate="order", value=Literal(text="1", datatype="integer"), section="Enterprise ATT&CK",
        source="source/attack", certainty=Certainty.PRINTED, authority=Authority.OFFICIAL, nature=Nature.REPORT,
    )  # fmt: skip
    records = Records(
        sources=sources, resources=(*things, *attack, *threats), terms=default.records.terms,
        editions=(Edition(id=ATTACK, framework="mitre-attack", source="source/attack", version="16.1"),),
        statements=(order, *TACTICS, *statements),
    )  # fmt: skip
    release = Release(id="0" * 16, built_at=datetime(2026, 11, 24, tzinfo=UTC), base="https://x.test", version="1", graphs=())
    return Snapshot(release, records)


def layer_of(snapshot: Snapshot, *things: str, domain: Domain = Domain.ENTERPRISE, language: str = "en") -> Any:
    found = build_threats(snapshot.records.statements, snapshot.resources, snapshot.described, snapshot.world)
    holding = held(snapshot.index, *things)
    exposures = [exposure(found, one, holding, EVERYBODY) for one in found.within(edition=ATTACK)]
    about = About(edition=ATTACK, as_of=TODAY, language=language, domain=domain)
    written = navigator_layer(snapshot, exposures, about)
    assert written == navigator_layer(snapshot, reversed(exposures), about)
    return json.loads(written)


SCORED: Final = [
    stated("s1", "mail-filter", "protects-against", LINK, "partial"),
    stated("s2", "sign-in", "detects-technique", LINK, "significant"),
    stated("s3", "sign-in", "detects-technique", OLD, "significant"),
]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_layer_is_valid_and_scores_each_technique_on_its_own(snapshot: Snapshot, language: str) -> None:
    layer = layer_of(release_of(snapshot, SCORED), "mail-filter", "sign-in", language=language)
    assert [error.message for error in jsonschema_rs.Draft202012Validator(LAYER).iter_errors(layer)] == []
    assert layer["versions"] == {"attack": "16", "navigator": "5.1.0", "layer": "4.5"}
    assert {one["techniqueID"]: one["score"] for one in layer["techniques"]} == {"T1566": 0, "T1566.002": 3}
    assert layer["layout"]["showAggregateScores"] is False
    names = [one["name"] for one in layer["techniques"][1]["metadata"]]
    assert names == [CATEGORY_NAMES[one].in_language(language) for one in (Category.PROTECT, Category.DETECT)]
    assert SCORE_NAMES["significant"].in_language(language) in layer["techniques"][1]["comment"]
    assert len(layer["legendItems"]) == len({one["color"] for one in layer["legendItems"]}) == 5


def test_the_schema_of_layers_refuses_what_the_format_does_not_allow(snapshot: Snapshot) -> None:
    layer = layer_of(release_of(snapshot, SCORED), "mail-filter")
    validator = jsonschema_rs.Draft202012Validator(LAYER)
    assert not validator.is_valid({**layer, "domain": "mitre-enterprise"})
    assert not validator.is_valid({**layer, "techniques": [{"techniqueID": "TA0001"}]})
    assert not validator.is_valid({**layer, "gradient": {"colors": ["#ffffff"], "minValue": 0, "maxValue": 3}})


def test_a_measure_without_a_score_has_a_colour_and_no_number(snapshot: Snapshot) -> None:
    layer = layer_of(release_of(snapshot, [stated("s1", "sign-in", "addresses-threat", LINK)]), "sign-in")
    found = layer["techniques"][1]
    assert "score" not in found
    assert found["color"] == layer["legendItems"][-1]["color"]


@pytest.mark.parametrize(("terms", "number"), [(Redistribution.LOCAL_ONLY, None), (Redistribution.CITATION_ONLY, 0)])
def test_what_may_not_leave_is_in_no_layer(snapshot: Snapshot, terms: Redistribution, number: int | None) -> None:
    layer = layer_of(release_of(snapshot, SCORED, terms), "mail-filter", "sign-in")
    written, found = json.dumps(layer), layer["techniques"][1]
    assert "Their" not in written
    assert not [one for one in layer["techniques"] if one.get("score", 0) > 0]
    assert found["enabled"] is (number is not None)
    assert found.get("score") is None


def test_a_layer_holds_the_techniques_of_its_domain_and_is_of_attack(snapshot: Snapshot) -> None:
    assert layer_of(release_of(snapshot, SCORED), "sign-in", domain=Domain.ICS)["techniques"] == []
    with pytest.raises(KakehashiError, match="no edition of ATT&CK"):
        navigator_layer(snapshot, [], About(edition="leaflet/2020-01", as_of=TODAY, language="en"))


# What GraphQL answers


@strawberry.type
class _Query(ThreatQueries):
    """The questions on threats alone."""


SCHEMA: Final = strawberry.Schema(query=_Query, types=[Entity, Framework, EditionNode, MappingSet])
REPORT: Final = """
query Report($given: GivenInput, $view: ViewInput, $edition: ID, $tactic: ID, $source: ID, $open: Boolean) {
  threats(given: $given, view: $view, edition: $edition, tactic: $tactic, source: $source, open: $open) {
    edition { id } tactic { id } source { id } asOf unlinked { id }
    summary {
      threats parts protected detected responded otherwise addressed open addressedRatio outOfUse undefined
      scores { category score threats }
    }
    rows { totalCount nodes {
      threat { id } lifecycle counted open openCategories tactics { id } whole { open threat { id } } parts { open threat { id } }
      measures { category score authority control { id } statement { id } mappingSet { id } hadBy { id } }
    } }
  }
}"""


def asked(snapshot: Snapshot, document: str, language: str = "en", **variables: object) -> Answer:
    return execute(SCHEMA, Context(snapshot, (language,), TODAY), Request(document, variables))


def test_a_report_shows_technique_and_sub_technique_apart(snapshot: Snapshot) -> None:
    body = asked(release_of(snapshot, SCORED), REPORT, edition=ATTACK, given={"controls": ["mail-filter", "suite"]}).body
    report = body["data"]["threats"]
    assert report["summary"]["threats"] == 2
    assert (report["summary"]["protected"], report["summary"]["open"], report["summary"]["outOfUse"]) == (1, 1, 1)
    assert report["unlinked"] == [{"id": "suite"}]
    whole, part = report["rows"]["nodes"]
    assert (whole["threat"]["id"], whole["open"], whole["parts"]) == (PHISHING, True, [{"open": False, "threat": {"id": LINK}}])
    assert part["whole"] == {"open": True, "threat": {"id": PHISHING}}
    assert part["measures"][0]["score"] == "partial"
    assert part["openCategories"] == ["DETECT", "RESPOND"]


def test_what_is_out_of_use_is_listed_where_something_given_is_linked_to_it(snapshot: Snapshot) -> None:
    report = asked(release_of(snapshot, SCORED), REPORT, tactic=TACTIC, given={"controls": ["sign-in"]}).body["data"]["threats"]
    found = {one["threat"]["id"]: (one["lifecycle"], one["counted"]) for one in report["rows"]["nodes"]}
    assert found == {OLD: ("REVOKED", False), PHISHING: (None, True), LINK: (None, True)}
    only = asked(release_of(snapshot, SCORED), REPORT, tactic=TACTIC, given={"controls": ["sign-in"]}, open=True)
    assert [one["threat"]["id"] for one in only.body["data"]["threats"]["rows"]["nodes"]] == [PHISHING]


def test_one_threat_leads_to_provisions_and_a_provision_to_threats_and_candidates(snapshot: Snapshot) -> None:
    document = """
    query($threat: ID!, $edition: ID!) {
      threat(id: $threat) {
        knownMeasures { nodes { category control { id } } }
        provisions(edition: $edition, maxHops: 2) { nodes { hops provision { id } relation { determined } proof { authority } } }
      }
    }"""
    found = asked(release_of(snapshot, CHAIN[:1]), document, threat=LINK, edition=ATTACK).body["data"]["threat"]
    assert found == {
        "knownMeasures": {"nodes": [{"category": "MITIGATE", "control": {"id": "ac-2"}}]},
        "provisions": {"nodes": []},
    }


@pytest.mark.parametrize(
    ("variables", "wording"),
    [
        ({"tactic": "TA0001"}, "no tactic 'TA0001'"),
        ({"edition": "nothing/1"}, "no edition 'nothing/1'"),
        ({"edition": "leaflet-legal-considerations/2020-01"}, "lists no threats"),
        ({"source": "source/none"}, "no source 'source/none'"),
        ({"given": {"controls": ["nobody"]}}, "nobody"),
    ],
)
def test_what_does_not_exist_is_said_in_both_languages(snapshot: Snapshot, variables: dict[str, Any], wording: str) -> None:
    (error,) = asked(snapshot, REPORT, **variables).body["errors"]
    assert wording in error["extensions"]["messages"]["en"]
    assert error["extensions"]["messages"]["ja"] != error["extensions"]["messages"]["en"]


def test_the_leaflets_risk_events_are_detected_on_the_vendors_word(snapshot: Snapshot) -> None:
    variables: dict[str, Any] = {"given": {"products": ["azure-ad-identity-protection"]}, "source": "source/leaflet-2020-01"}
    summary_of = asked(snapshot, REPORT, **variables).body["data"]["threats"]["summary"]
    assert (summary_of["threats"], summary_of["detected"], summary_of["protected"]) == (25, 6, 0)
    assert summary_of["scores"] == [{"category": "DETECT", "score": None, "threats": 6}]
    official = asked(snapshot, REPORT, **variables, view={"minAuthority": "OFFICIAL"}).body["data"]["threats"]["summary"]
    assert official["open"] == 25
