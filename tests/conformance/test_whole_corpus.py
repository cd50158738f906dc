"""All published files in one release: what loads, what is refused and why, and that one provision is one node."""

from collections import Counter
from pathlib import Path

import pytest

from kakehashi.crosswalk.standing import Standing
from kakehashi.pipeline.load import load, rollback, unload
from kakehashi.pipeline.report import Outcome
from kakehashi.records.model import Resource
from kakehashi.records.values import Lifecycle, ParentLink
from kakehashi.snapshot.diff import diff
from kakehashi.snapshot.merging import DANGLING
from tests.conformance.conftest import Whole
from tests.support.corpus import corpus
from tests.support.making import maker_at, snapshot_of

REFUSED = {
    "d3fend/d3fend-ontology-mappings.ttl": ":107",
    "opencre/osib_example.yml": "",
    "oscal-component-definitions/civicactions/django-opencontrol-component.yaml": ":1",
    "oscal-component-definitions/trestle-tests/bad_component_dup_uuid.yaml": ":70",
    "oscal-component-definitions/trestle-tests/bad_component_no_tz.yaml": ":3",
    "sssom/sssom-py-tests/invalid/bad_basic.tsv": ":15",
    "sssom/sssom-py-tests/invalid/basic_strict_fail.tsv": ":6",
    # the publisher gave two of its examples one mapping_set_id; alone, each loads (test_sssom.py)
    "sssom/spec-examples/schema/mapping_set_confidence.sssom.tsv": "",
}
"""Files of a known format that are refused, and how the place of the first fault ends."""

DUPLICATES = {
    "oscal-examples/example-component-definition.yaml",
    "sssom/spec-examples/external/example1.sssom.tsv",
    "sssom/spec-examples/external/mp-hp-exact-0.0.1.sssom.tsv",
}
"""Documents that the corpus holds twice, in another notation or with the metadata beside them."""


def test_every_file_loads_or_is_refused_with_its_place_and_reason(whole: Whole) -> None:
    refused = {one.files[0].removeprefix("corpus/"): one for one in whole.report.refused if one.format is not None}
    assert {name: one.faults[0].places[0].endswith(REFUSED[name]) for name, one in refused.items()} == dict.fromkeys(
        REFUSED, True
    )
    for one in refused.values():
        assert all(fault.ja != fault.en for fault in one.faults)
        assert one.kept == {}
    duplicates = {one.files[0].removeprefix("corpus/") for one in whole.report.sources if one.outcome is Outcome.DUPLICATE}
    assert duplicates == DUPLICATES


def test_every_file_is_accounted_for(whole: Whole) -> None:
    named = Counter(name for one in whole.report.sources for name in one.files)
    there = {
        f"corpus/{file.relative_to(corpus())}" for file in corpus().rglob("*") if file.is_file() and not file.name.startswith(".")
    }
    assert set(named) == there
    assert set(named.values()) == {1}
    strangers = {one.files[0] for one in whole.report.refused if one.format is None}
    assert all(name.endswith((".md", "schema.json", "sssom_schema.yaml")) for name in strangers), strangers


def test_nothing_of_a_refused_file_is_in_the_release(whole: Whole) -> None:
    refused = {one.source for one in whole.report.refused if one.source is not None}
    loaded = {one.source for one in whole.report.sources if one.outcome is Outcome.LOADED}
    assert not (refused - loaded) & whole.snapshot.sources.keys()


def test_loading_the_same_again_changes_nothing(whole: Whole) -> None:
    report = load(maker_at(whole.root), [corpus("ciso-assistant"), corpus("prowler")])
    assert report.release == whole.snapshot.release.id
    assert not report.fresh
    assert {one.outcome for one in report.sources if one.format} == {Outcome.UNCHANGED}


def test_unload_removes_exactly_one_source_and_rollback_brings_it_back(whole: Whole, tmp_path: Path) -> None:
    maker = maker_at(tmp_path / "home")
    first = load(maker, [corpus("fedramp-20x"), corpus("prowler/soc2_azure.json"), corpus("mitre-attack")])
    before = snapshot_of(tmp_path / "home")
    gone = next(one.source for one in first.sources if one.source and "prowler" in one.source)
    unload(maker, [gone])
    after = snapshot_of(tmp_path / "home")
    assert before.sources.keys() - after.sources.keys() == {gone}
    assert {one.source for one in before.records.statements if one.id not in after.statements} == {gone}
    changes = diff(before, after)
    assert changes.sources.removed == (gone,)
    assert changes.sources.added == changes.sources.changed == changes.statements.added == changes.statements.changed == ()
    assert rollback(maker).id == first.release
    assert snapshot_of(tmp_path / "home").records == before.records


AC_2_1 = "nist-sp-800-53/rev5/ac-2.1"


def test_one_control_of_many_files_is_one_node(whole: Whole) -> None:
    described = {one.source for one in whole.snapshot.described[AC_2_1]}
    assert any("oscal/catalog/nist-special-publication-800-53" in source for source in described)
    assert "source/ciso-assistant/nist-sp-800-53-rev5/1" in described
    assert "source/ciso-assistant/fedramp-rev5/1" in described
    assert {"ciso-assistant", "d3fend", "fedramp-20x", "oscal"} <= formats(whole, AC_2_1)
    assert {"ciso-assistant", "ctid", "opencre", "oscal"} <= formats(whole, "nist-sp-800-53/rev5/ac-2")


