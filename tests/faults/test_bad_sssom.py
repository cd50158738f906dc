"""Bad SSSOM/TSV: each fault with its file and line in both languages, all at once, and never a traceback."""

from importlib.resources import files as packaged

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.records.located import Fault
from kakehashi.sources.files import File, UnreadableError
from kakehashi.sources.sssom import FORMAT

HEAD = """#curie_map:
#  a: https://a.example/
#  b: https://b.example/
#mapping_set_id: https://sets.example/made
#license: https://creativecommons.org/publicdomain/zero/1.0/
"""
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification"
OLD_COLUMNS = "subject_id\tpredicate_id\tobject_id\tmatch_type"
ROW = "a:1\tskos:exactMatch\tb:1\tsemapv:LexicalMatching"
OWN = (packaged("kakehashi.sets") / "leaflet-drafts.sssom.tsv").read_text("utf-8")


def faults(*given: tuple[str, str | bytes]) -> list[Fault]:
    bundle = tuple(File(name, text.encode() if isinstance(text, str) else text) for name, text in given)
    assert all(FORMAT.recognises(file) for file in bundle)
    try:
        return FORMAT.read(bundle).faults
    except UnreadableError as error:
        return [error.fault]


def faults_of(text: str | bytes) -> list[Fault]:
    return faults(("made.sssom.tsv", text))


def table(*rows: str, head: str = HEAD, columns: str = COLUMNS) -> str:
    return head + "\n".join((columns, *rows)) + "\n"


