"""What the D3FEND loaders read out of D3FEND's files."""

from collections import Counter
from functools import cache

import pytest

from kakehashi.records.model import Edition, Framework, Group, Label, MappingSet, Resource, Statement
from kakehashi.records.values import Authority, Lifecycle, ParentLink, Redistribution, StatedAs
from kakehashi.sources.d3fend import CCI_FORMAT, FORMAT, FORMATS, NIST_FORMAT
from kakehashi.sources.d3fend.ontology import LITERATURE, NOTES, STRUCTURE, WEAKNESSES
from kakehashi.sources.files import UnreadableError
from kakehashi.sources.format import Format, Reading
from tests.support import corpus

ONTOLOGY = "d3fend/d3fend-protege.ttl"
OLD = "d3fend/d3fend-protege.nist-2022-09-16.ttl"
NIST = "d3fend/sp800-53r5-control-catalog-d3fend-mapping.xlsx"
CCI = "d3fend/CCI_Mapping.xlsx"
BROKEN = "d3fend/d3fend-ontology-mappings.ttl"
READINGS: dict[str, Format] = {ONTOLOGY: FORMAT, OLD: FORMAT, NIST: NIST_FORMAT, CCI: CCI_FORMAT}


@cache
def reading(path: str) -> Reading:
    return corpus.read(READINGS[path], path)


def resource(path: str, identifier: str) -> Resource:
    (found,) = (one for one in reading(path).records if isinstance(one, Resource) and one.id == identifier)
    return found


def statements(path: str, *predicates: str) -> list[Statement]:
    return [
        one for one in reading(path).records if isinstance(one, Statement) and (not predicates or one.predicate in predicates)
    ]


def said(path: str) -> set[tuple[str, str, str | None, bool]]:
    return {(one.subject, one.predicate, one.object, one.mapping.group is not None) for one in statements(path) if one.mapping}


def groups(path: str) -> dict[tuple[tuple[str, ...], tuple[str, ...]], str]:
    found = (one for one in reading(path).records if isinstance(one, Group))
    return {(one.subjects, tuple(sorted(one.objects))): one.mapping.verbatim.casefold() for one in found}


@pytest.mark.parametrize("path", READINGS)
def test_nothing_is_wrong_and_ids_are_unique(path: str) -> None:
    assert reading(path).faults == []
    ids = Counter((type(one), one.id) for one in reading(path).records)
    assert [one for one, count in ids.items() if count > 1] == []


def test_each_file_is_recognised_by_one_format_alone() -> None:
    for file in corpus.files("d3fend"):
        names = [one.name for one in FORMATS if one.recognises(file)]
        wanted = {".ttl": [FORMAT.name], ".md": []}.get(file.suffix)
        assert names == wanted if wanted is not None else names == [READINGS[file.name].name]


def test_the_counts_of_the_ontology() -> None:
    found = reading(ONTOLOGY).found
    assert found["triples"] == 32_090
    assert found["classes with a d3fend-id"] == 475
    assert found["ATT&CK techniques"] == 823
    assert found["defensive techniques"] == 249
    assert found["links to artefacts"] == len(statements(ONTOLOGY, "acts-on")) == 718
    assert found["links to tactics"] == len(statements(ONTOLOGY, "serves-function")) == 30


def test_the_counts_of_the_old_build() -> None:
    found = reading(OLD).found
    assert (found["triples"], found["defensive techniques"], found["NIST controls"]) == (15_629, 139, 117)
    assert found["relations of NIST controls"] == 200


def test_an_id_alone_makes_no_technique() -> None:
    """D3-ARMA looks like one and is a statistical model; 27 of the analytic ids are given to two classes."""
    ids = {one.notation for one in reading(ONTOLOGY).records if isinstance(one, Resource) and one.kind == "defensive-technique"}
    assert "D3-MFA" in ids
    assert "D3-ARMA" not in ids
    assert not any(one is None or one.startswith("D3A-") for one in ids)
    left = {why.en: one.count for why, one in reading(ONTOLOGY).left_out.items()}
    assert left["An analytic technique (D3A-…) is a way to compute, not a measure."] == 226


def test_a_technique_with_its_parent_and_texts() -> None:
    found = resource(ONTOLOGY, "d3fend/rolling/D3-MFA")
    assert found.labels == (Label(language="en", text="Multi-factor Authentication"),)
    assert found.parent == "d3fend/rolling/D3-AA"
    assert found.texts[0].text.startswith("Requiring proof of two or more")
    top = resource(ONTOLOGY, "d3fend/rolling/D3-AH")
    assert top.parent is None
    assert [one.object for one in statements(ONTOLOGY, "serves-function") if one.subject == top.id] == ["d3fend/tactic/Harden"]


