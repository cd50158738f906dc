"""SSSOM/TSV over real sets, the specification's own examples and sssom-py's, and what of the specification no file shows."""

import csv
from collections import Counter
from importlib.resources import files as packaged
from pathlib import Path

import pytest
import yaml

from kakehashi.records.model import Label, MappingDetail, MappingSet, Resource, Source, Statement
from kakehashi.records.values import Authority, Certainty, MappingStatus, Nature, Origin, RationaleKind, Redistribution, StatedAs
from kakehashi.sources.files import File
from kakehashi.sources.format import Reading
from kakehashi.sources.sssom import FORMAT
from kakehashi.sources.sssom.entities import concept_id
from kakehashi.sources.sssom.published import DERIVED, NO_TERM_FOUND, SEVERAL, is_open
from kakehashi.sources.sssom.slots import MAPPING_SLOTS, MULTIVALUED, values_of
from kakehashi.vocabulary.iris import SEMAPV
from tests.support.corpus import corpus, files

# The rows of each file and the words of its predicates, as they were counted when the corpus was made.
COUNTED: dict[str, tuple[int, dict[str, int]]] = {
    "real/mp_hp_mgi_all.sssom.tsv": (1564, {
        "skos:exactMatch": 625, "skos:broadMatch": 438, "skos:narrowMatch": 335, "skos:relatedMatch": 159, "skos:closeMatch": 7}),
    "real/ncit.sssom.tsv": (1758, {"oboInOwl:hasDbXref": 1758}),
    "real/ordo_mp_pistoia.sssom.tsv": (138, {"owl:equivalentClass": 138}),
    "spec-examples/embedded/foodie-inc-2022-05-01.sssom.tsv": (5, {"skos:exactMatch": 4, "skos:broadMatch": 1}),
    "spec-examples/embedded/mp-hp-exact-0.0.1.sssom.tsv": (42, {"skos:exactMatch": 42}),
    "spec-examples/external/example1.sssom.tsv": (5, {"skos:exactMatch": 4, "skos:broadMatch": 1}),
    "spec-examples/external/mp-hp-exact-0.0.1.sssom.tsv": (42, {"skos:exactMatch": 42}),
    "spec-examples/schema/cardinality.sssom.tsv": (9, {"skos:exactMatch": 9}),
    "spec-examples/schema/composite-entities.sssom.tsv": (3, {"skos:exactMatch": 3}),
    "spec-examples/schema/curie_map.sssom.tsv": (3, {"skos:exactMatch": 3}),
    "spec-examples/schema/extension-slots.sssom.tsv": (4, {"skos:closeMatch": 4}),
    "spec-examples/schema/literals.sssom.tsv": (4, {"skos:closeMatch": 4}),
    "spec-examples/schema/mapping_set_confidence.sssom.tsv": (2, {"skos:exactMatch": 2}),
    "spec-examples/schema/no_term_found.sssom.tsv": (2, {"skos:exactMatch": 2}),
    "spec-examples/schema/pipe-escaping.sssom.tsv": (2, {"skos:closeMatch": 2}),
    "spec-examples/schema/predicate-types.sssom.tsv": (4, {
        "ORGPRO:example_annot_property": 1, "ORGPRO:example_object_property": 1, "ORGPRO:example_data_property": 1,
        "ORGPRO:example_rdf_property": 1}),
    "spec-examples/schema/record-ids.sssom.tsv": (3, {"skos:exactMatch": 3}),
    "sssom-py-tests/quirky/trailing-tabs.sssom.tsv": (8, {"skos:closeMatch": 6, "skos:exactMatch": 2}),
    "sssom-py-tests/valid/basic-meta-external.tsv": (141, {"owl:equivalentClass": 140, "owl:subClassOf": 1}),
    "sssom-py-tests/valid/basic.tsv": (141, {"owl:equivalentClass": 140, "rdfs:subClassOf": 1}),
    "sssom-py-tests/valid/cob-to-external.tsv": (89, {
        "owl:equivalentClass": 60, "owl:equivalentProperty": 17, "rdfs:subClassOf": 6, "skos:closeMatch": 3,
        "rdfs:subPropertyOf": 2, "rdfs:seeAlso": 1}),
    "sssom-py-tests/valid/mondo-nando.sssom.tsv": (3, {"skos:exactMatch": 3}),
    "sssom-py-tests/valid/propagatable.tsv": (5, {"owl:equivalentClass": 5}),
}  # fmt: skip