PLANTED: dict[str, tuple[str | bytes, int, str]] = {
    "undeclared prefix of a subject": (table(ROW.replace("a:1", "nope:1")), 7, "'nope:1'"),
    "undeclared prefix of an object": (table(ROW, ROW.replace("b:1", "nope:1")), 8, "'nope:1'"),
    "undeclared prefix of a predicate": (table(ROW.replace("skos", "nope")), 7, "'nope:exactMatch'"),
    "an entity that is no CURIE": (table(ROW.replace("a:1", "plain")), 7, "'plain'"),
    "no subject": (table(ROW.replace("a:1", "")), 7, "'subject_id'"),
    "no object": (table(ROW.replace("b:1", "")), 7, "'object_id'"),
    "no predicate": (table(ROW.replace("skos:exactMatch", "")), 7, "'predicate_id'"),
    "no justification": (table(ROW.replace("semapv:LexicalMatching", "")), 7, "'mapping_justification'"),
    "a justification that is no semapv": (table(ROW.replace("semapv", "a")), 7, "a:LexicalMatching"),
    "a justification with odd letters": (table(ROW.replace("Lexical", "Lexical/")), 7, "semapv:Lexical/Matching"),
    "no column for the justification": (table("a:1\tskos:exactMatch\tb:1", columns=COLUMNS.rpartition("\t")[0]), 6, "column"),
    "no column for the predicate": (table("a:1\tb:1", columns="subject_id\tobject_id\tmapping_justification"), 6, "predicate_id"),
    "a column twice": (table(f"{ROW}\tx", columns=f"{COLUMNS}\tobject_id"), 6, "'object_id'"),
    "too many cells": (table(f"{ROW}\tmore"), 7, "5 cells"),
    "confidence above one": (table(f"{ROW}\t1.1", columns=f"{COLUMNS}\tconfidence"), 7, "'1.1'"),
    "confidence below nought": (table(f"{ROW}\t-0.1", columns=f"{COLUMNS}\tconfidence"), 7, "'-0.1'"),
    "confidence that is a word": (table(f"{ROW}\thigh", columns=f"{COLUMNS}\tconfidence"), 7, "'high'"),
    "confidence that is no number": (table(f"{ROW}\tNaN", columns=f"{COLUMNS}\tconfidence"), 7, "'NaN'"),
    "confidence without bounds": (table(f"{ROW}\t1e999999999", columns=f"{COLUMNS}\tconfidence"), 7, "'1e999999999'"),
    "confidence in full-width digits": (table(f"{ROW}\t０.５", columns=f"{COLUMNS}\tconfidence"), 7, "'０.５'"),
    "an unknown modifier": (table(f"{ROW}\tPerhaps", columns=f"{COLUMNS}\tpredicate_modifier"), 7, "'Perhaps'"),
    "an unknown match_type": (table(ROW.replace("semapv:LexicalMatching", "Guess"), columns=OLD_COLUMNS), 7, "'Guess'"),
    "a literal without its text": (table(f"{ROW}\trdfs literal", columns=f"{COLUMNS}\tobject_type"), 7, "'object_label'"),
    "a record_id twice": (table(f"{ROW}\ta:9", f"{ROW}\ta:9", columns=f"{COLUMNS}\trecord_id"), 8, "'a:9'"),
    "a quote that does not end": (table(f'"{ROW}'), 7, "no table"),
    "text after a quote": (table(f'"a"x{ROW}'), 7, "no table"),
    "no identity": (table(ROW, head=HEAD.replace("#mapping_set_id: https://sets.example/made\n", "")), 1, "mapping_set_id"),
    "an identity that is a list": (table(ROW, head=HEAD.replace("https://sets.example/made", "[a, b]")), 4, "mapping_set_id"),
    "a licence that is a mapping": (table(ROW, head=HEAD.replace("license: h", "license: {a: h") + "# }\n"), 5, ""),
    "prefixes that are a list": (table(ROW, head="#curie_map: [a, b]\n#mapping_set_id: https://x.example/\n"), 1, "curie_map"),
    "a prefix that is a number": (table(ROW, head=HEAD.replace("https://a.example/", "7")), 1, "curie_map"),
    "a built-in prefix for something else": (table(ROW, head=HEAD.replace("  a:", "  skos:")), 2, "'skos'"),
    "a key twice": (table(ROW, head=f"{HEAD}#license: none\n"), 6, "'license'"),
    "an alias": (table(ROW, head=HEAD.replace("#license: ", "#comment: &x y\n#license: *x #")), 6, "alias"),
    "a tag": (table(ROW, head=f"{HEAD}#comment: !!python/object:os.system x\n"), 6, "tag"),
    "metadata that is no YAML": (table(ROW, head=f"{HEAD}#comment: [\n"), 6, "YAML"),
    "metadata nested without end": (table(ROW, head=f"{HEAD}#comment: {'[' * 5000}\n"), 6, "nested"),
    "metadata that is a list": (table(ROW, head="# - a\n# - b\n"), 1, "pairs"),
    "metadata alone above no table": (HEAD, 6, "header"),
    "no metadata": (table(ROW, head=""), 1, "no SSSOM metadata"),
    "an empty file": ("", 1, "no SSSOM metadata"),
    "a set of sources that is a mapping": (table(ROW, head=f"{HEAD}#mapping_set_source: {{a: b}}\n"), 6, "mapping_set_source"),
    "bytes that are no UTF-8": (table(ROW).encode() + b"a:2\xff\tskos:exactMatch", 8, "UTF-8"),
    "UTF-16": (table(ROW).encode("utf-16"), 1, "UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_a_fault_is_named_with_file_and_line_in_both_languages(name: str) -> None:
    text, line, word = PLANTED[name]
    found = [fault for fault in faults_of(text) if word in fault.text.en]
    assert found, [(str(fault.place), fault.text.en) for fault in faults_of(text)]
    assert found[0].place.file == "made.sssom.tsv"
    assert found[0].place.line == line
    assert found[0].text.ja != found[0].text.en


def test_all_faults_of_all_rows_are_listed_at_once() -> None:
    rows = (ROW, ROW.replace("a:1", "x:1"), ROW, ROW.replace("b:1", "").replace("semapv", "x"))
    found = faults_of(table(*rows, head=HEAD.replace("  b:", "  owl:")))
    assert [fault.place.line for fault in sorted(found, key=lambda fault: fault.place)] == [3, 7, 8, 8, 9, 10, 10]


def test_a_fault_below_a_cell_of_several_lines_has_the_right_line() -> None:
    note = 'a:1\tskos:exactMatch\tb:1\tsemapv:LexicalMatching\t"one\r\ntwo\nthree\u2028four"'
    found = faults_of(table(note, ROW.replace("a:1", "x:1"), columns=f"{COLUMNS}\tcomment"))
    assert [fault.place.line for fault in found] == [10]


def test_metadata_beside_the_table_is_named_by_its_own_file() -> None:
    metadata = "mapping_set_id: https://sets.example/made\ncurie_map:\n  rdf: https://a.example/\n"
    found = faults(("x.tsv", f"{COLUMNS}\nrdf:1\tskos:exactMatch\trdf:2\tsemapv:LexicalMatching\n"), ("x.sssom.yml", metadata))
    assert [(fault.place.file, fault.place.line) for fault in found] == [("x.sssom.yml", 3)]


def test_metadata_without_its_table_is_refused_with_a_hint() -> None:
    (found,) = faults(("x.yml", "mapping_set_id: https://sets.example/made\ncurie_map: {}\n"))
    assert (found.place.file, ".sssom.tsv" in found.text.en, ".sssom.tsv" in found.text.ja) == ("x.yml", True, True)


def test_metadata_in_two_places_and_two_tables_are_refused() -> None:
    metadata = "mapping_set_id: https://sets.example/made\n"
    (twice,) = faults(("x.sssom.tsv", table(ROW)), ("x.sssom.yml", metadata))
    assert (twice.place.file, "x.sssom.tsv" in twice.text.en) == ("x.sssom.yml", True)
    (both,) = faults(("x.tsv", f"{COLUMNS}\n{ROW}\n"), ("x.yml", metadata), ("x.sssom.yml", metadata))
    assert "two places" in both.text.en
    (tables,) = faults(("x.tsv", table(ROW)), ("x.sssom.tsv", table(ROW)))
    assert "two SSSOM tables" in tables.text.en


def test_bad_yaml_beside_the_table_is_its_fault() -> None:
    (found,) = faults(("x.sssom.tsv", f"{COLUMNS}\n{ROW}\n"), ("x.sssom.yml", "mapping_set_id: [\n"))
    assert (found.place.file, "YAML" in found.text.en) == ("x.sssom.yml", True)


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("\tdraft\t", "\tmaybe\t", "'maybe'"), ("\tfunctional\t", "\tmagical\t", "'magical'"),
        ("\t0.45\t", "\t0.4567\t", "'0.4567'"),
        ("\t0.45\t", "\t6.6\t", "'6.6'"), ("\t0.45\t", "\tNaN\t", "'NaN'"), ("\t0.45\t", "\t1e-999999999999\t", "three decimals"),
        ("\tkkid:cap-aip-track", "\tother:cap-aip-track", "'other:cap-aip-track'"),
        ("kkid:mapping/leaflet-drafts/001", "001", "'001'"), ("semapv:ManualMappingCuration", "nope:x", "'nope:x'"),
        ("predicate:satisfies-in-part", "kkid:satisfies-in-part", "'kkid:satisfies-in-part'"),
        ("record_id\t", "record\t", "header"), ("#license", "#licence", "'license'"),
        ("#mapping_set_title_ja: ", "#mapping_set_title_ja: '' # ", "'mapping_set_title_ja'"),
        ("kkid:mapping-set/leaflet-drafts", '"kkid:"', "'kkid:'"),
    ],
)  # fmt: skip
def test_our_own_sets_are_held_to_our_own_rules(old: str, new: str, word: str) -> None:
    assert old in OWN
    line = OWN[: OWN.index(old)].count("\n") + 1
    spoilt = OWN.replace(old, new, 1)
    found = [fault for fault in faults_of(spoilt) if word in fault.text.en]
    assert found, [(str(fault.place), fault.text.en) for fault in faults_of(spoilt)]
    assert found[0].place.line == (1 if line < 26 else line)
    assert found[0].text.ja != found[0].text.en