def formats(whole: Whole, provision: str) -> set[str]:
    """The formats of the files that say anything of a provision."""
    statements = (*whole.snapshot.incoming[provision], *whole.snapshot.outgoing[provision])
    return {one.source.split("/")[1] for one in statements}


def test_the_publishers_own_word_is_the_one_that_shows(whole: Whole) -> None:
    control = whole.snapshot.resources[AC_2_1]
    assert control.kind == "control-enhancement"
    assert control.notation == "AC-2(1)"
    assert control.parent == "nist-sp-800-53/rev5/ac-2"
    assert whole.snapshot.sources[control.source].authority.value == "official"


def test_every_framework_declares_what_its_parent_link_means_with_the_reason(whole: Whole) -> None:
    snapshot = whole.snapshot
    with_editions = {edition.framework for edition in snapshot.editions.values()}
    assert with_editions <= snapshot.framework_structures.keys()
    for structure in snapshot.framework_structures.values():
        assert {label.language for label in structure.reasons if label.text.strip()} == {"en", "ja"}
    assert snapshot.framework_structures["nist-sp-800-53"].parent_link is ParentLink.EXTENSION


@pytest.mark.parametrize(
    ("edition", "count"),
    [
        ("nist-sp-800-53b/low", 149),
        ("nist-sp-800-53b/moderate", 287),
        ("nist-sp-800-53b/high", 370),
        ("nist-sp-800-53b/privacy", 96),
    ],
)
def test_a_baseline_asks_for_what_its_profile_selects_in_the_catalogues_order(whole: Whole, edition: str, count: int) -> None:
    asked = whole.snapshot.requirements(edition)
    assert len(asked) == count
    places = [whole.snapshot.positions[one] for one in asked]
    assert places == sorted(places)


def test_dangling_references_are_kept_reported_and_out_of_the_algebra(whole: Whole) -> None:
    snapshot = whole.snapshot
    assert "nist-sp-800-53/rev5/ia-13" in snapshot.dangling
    assert sum(one.startswith("cis-controls/8/") for one in snapshot.dangling) > 100
    assert whole.report.dangling == len(snapshot.dangling)
    ends = {end for pair in snapshot.index.acceptance.accepted for end in pair}
    assert not ends & snapshot.dangling
    named = {one.source: one.dangling for one in whole.report.sources if one.dangling}
    assert named["source/ciso-assistant/mapping-cis-controls-v8-and-scf-2025.2.2/1"] == len(
        {one.subject for one in snapshot.records.statements if one.subject.startswith("cis-controls/8/")}
    )


def test_no_heading_nor_what_is_withdrawn_is_an_end_of_a_relation(whole: Whole) -> None:
    snapshot = whole.snapshot
    ends = {end for pair in snapshot.index.acceptance.accepted for end in pair}
    kinds = Counter(snapshot.resources[end].kind for end in ends)
    assert not kinds.keys() & {"heading", DANGLING}
    assert not [end for end in ends if snapshot.resources[end].lifecycle is Lifecycle.WITHDRAWN]
    kept = [one for one in snapshot.records.statements if one.mapping and snapshot.standing(one) is Standing.ON_HEADING]
    assert len(kept) >= 54


def test_mechanical_reverses_are_recorded_and_not_counted(whole: Whole) -> None:
    reverses = [one for one in whole.snapshot.mapping_sets.values() if one.origin.value == "reverse"]
    assert len(reverses) == 12
    for one in reverses:
        assert one.rows == whole.snapshot.mapping_sets[one.derived_from[0]].rows
        assert not [row for row in whole.snapshot.records.statements if row.mapping and row.mapping.mapping_set == one.id]


def test_the_corpus_holds_no_contradiction(whole: Whole) -> None:
    assert whole.snapshot.index.acceptance.set_aside == {}


def test_threat_scores_are_links_and_never_relations(whole: Whole) -> None:
    links = [one for one in whole.snapshot.records.statements if whole.snapshot.standing(one) is Standing.THREAT_LINK]
    ctid = [one for one in links if one.source.startswith("source/ctid/")]
    assert len(ctid) == 972 + 806 + 5410 - 96
    assert {one.mapping.strength for one in ctid if one.mapping} == {"minimal", "partial", "significant", None}
    pairs = whole.snapshot.index.acceptance.accepted
    assert not [one for one in links if (one.subject, one.object) in pairs or (one.object, one.subject) in pairs]


def test_names_are_in_the_publishers_language_and_nothing_is_invented(whole: Whole) -> None:
    published = [
        one for one in whole.snapshot.records.resources if "/ciso-assistant/" in one.source and one.kind == "requirement"
    ]
    assert published
    assert not [one for one in published for label in one.labels if label.ours]
    described: Resource = whole.snapshot.resources["iso-27001/2022/a.5.1"]
    assert "fr" in {label.language for label in described.labels}