# Rows that state nothing: no such term, or several entities in one cell.
WITHOUT_EDGE = {
    "spec-examples/embedded/foodie-inc-2022-05-01.sssom.tsv": NO_TERM_FOUND,
    "spec-examples/external/example1.sssom.tsv": NO_TERM_FOUND,
    "spec-examples/schema/no_term_found.sssom.tsv": NO_TERM_FOUND,
    "sssom-py-tests/valid/mondo-nando.sssom.tsv": SEVERAL,
}

READ_AS = {
    "skos:exactMatch": "exact-match", "skos:broadMatch": "broad-match", "skos:narrowMatch": "narrow-match",
    "skos:closeMatch": "close-match", "skos:relatedMatch": "related-match", "owl:equivalentClass": "equivalent-class",
    "owl:equivalentProperty": "equivalent-property", "rdfs:subClassOf": "subclass-of", "rdfs:subPropertyOf": "subproperty-of",
    "rdfs:seeAlso": "see-also", "oboInOwl:hasDbXref": "cross-reference",
}  # fmt: skip


def read(name: str) -> Reading:
    """What is read of a table of the corpus, with the metadata beside it where there is any."""
    table = corpus(f"sssom/{name}")
    folder = [one for one in files(f"sssom/{Path(name).parent.as_posix()}") if FORMAT.recognises(one)]
    (bundle,) = (one for one in FORMAT.bundles(folder) if any(file.base == table.name for file in one))
    return FORMAT.read(bundle)


def made(text: str, name: str = "made.sssom.tsv") -> Reading:
    return FORMAT.read((File(name, text.encode()),))


def sound(text: str) -> Reading:
    reading = made(text)
    assert not reading.faults, [fault.text.en for fault in reading.faults]
    return reading


HEAD = """#curie_map:
#  a: https://a.example/
#  b: https://b.example/
#mapping_set_id: https://sets.example/made
#license: https://creativecommons.org/publicdomain/zero/1.0/
"""
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification"


def mappings(reading: Reading) -> list[Statement]:
    return [one for one in reading.records if isinstance(one, Statement) and one.mapping is not None]


def detail(statement: Statement) -> MappingDetail:
    assert statement.mapping is not None
    return statement.mapping


def resources(reading: Reading) -> dict[str, Resource]:
    return {one.id: one for one in reading.records if isinstance(one, Resource)}


def source(reading: Reading) -> Source:
    assert reading.source is not None
    return reading.source


def mapping_set(reading: Reading) -> MappingSet:
    (found,) = (one for one in reading.records if isinstance(one, MappingSet))
    return found


def plainly(name: str) -> list[dict[str, str]]:
    """The rows of a table, read by other means."""
    lines = corpus(f"sssom/{name}").read_text("utf-8").splitlines()
    table = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
    return [{key: value for key, value in row.items() if key is not None} for row in table]


@pytest.mark.parametrize("name", COUNTED)
def test_every_row_is_counted_and_keeps_its_publishers_word(name: str) -> None:
    rows, words = COUNTED[name]
    reading = read(name)
    assert reading.faults == []
    assert Counter(row["predicate_id"] for row in plainly(name)) == words
    assert reading.found["mappings"] == mapping_set(reading).rows == rows == sum(words.values())
    why = WITHOUT_EDGE.get(name)
    left = 0 if why is None else reading.left_out[why].count
    assert len(mappings(reading)) == rows - left
    assert left == (0 if why is None else 1)
    assert Counter(detail(one).verbatim.removeprefix("Not ") for one in mappings(reading)) <= Counter(words)
    for one in mappings(reading):
        word = detail(one).verbatim
        assert one.predicate == ("negated-mapping" if word.startswith("Not ") else READ_AS.get(word, "other-relation"))


@pytest.mark.parametrize("name", COUNTED)
def test_ids_are_unique_and_every_end_is_described(name: str) -> None:
    reading = read(name)
    ids = Counter((type(one), one.id) for one in reading.records)
    assert max(ids.values()) == 1
    known = resources(reading)
    for one in mappings(reading):
        assert one.object is not None
        assert {known[one.subject].kind, known[one.object].kind} == {"concept"}
        assert detail(one).mapping_set in known