def test_a_row_of_ours_that_is_cut_off_is_refused() -> None:
    cut = OWN[: OWN.rindex("\tfunctional")]
    (found,) = faults_of(cut)
    assert (found.place.line, "cells" in found.text.en) == (cut.count("\n") + 1, True)


def test_every_fault_of_ours_is_listed() -> None:
    assert len(faults_of(OWN.replace("\tfunctional\t", "\t\t"))) == OWN.count("\tfunctional\t") > 70


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_is_cut_or_garbled_is_read_or_refused_and_never_crashes(data: st.DataObject) -> None:
    text = table(f"{ROW}\t0.5\tNot", f"{ROW}\t\t", columns=f"{COLUMNS}\tconfidence\tpredicate_modifier").encode()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    garbled = text[:start] + data.draw(st.binary(max_size=8)) + text[end:]
    for fault in faults_of(garbled):
        assert fault.place.file == "made.sssom.tsv"
        assert fault.text.ja != fault.text.en


def test_nothing_but_bytes_is_needed_to_recognise() -> None:
    for content in (b"", b"\xff\xfe\x00", b"#", b"#\n#\n", b"\t\t\t", b"#curie_map", b"\xef\xbb\xbf#mapping_set_id: x"):
        assert FORMAT.recognises(File("x.tsv", content)) is (b"mapping_set_id:" in content)
        assert FORMAT.recognises(File("x.yml", content)) is False
        assert FORMAT.recognises(File("x.sssom.tsv", content)) is True
        assert FORMAT.recognises(File("x.json", content)) is False