def test_techniques_act_on_artefacts_through_restrictions() -> None:
    links = {(one.subject, one.object): one.note for one in statements(ONTOLOGY, "acts-on")}
    assert links["d3fend/rolling/D3-AL", "d3fend/artefact/UserAccount"] == "d3f:disables"
    assert links["mitre-attack/16.1/T1566.001", "d3fend/artefact/Email"] == "d3f:produces"
    assert resource(ONTOLOGY, "d3fend/artefact/Email").kind == "digital-artefact"
    assert all(one.mapping is None for one in statements(ONTOLOGY))


def test_two_builds_are_two_editions_that_select_from_the_same_ids() -> None:
    editions = [
        one for path in (ONTOLOGY, OLD) for one in reading(path).records if isinstance(one, Edition) and one.framework == "d3fend"
    ]
    whole = [one for one in editions if one.id == "d3fend/rolling"]
    builds = [one for one in editions if one.id != "d3fend/rolling"]
    assert [len(one.provisions) for one in whole] == [249, 139]
    assert [len(one.selected) for one in builds] == [249, 139]
    assert builds[0].id != builds[1].id
    assert all(set(one.selected) == set(other.provisions) for one, other in zip(builds, whole, strict=True))
    sources = [reading(path).source for path in (ONTOLOGY, OLD)]
    assert sources[0] is not None
    assert sources[1] is not None
    assert sources[0].id != sources[1].id
    assert {one.redistribution for one in sources if one} == {Redistribution.OPEN}


def test_subclasses_are_parts() -> None:
    (framework,) = (one for one in reading(ONTOLOGY).records if isinstance(one, Framework) and one.id == "d3fend")
    assert framework.parent_link is ParentLink.PART


def test_triples_that_make_no_record_are_counted_with_the_reason() -> None:
    left = {why: one.count for why, one in reading(ONTOLOGY).left_out.items()}
    assert left[STRUCTURE] == 20_755
    assert left[LITERATURE] == 4_320
    assert left[NOTES] == 1_273
    assert left[WEAKNESSES] == 943 + 823 + 144
    assert left[STRUCTURE] + left[LITERATURE] + left[NOTES] + left[WEAKNESSES] < 32_090


def test_the_malformed_file_is_refused_with_its_line() -> None:
    (file,) = corpus.files(BROKEN)
    assert FORMAT.recognises(file)
    with pytest.raises(UnreadableError) as refused:
        FORMAT.read((file,))
    assert refused.value.fault.place.line == 107
    assert "Turtle" in refused.value.fault.text.ja


@pytest.mark.parametrize(("path", "triples"), [("d3fend/d3fend-catalog.ttl", 446), ("d3fend/d3fend-cco.ttl", 47)])
def test_extensions_with_relative_iris_are_parsed_and_state_nothing(path: str, triples: int) -> None:
    found = corpus.read(FORMAT, path)
    assert (found.faults, found.found["triples"]) == ([], triples)
    assert sum(one.count for one in found.left_out.values()) == triples


def test_the_counts_of_the_nist_workbook() -> None:
    found = reading(NIST).found
    assert (found["controls"], found["mapping rows"], found["pairs"]) == (1189, 117, 200)
    words = Counter(row for row in _row_words(NIST))
    assert words == {"narrower": 72, "broader": 18, "exactly": 10, "Broader": 1, "same": 1, "related": 15}
    assert sum(words.values()) - words["related"] == 1189 - 1087


def _row_words(path: str) -> list[str]:
    """The publisher's word of each row: a group is one row, whatever its pairs."""
    single = [one.mapping.verbatim for one in statements(path) if one.mapping and one.mapping.group is None]
    return single + [one.mapping.verbatim for one in reading(path).records if isinstance(one, Group)]