@pytest.mark.parametrize("name", COUNTED)
def test_statements_say_row_by_row_what_the_table_says(name: str) -> None:
    reading = read(name)
    known = resources(reading)
    rows = [row for row in plainly(name) if row["object_id"] not in {"sssom:NoTermFound", "sssom:NoMapping"}]
    stated = [row for row in rows if "|" not in row["object_id"]]
    for row, one in zip(stated, mappings(reading), strict=True):
        assert one.object is not None
        assert known[one.object].notation == row["object_id"].strip()
        if row.get("subject_id"):
            assert known[one.subject].notation == row["subject_id"].strip()
        else:
            assert [label.text for label in known[one.subject].labels] == [row["subject_label"]]


def test_authority_terms_and_names_are_those_of_the_metadata() -> None:
    reading = read("real/mp_hp_mgi_all.sssom.tsv")
    found = source(reading)
    assert found.id == "source/sssom/w3id.org-sssom-commons-mouse-human-mappings-mp-hp-mgi-all.ss-13bf2d0a"
    assert found.authority is Authority.THIRD_PARTY
    assert found.redistribution is Redistribution.OPEN
    assert found.rights == "https://creativecommons.org/licenses/by/4.0/"
    assert [label.text for label in found.labels] == ["All mappings of MP terms to HPO terms generated by MGI"]
    one = mapping_set(reading)
    assert (one.stated_as, one.origin) == (StatedAs.SOURCE_TO_TARGET, Origin.ORIGINAL)
    assert resources(reading)[one.id].kind == "mapping-set"
    assert resources(reading)[one.id].texts[0].text.startswith("Consolidated list")
    assert all(row.authority is Authority.THIRD_PARTY and row.certainty is Certainty.PRINTED for row in mappings(reading))


def test_a_version_is_part_of_the_identity_and_the_place_of_the_metadata_is_not() -> None:
    inside = read("spec-examples/embedded/foodie-inc-2022-05-01.sssom.tsv")
    beside = read("spec-examples/external/example1.sssom.tsv")
    assert source(inside).id == source(beside).id == "source/sssom/w3id.org-sssom-tutorial-example1.sssom.tsv/2022-05-01"
    assert source(inside).version == "2022-05-01"
    assert source(inside).sha256 != source(beside).sha256
    assert mappings(inside) == mappings(beside)


def test_a_real_row_in_full() -> None:
    reading = read("real/mp_hp_mgi_all.sssom.tsv")
    (one,) = (row for row in mappings(reading) if row.subject.endswith("MP_0003555"))
    assert one.subject == "concept/http/purl.obolibrary.org/obo/MP_0003555"
    assert one.object == "concept/http/purl.obolibrary.org/obo/HP_0000041"
    assert one.predicate == "close-match"
    assert one.note is not None
    assert one.note.startswith("KidsFirst; The MP term definition for chordee")
    assert detail(one).confidence == 700
    assert detail(one).justification == SEMAPV + "ManualMappingCuration"
    assert detail(one).status is MappingStatus.PUBLISHED
    chordee = resources(reading)[one.subject]
    assert (chordee.notation, chordee.labels) == ("MP:0003555", (Label(language="und", text="chordee"),))
    (iri,) = (
        row for row in reading.records if isinstance(row, Statement) and row.predicate == "url" and row.subject == chordee.id
    )
    assert iri.value is not None
    assert iri.value.text == "http://purl.obolibrary.org/obo/MP_0003555"


def test_what_is_not_kept_is_counted() -> None:
    reading = read("real/mp_hp_mgi_all.sssom.tsv")
    left = {why.en: one.count for why, one in reading.left_out.items()}
    rows = plainly("real/mp_hp_mgi_all.sssom.tsv")
    assert left["The slot mapping_date, which makes no record."] == sum(bool(row["mapping_date"]) for row in rows) == 1564
    assert left["The slot author_id, which makes no record."] == sum(len(row["author_id"].split("|")) for row in rows)
    assert left["The slot other, which makes no record."] == sum(bool(row["other"]) for row in rows)


def test_early_sets_give_match_type_for_a_justification() -> None:
    reading = read("real/ncit.sssom.tsv")
    assert reading.found["rows with match_type instead of mapping_justification"] == 1758
    assert {detail(one).justification for one in mappings(reading)} == {SEMAPV + "UnspecifiedMatching"}
    assert source(reading).redistribution is Redistribution.LOCAL_ONLY


def test_a_prefix_that_stands_for_no_iri_gives_a_concept_without_one() -> None:
    reading = read("real/ncit.sssom.tsv")
    device = resources(reading)["concept/curie/IMDRF~3aE0125"]
    assert device.notation == "IMDRF:E0125"
    assert not any(one.subject == device.id for one in reading.records if isinstance(one, Statement) and one.predicate == "url")


def test_confidences_are_thousandths_and_longer_ones_keep_their_text() -> None:
    rows = plainly("real/ordo_mp_pistoia.sssom.tsv")
    for row, one in zip(rows, mappings(read("real/ordo_mp_pistoia.sssom.tsv")), strict=True):
        kept = detail(one)
        assert kept.confidence is not None
        assert abs(kept.confidence - 1000 * float(row["confidence"])) <= 0.5
        assert kept.strength == (None if len(row["confidence"]) <= 5 else row["confidence"])
    assert any(
        detail(one).strength == "0.2272725" and detail(one).confidence == 227
        for one in mappings(read("real/ordo_mp_pistoia.sssom.tsv"))
    )


@pytest.mark.parametrize(
    ("text", "confidence", "strength"),
    [
        ("1", 1000, None), ("0", 0, None), ("0.8", 800, None), ("1.000", 1000, None), ("8e-1", 800, None),
        ("0.0005", 0, "0.0005"), ("0.0015", 2, "0.0015"), ("0.00251", 3, "0.00251"), ("", None, None),
    ],
)  # fmt: skip
def test_a_half_is_rounded_to_the_even_thousandth(text: str, confidence: int | None, strength: str | None) -> None:
    (one,) = mappings(sound(f"{HEAD}{COLUMNS}\tconfidence\na:1\tskos:exactMatch\tb:1\tsemapv:LexicalMatching\t{text}\n"))
    assert (detail(one).confidence, detail(one).strength) == (confidence, strength)


def test_the_confidence_in_a_set_is_not_one_in_its_rows() -> None:
    reading = read("spec-examples/schema/mapping_set_confidence.sssom.tsv")
    assert {detail(one).confidence for one in mappings(reading)} == {None}
    assert any("mapping_set_confidence" in why.en for why in reading.left_out)


def test_one_iri_is_one_concept_and_one_curie_may_be_two() -> None:
    other = resources(read("spec-examples/schema/record-ids.sssom.tsv"))
    usual = resources(read("spec-examples/schema/curie_map.sssom.tsv"))
    trap = {one.notation: one.id for one in other.values() if one.kind == "concept"}
    real = {one.notation: one.id for one in usual.values() if one.kind == "concept"}
    assert trap["HP:0009124"] == "concept/http/purl.obolibrary.org/obo/FBbt_0009124"
    assert real["HP:0009124"] == "concept/http/purl.obolibrary.org/obo/HP_0009124"
    again = sound(f"{HEAD.replace('  a: https://a.example/', '  hpo: http://purl.obolibrary.org/obo/HP_')}{COLUMNS}\n"
                  "hpo:0009124\tskos:exactMatch\tb:1\tsemapv:LexicalMatching\n")  # fmt: skip
    assert real["HP:0009124"] in resources(again)


def test_ids_of_concepts_are_safe_short_and_apart() -> None:
    ids = [
        concept_id("https", rest)
        for rest in ("a.example/x", "a.example/X", "a.example/x/", "a.example/#x", "a.example/~", "..//..")
    ]
    assert len(set(ids)) == len(ids)
    assert all(part[:1].isalnum() and part.isascii() for one in ids for part in one.split("/"))
    long = [concept_id("https", "a.example/" + "é" * 500 + end) for end in "ab"]
    assert len(set(long)) == 2
    assert max(map(len, long)) <= 200


def test_record_ids_tell_repeats_apart_and_stay_with_the_statement() -> None:
    stated = mappings(read("spec-examples/schema/record-ids.sssom.tsv"))
    assert [one.section for one in stated] == ["RI:0000001", "RI:0000002", "RI:0000003"]
    assert len({one.id for one in stated}) == 3


def test_repeats_without_record_ids_are_kept() -> None:
    stated = mappings(read("spec-examples/schema/cardinality.sssom.tsv"))
    assert (stated[0].subject, stated[0].object) == (stated[1].subject, stated[1].object)
    assert [detail(one).justification for one in stated[:2]] == [SEMAPV + "LexicalMatching", SEMAPV + "MappingReview"]
    assert stated[0].id != stated[1].id