def test_the_words_are_verbs_of_the_control() -> None:
    """AC-4(26) is a "Special case of FCR": it is inside the technique. SKOS's `narrower` would say the reverse."""
    found = {(one.subject, one.object): one for one in statements(NIST)}
    special = found["nist-sp-800-53/rev5/ac-4.26", "d3fend/rolling/D3-FCR"]
    assert (special.predicate, special.authority) == ("broad-match", Authority.OFFICIAL)
    assert special.mapping is not None
    assert special.mapping.verbatim == "narrower"
    assert special.mapping.rationale == (Label(language="en", text="Special case of FCR"),)
    assert found["nist-sp-800-53/rev5/ac-2.3", "d3fend/rolling/D3-AL"].predicate == "narrow-match"
    assert found["nist-sp-800-53/rev5/ac-7", "d3fend/rolling/D3-AL"].predicate == "exact-match"
    assert found["nist-sp-800-53/rev5/si-3.10", "d3fend/rolling/D3-DA"].predicate == "exact-match"
    assert found["nist-sp-800-53/rev5/cm-6.3", "d3fend/rolling/D3-ACH"].predicate == "narrow-match"


def test_several_techniques_in_a_cell_are_their_union() -> None:
    techniques = tuple(sorted(f"d3fend/rolling/D3-{name}" for name in ("SU", "FV", "PFV", "SFV")))
    assert groups(NIST)[("nist-sp-800-53/rev5/si-2.5",), techniques] == "exactly"
    pairs = {one.object: one.predicate for one in statements(NIST) if one.subject == "nist-sp-800-53/rev5/si-2.5"}
    assert pairs == dict.fromkeys(techniques, "narrow-match")
    inside = {one.predicate for one in statements(NIST) if one.subject == "nist-sp-800-53/rev5/ra-3.4"}
    assert inside == {"related-match"}


def test_a_cell_without_a_relation_is_a_candidate() -> None:
    (found,) = (one for one in statements(NIST) if one.subject == "nist-sp-800-53/rev5/ac-2.4")
    assert (found.predicate, found.object) == ("related-match", "d3fend/rolling/D3-DAM")


def test_the_old_build_says_what_the_workbook_says() -> None:
    """D3FEND's script made the triples out of the workbook: both are read alike, and meet on the same ids."""
    assert said(OLD) == said(NIST)
    words = {"same": "exactly"}
    assert groups(OLD) == {ends: words.get(word, word) for ends, word in groups(NIST).items()}


def test_all_ends_are_defined_but_for_techniques_of_other_builds() -> None:
    defined = {one.id for one in reading(ONTOLOGY).records if isinstance(one, Resource)}
    dangling = {one.object for path in (NIST, CCI) for one in statements(path) if one.object not in defined}
    assert dangling == {"d3fend/rolling/D3-MAC"}
    assert "d3fend/rolling/D3-MAC" in {one.id for one in reading(OLD).records if isinstance(one, Resource)}


def test_the_counts_of_the_cci_workbook() -> None:
    found = reading(CCI).found
    assert (found["controls"], found["mapping rows"], found["pairs"]) == (3551, 307, 479)
    assert Counter(_row_words(CCI)) == {"narrower": 203, "broader": 94, "exactly": 10}
    left = {why.en: one.count for why, one in reading(CCI).left_out.items()}
    assert left["There is a relation, and no technique."] == 1
    assert left["No technique applies (NA); that is not said to be no relation."] == 163
    assert left["The authors have not finished with it (TBD, Review), or call it a Duplicate."] == 11
    assert 307 + 163 + 11 == 481


def test_ccis_are_controls_with_their_texts() -> None:
    found = resource(CCI, "disa-cci/rolling/cci-001576")
    assert (found.notation, found.kind, found.lifecycle) == ("CCI-001576", "control", Lifecycle.DEPRECATED)
    assert found.texts[0].text.startswith("The information system produces a system-wide")
    assert sum(one.lifecycle is Lifecycle.DEPRECATED for one in reading(CCI).records if isinstance(one, Resource)) == 71
    (edition,) = (one for one in reading(CCI).records if isinstance(one, Edition) and one.id == "disa-cci/rolling")
    assert len(edition.provisions) == 3551
    assert edition.provisions[0] == "disa-cci/rolling/cci-001545"


@pytest.mark.parametrize(("path", "rows", "subject"), [(NIST, 117, "nist-sp-800-53/rev5"), (CCI, 307, "disa-cci/rolling")])
def test_the_mapping_sets(path: str, rows: int, subject: str) -> None:
    (found,) = (one for one in reading(path).records if isinstance(one, MappingSet))
    assert (found.rows, found.stated_as) == (rows, StatedAs.SOURCE_TO_TARGET)
    assert (found.subject_edition, found.object_edition) == (subject, "d3fend/rolling")