def test_literal_subjects_are_concepts_of_their_own_set() -> None:
    reading = read("spec-examples/schema/literals.sssom.tsv")
    assert [resources(reading)[one.subject].labels[0].text for one in mappings(reading)] == ["alice", "bob", "daphne", "eve"]
    assert all(
        one.subject.startswith("concept/literal/mapping-set/example.org-sets-literal-mappings/") for one in mappings(reading)
    )
    assert not any(
        one.predicate == "url" and one.subject.startswith("concept/literal")
        for one in reading.records
        if isinstance(one, Statement)
    )


def test_composite_entities_are_single_concepts() -> None:
    reading = read("spec-examples/schema/composite-entities.sssom.tsv")
    one = resources(reading)[mappings(reading)[0].subject]
    assert one.notation == "SCHEMA:0001/(disease:'MONDO:0005148',phenotype:'HP:0009124')"


def test_negated_rows_are_told_apart() -> None:
    for name in ("basic.tsv", "basic-meta-external.tsv"):
        rows = plainly(f"sssom-py-tests/valid/{name}")
        negated = [one for one in mappings(read(f"sssom-py-tests/valid/{name}")) if one.predicate == "negated-mapping"]
        assert [detail(one).verbatim for one in negated] == ["Not owl:equivalentClass"]
        assert sum(row["predicate_modifier"] == "Not" for row in rows) == 1


def test_a_set_without_an_id_is_told_by_its_title() -> None:
    reading = read("sssom-py-tests/valid/mondo-nando.sssom.tsv")
    assert source(reading).id == "source/sssom/nando-mondo-mappings-provided-by-nanbyodata.jp"
    assert source(reading).publisher == "org/http-nanbyodata.jp"


def test_extension_slots_are_known_by_their_declaration() -> None:
    left = {why.en for why in read("spec-examples/schema/extension-slots.sssom.tsv").left_out}
    assert "The slot ext_bar, which makes no record." in left
    assert "The slot ext_undeclared_baz, which SSSOM lacks and extension_definitions does not declare." in left


def test_values_in_one_cell_are_split_as_the_specification_says() -> None:
    assert values_of(r"Alice\|Bob|Charlie") == ("Alice|Bob", "Charlie")
    assert values_of(r"Alice\\Bob|Charlie\\|David\\\|Eve\\") == ("Alice\\Bob", "Charlie\\", "David\\|Eve\\")
    assert values_of(r"a\b") == (r"a\b",)
    reading = read("spec-examples/schema/pipe-escaping.sssom.tsv")
    assert {why.en: one.count for why, one in reading.left_out.items()}["The slot author_label, which makes no record."] == 5


def test_the_slots_are_those_of_the_schema() -> None:
    schema = yaml.safe_load(corpus("sssom/schema/sssom_schema.yaml").read_text("utf-8"))
    assert set(schema["classes"]["mapping"]["slots"]) == MAPPING_SLOTS
    assert {name for name in MAPPING_SLOTS if schema["slots"][name].get("multivalued")} == MULTIVALUED


def test_the_invalid_files_are_refused_for_what_is_wrong_with_them() -> None:
    basic = read("sssom-py-tests/invalid/bad_basic.tsv")
    assert [fault.place.line for fault in basic.faults] == list(range(15, 26))
    assert all("mapping_justification" in fault.text.en for fault in basic.faults)
    assert sum("'HumanCurated'" in fault.text.en for fault in basic.faults) == 3
    strict = read("sssom-py-tests/invalid/basic_strict_fail.tsv")
    assert [(fault.place.line, fault.text.en.split("'")[1]) for fault in strict.faults] == [
        (6, "rdfs"),
        (13, "mapping_justification"),
    ]


def test_only_sssom_is_recognised() -> None:
    known = [one.name for one in files() if FORMAT.recognises(one)]
    assert all(name.startswith("sssom/") for name in known)
    assert not [name for name in known if "/schema/sssom_schema" in name or name.endswith(".md")]
    assert len(known) == len(COUNTED) + 3 + 2


def test_a_table_and_the_metadata_beside_it_are_one_bundle() -> None:
    folder = [one for one in files("sssom/spec-examples/external") if FORMAT.recognises(one)]
    assert [[file.base for file in bundle] for bundle in FORMAT.bundles(folder)] == [
        ["example1.sssom.tsv", "example1.sssom.yml"],
        ["mp-hp-exact-0.0.1.sssom.tsv", "mp-hp-exact-0.0.1.sssom.yml"],
    ]


# What of the specification, and of ourselves, no file of the corpus shows.


def test_no_match_is_a_negation_whatever_its_prefix() -> None:
    head = HEAD.replace("#  a:", "#  sssom: https://w3id.org/sssom/\n#  a:")
    rows = "".join(
        f"a:{n}\t{word}\tb:1\tsemapv:LexicalMatching\n" for n, word in enumerate(("noMatch", "sssom:noMatch", "a:noMatch"))
    )
    stated = mappings(sound(f"{head}{COLUMNS}\n{rows}"))
    assert [(one.predicate, detail(one).verbatim) for one in stated] == [
        ("negated-mapping", "noMatch"), ("negated-mapping", "sssom:noMatch"), ("negated-mapping", "a:noMatch"),
    ]  # fmt: skip


def test_the_words_of_early_justifications_are_converted() -> None:
    rows = "a:1\tskos:exactMatch\tb:1\tLexical\na:2\tskos:exactMatch\tb:2\tHumanCurated\n"
    stated = mappings(sound(f"{HEAD}{COLUMNS.replace('mapping_justification', 'match_type')}\n{rows}"))
    assert [detail(one).justification for one in stated] == [SEMAPV + "LexicalMatching", SEMAPV + "ManualMappingCuration"]


def test_a_shared_slot_holds_only_where_no_row_has_its_own() -> None:
    head = HEAD + "#object_type: rdfs literal\n"
    table = "subject_id\tpredicate_id\tobject_label\tobject_id\tobject_type\tmapping_justification\n"
    shared = sound(head + table + "a:1\tskos:closeMatch\tone\t\t\tsemapv:LexicalMatching\n")
    assert mappings(shared)[0].object == "concept/literal/mapping-set/sets.example-made/one"
    own = sound(head + table + "a:1\tskos:closeMatch\tone\tb:1\towl class\tsemapv:LexicalMatching\n"
                "a:2\tskos:closeMatch\ttwo\tb:2\t\tsemapv:LexicalMatching\n")  # fmt: skip
    assert [one.object for one in mappings(own)] == ["concept/https/b.example/1", "concept/https/b.example/2"]


def test_curation_rules_are_the_rationale() -> None:
    text = f"{HEAD}{COLUMNS}\tcuration_rule_text\na:1\tskos:exactMatch\tb:1\tsemapv:LexicalMatching\tsame\\|alike|close\n"
    (one,) = mappings(sound(text))
    assert detail(one).rationale == (Label(language="und", text="same|alike\nclose"),)
    shared = f"{HEAD}#curation_rule_text:\n#  - of | all\n#  - rows\n{COLUMNS}\n{rows_of('LexicalMatching')}"
    assert detail(mappings(sound(shared))[0]).rationale == (Label(language="und", text="of | all\nrows"),)


def rows_of(*words: str) -> str:
    return "".join(f"a:{n}\tskos:exactMatch\tb:{n}\tsemapv:{word}\n" for n, word in enumerate(words))


def test_derived_rows_are_no_evidence() -> None:
    mixed = sound(f"{HEAD}{COLUMNS}\n{rows_of('ManualMappingCuration', 'MappingChaining', 'MappingInversion')}")
    assert len(mappings(mixed)) == 1
    assert mixed.left_out[DERIVED].count == 2
    assert mapping_set(mixed).origin is Origin.ORIGINAL
    for word, origin in (("MappingChaining", Origin.COMPOSED), ("MappingInversion", Origin.REVERSE)):
        whole = sound(f"{HEAD}#mapping_set_source:\n#  - https://sets.example/other\n{COLUMNS}\n{rows_of(word, word)}")
        assert (mapping_set(whole).origin, len(mappings(whole))) == (origin, 2)
        assert mapping_set(whole).derived_from == ("mapping-set/sets.example-other",)


def test_our_own_iris_are_our_own_ids() -> None:
    head = HEAD.replace("https://a.example/", "https://w3id.org/kakehashi/id/nist-csf/2.0/")
    head += "#subject_source: https://w3id.org/kakehashi/id/nist-csf/2.0\n#object_source: https://w3id.org/kakehashi/id/iso-27001/2022\n"
    reading = sound(
        f"{head}{COLUMNS}\na:gv.oc-01\tskos:exactMatch\thttps://w3id.org/kakehashi/id/iso-27001/2022/4.1\tsemapv:LexicalMatching\n"
    )
    (one,) = mappings(reading)
    assert (one.subject, one.object) == ("nist-csf/2.0/gv.oc-01", "iso-27001/2022/4.1")
    assert not any(found.kind == "concept" for found in resources(reading).values())
    assert (mapping_set(reading).subject_edition, mapping_set(reading).object_edition) == ("nist-csf/2.0", "iso-27001/2022")


def test_predicates_of_ours_keep_their_meaning() -> None:
    head = HEAD.replace("#  a:", "#  p: https://w3id.org/kakehashi/predicate/\n#  a:")
    (one,) = mappings(sound(f"{head}{COLUMNS}\na:1\tp:subset-of\tb:1\tsemapv:LexicalMatching\n"))
    assert (one.predicate, one.authority) == ("subset-of", Authority.THIRD_PARTY)


OPEN = (
    "https://creativecommons.org/publicdomain/zero/1.0/", "http://creativecommons.org/licenses/by/4.0", "CC0-1.0",
    "https://creativecommons.org/licenses/by/3.0/legalcode", "https://spdx.org/licenses/MIT.html",
    "https://www.apache.org/licenses/LICENSE-2.0",
)  # fmt: skip
CLOSED = (
    "https://creativecommons.org/licenses/by-sa/4.0/", "https://creativecommons.org/licenses/by-nc/4.0/", "CC-BY-NC-4.0", "",
    "https://creativecommons.org/licenses/by-nd/4.0/", "https://evil.example/?creativecommons.org/licenses/by/4.0/", "free",
)  # fmt: skip


@pytest.mark.parametrize(("licence", "free"), [*((one, True) for one in OPEN), *((one, False) for one in CLOSED)])
def test_only_clearly_open_licences_are_open(licence: str, free: bool) -> None:
    assert is_open(licence) is free


def test_a_row_with_a_stricter_licence_closes_the_set() -> None:
    text = f"{HEAD}{COLUMNS}\tlicense\na:1\tskos:exactMatch\tb:1\tsemapv:LexicalMatching\thttps://creativecommons.org/licenses/by-nc/4.0/\n"
    assert source(sound(text)).redistribution is Redistribution.LOCAL_ONLY


def test_rows_may_break_lines_within_quotes_and_end_early() -> None:
    first = 'a:1\tskos:exactMatch\tb:1\tsemapv:LexicalMatching\t"two\nlines, ""quoted"""\t\r\n'
    second = "a:2\tskos:exactMatch\tb:2\tsemapv:LexicalMatching\r\n"
    reading = made(f"{HEAD}{COLUMNS}\tcomment\tother\r\n{first}\t\t\t\r\n{second}{second.replace('a:2', 'b9:2')}")
    assert [one.note for one in mappings(reading)] == ['two\nlines, "quoted"', None]
    assert [fault.place.line for fault in reading.faults] == [11]


def test_our_own_set_reads_as_it_always_did() -> None:
    content = (packaged("kakehashi.sets") / "leaflet-drafts.sssom.tsv").read_bytes()
    reading = FORMAT.read((File("leaflet-drafts.sssom.tsv", content),))
    assert (reading.faults, reading.own, len(mappings(reading))) == ([], True, 80)
    found = source(reading)
    assert (found.id, found.authority, found.redistribution) == ("source/leaflet-drafts", Authority.INFERRED, Redistribution.OPEN)
    assert [label.language for label in found.labels] == ["ja", "en"]
    first = mappings(reading)[0]
    assert (first.id, first.subject, first.predicate) == ("mapping/leaflet-drafts/001", "cap-aip-track", "satisfies-in-part")
    assert (first.authority, first.nature, first.certainty) == (Authority.INFERRED, Nature.CURATION, Certainty.INFERRED)
    kept = detail(first)
    assert (kept.confidence, kept.verbatim, kept.status) == (450, "satisfies-in-part", MappingStatus.DRAFT)
    assert (kept.rationale_kind, kept.mapping_set) == (RationaleKind.FUNCTIONAL, "mapping-set/leaflet-drafts")
    assert [label.language for label in kept.rationale] == ["ja", "en"]
    assert reading.places[reading.records.index(first)].line == 27
