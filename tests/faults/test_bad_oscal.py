"""Broken OSCAL: refused whole, each fault with its place and in both languages, and never a traceback."""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from kakehashi.records.located import Place
from kakehashi.records.model import Edition, Label, Record, Resource, Source, Statement
from kakehashi.sources.files import File, UnreadableError
from kakehashi.sources.format import Reading
from kakehashi.sources.oscal import FORMAT, OTHER_MODEL, TWO_MODELS, XML
from kakehashi.sources.oscal.catalogue import NO_GROUP_ID
from kakehashi.sources.oscal.mapping import SUPERSEDED
from kakehashi.sources.oscal.prose import MAX_ADDED, Prose
from kakehashi.sources.oscal.references import name_of

METADATA = {"title": "A document", "last-modified": "2024-01-01T00:00:00Z", "version": "1", "oscal-version": "1.1.2"}
UUID = "11111111-2222-4333-8444-%012d"


def catalogue() -> dict[str, Any]:
    control = {
        "id": "c-1", "title": "Control", "props": [{"name": "label", "value": "C-1"}],
        "params": [{"id": "c-1_prm_1", "label": "a period"}],
        "links": [{"rel": "related", "href": "#c-2"}],
        "parts": [
            {"name": "statement", "id": "c-1_smt", "prose": "Do so every {{ insert: param, c-1_prm_1 }}.",
             "parts": [{"name": "item", "id": "c-1_smt.a", "prose": "First.", "props": [{"name": "label", "value": "a."}]}]},
        ],
        "controls": [{"id": "c-1.1", "title": "Nested"}],
    }  # fmt: skip
    groups = [{"id": "c", "title": "Group", "controls": [control, {"id": "c-2", "title": "Other"}]}]
    return {"catalog": {"uuid": UUID % 1, "metadata": dict(METADATA), "groups": groups}}


def profile() -> dict[str, Any]:
    return {
        "profile": {
            "uuid": UUID % 2, "metadata": dict(METADATA),
            "imports": [{"href": "catalogs/base/catalog.json", "include-controls": [{"with-ids": ["c-1", "c-2"]}]}],
            "modify": {
                "set-parameters": [{"param-id": "c-1_prm_1", "values": ["a year"]}],
                "alters": [{"control-id": "c-1", "adds": [{"parts": [{"name": "item", "id": "c-1_x.1", "prose": "More."}]}]}],
            },
        }
    }  # fmt: skip


def component() -> dict[str, Any]:
    requirement = {
        "uuid": UUID % 5, "control-id": "ac-1", "description": "It helps.",
        "props": [{"name": "implementation-status", "value": "partial"}],
        "statements": [{"statement-id": "ac-1_smt.a", "uuid": UUID % 6, "description": "With this too."}],
    }  # fmt: skip
    implementation = {
        "uuid": UUID % 4, "source": "https://example.com/NIST_SP-800-53_rev5_catalog.json", "description": "All",
        "implemented-requirements": [requirement],
    }  # fmt: skip
    component = {
        "uuid": UUID % 3, "type": "software", "title": "A product", "description": "It.",
        "control-implementations": [implementation],
    }  # fmt: skip
    return {"component-definition": {"uuid": UUID % 1, "metadata": dict(METADATA), "components": [component]}}


def mapping() -> dict[str, Any]:
    maps = [
        {
            "uuid": UUID % 8, "relationship": "subset-of", "sources": [{"type": "control", "id-ref": "ac-1"}],
            "targets": [{"type": "control", "id-ref": "c-1"}], "confidence-score": {"percentage": 0.5},
        }
    ]  # fmt: skip
    one = {
        "uuid": UUID % 7, "source-resource": {"type": "catalog", "href": "a/NIST_SP-800-53_rev5_catalog.json"},
        "target-resource": {"type": "catalog", "href": "catalogs/base/catalog.json"}, "maps": maps,
    }  # fmt: skip
    provenance = {"method": "human", "matching-rationale": "semantic", "status": "complete"}
    collection = {"uuid": UUID % 1, "metadata": dict(METADATA), "provenance": provenance, "mappings": [one]}
    return {"mapping-collection": collection}


MAKERS = {"catalog": catalogue, "profile": profile, "component-definition": component, "mapping-collection": mapping}


def read(document: object, name: str = "bad.json") -> Reading:
    file = File(name, json.dumps(document).encode())
    assert FORMAT.recognises(file)
    return FORMAT.read((file,))


def at(document: Any, pointer: str) -> Any:
    for step in pointer.strip("/").split("/"):
        document = document[int(step) if isinstance(document, list) else step]
    return document


def faults(document: object, name: str = "bad.json") -> list[tuple[str, str]]:
    found = read(document, name).faults
    assert all(re.search(r"[\u3040-\u9fff]", fault.text.ja) and fault.text.en for fault in found)
    return [(str(fault.place), fault.text.en) for fault in found]


@pytest.mark.parametrize("model", MAKERS)
def test_the_samples_are_whole(model: str) -> None:
    assert faults(MAKERS[model]()) == []


CI = "/component-definition/components/0/control-implementations/0"
IR = f"{CI}/implemented-requirements/0"
MAP = "/mapping-collection/mappings/0/maps/0"
CONTROL = "/catalog/groups/0/controls/0"

MISSING = [
    ("catalog", "/catalog", "metadata", "/catalog"),
    ("catalog", "/catalog/metadata", "title", "/catalog/metadata"),
    ("catalog", "/catalog/metadata", "oscal-version", "/catalog/metadata"),
    ("catalog", CONTROL, "id", CONTROL),
    ("catalog", f"{CONTROL}/parts/0", "name", f"{CONTROL}/parts/0"),
    ("catalog", f"{CONTROL}/links/0", "href", f"{CONTROL}/links/0"),
    ("profile", "/profile", "imports", "/profile"),
    ("profile", "/profile/imports/0", "href", "/profile/imports/0"),
    ("profile", "/profile/imports/0", "include-controls", "/profile/imports/0"),
    ("profile", "/profile/modify/alters/0", "control-id", "/profile/modify/alters/0"),
    ("component-definition", "/component-definition/components/0", "uuid", "/component-definition/components/0"),
    ("component-definition", "/component-definition/components/0", "title", "/component-definition/components/0"),
    ("component-definition", CI, "source", CI),
    ("component-definition", CI, "implemented-requirements", CI),
    ("component-definition", IR, "control-id", IR),
    ("component-definition", IR, "uuid", IR),
    ("component-definition", f"{IR}/statements/0", "statement-id", f"{IR}/statements/0"),
    ("mapping-collection", "/mapping-collection", "mappings", "/mapping-collection"),
    ("mapping-collection", "/mapping-collection/mappings/0", "uuid", "/mapping-collection/mappings/0"),
    ("mapping-collection", "/mapping-collection/mappings/0", "maps", "/mapping-collection/mappings/0"),
    ("mapping-collection", MAP, "relationship", MAP),
    ("mapping-collection", MAP, "sources", MAP),
    ("mapping-collection", f"{MAP}/targets/0", "id-ref", f"{MAP}/targets/0"),
    ("mapping-collection", f"{MAP}/targets/0", "type", f"{MAP}/targets/0"),
]


@pytest.mark.parametrize(("model", "holder", "key", "place"), MISSING)
def test_a_missing_key_is_told_where_it_is_missing(model: str, holder: str, key: str, place: str) -> None:
    document = MAKERS[model]()
    del at(document, holder)[key]
    found = faults(document)
    assert [where for where, _ in found] == [f"bad.json#{place}"]
    assert key in found[0][1] or key == "include-controls"


WRONG = [
    ("catalog", "/catalog", "groups", {}, "/catalog/groups", "`array`"),
    ("catalog", "/catalog", "metadata", [], "/catalog/metadata", "`object`"),
    ("catalog", CONTROL, "title", ["x"], f"{CONTROL}/title", "`array`"),
    ("catalog", CONTROL, "controls", ["c-1.1"], f"{CONTROL}/controls/0", "`object`"),
    ("catalog", CONTROL, "props", [{"name": {}}], f"{CONTROL}/props/0/name", "`object`"),
    ("catalog", CONTROL, "id", "", CONTROL, "'id' is empty"),
    ("catalog", CONTROL, "id", "c-2", "/catalog/groups/0/controls/1", "'c-2' is defined twice"),
    ("catalog", f"{CONTROL}/controls/0", "id", "c", f"{CONTROL}/controls/0", "'c' is defined twice"),
    ("catalog", f"{CONTROL}/parts/0/parts/0", "id", "c-1", f"{CONTROL}/parts/0/parts/0", "is defined twice"),
    ("catalog", "/catalog/metadata", "title", " ", "/catalog/metadata", "'title' is empty"),
    ("catalog", "/catalog/metadata", "title", "REPLACE_ME", "/catalog/metadata", "'title' is empty"),
    ("catalog", "/catalog/metadata", "oscal-version", "2.0.0", "/catalog/metadata", "'2.0.0' cannot be read"),
    ("catalog", "/catalog/metadata", "last-modified", "2024-01-01T00:00:00", "/catalog/metadata", "no time zone"),
    ("catalog", "/catalog/metadata", "published", "2024-01-01", "/catalog/metadata", "'published'"),
    ("catalog", "/catalog/metadata", "language", "not a tag", "/catalog/metadata", "BCP 47"),
    ("profile", "/profile/imports/0", "href", "#nowhere", "/profile/imports/0", "'#nowhere'"),
    ("profile", "/profile/imports/0", "href", "", "/profile/imports/0", "points at"),
    ("profile", "/profile/imports/0", "include-all", {}, "/profile/imports/0", "by one of them only"),
    ("profile", "/profile", "imports", [], "/profile/imports", "'imports' is empty"),
    ("profile", "/profile/imports/0", "include-controls", [{"matching": [{"pattern": "c-*"}]}],
     "/profile/imports/0/include-controls/0", "resolved profile catalogue"),
    ("profile", "/profile/imports/0", "exclude-controls", [{"with-ids": ["c-1"], "with-child-controls": "yes"}],
     "/profile/imports/0/exclude-controls/0", "resolved profile catalogue"),
    ("profile", "/profile/imports/0", "include-controls", [{"with-ids": [""]}],
     "/profile/imports/0/include-controls/0", "is empty"),
    ("component-definition", IR, "uuid", UUID % 3, IR, "is used at bad.json#/component-definition/components/0 too"),
    ("component-definition", CI, "uuid", "", CI, "'uuid' is empty"),
    ("component-definition", CI, "source", "#" + UUID % 9, f"{CI}/source", "points at"),
    ("component-definition", IR, "props", [{"name": "implementation-status", "value": "done"}],
     IR, "'done' is no implementation"),
    ("component-definition", IR, "control-id", None, IR, "'control-id' is empty"),
    ("component-definition", CI, "implemented-requirements", {}, f"{CI}/implemented-requirements", "`array`"),
    ("mapping-collection", MAP, "relationship", "equals-ish", MAP, "'equals-ish' is not known"),
    ("mapping-collection", MAP, "relationship", "", MAP, "'' is not known"),
    ("mapping-collection", MAP, "sources", [], f"{MAP}/sources", "'sources' is empty"),
    ("mapping-collection", f"{MAP}/sources/0", "type", "paragraph", f"{MAP}/sources/0", "not 'paragraph'"),
    ("mapping-collection", MAP, "confidence-score", {"percentage": 95}, f"{MAP}/confidence-score", "not '95'"),
    ("mapping-collection", MAP, "confidence-score", {"percentage": "NaN"}, f"{MAP}/confidence-score", "not 'NaN'"),
    ("mapping-collection", MAP, "confidence-score", {"percentage": "high"}, f"{MAP}/confidence-score", "not 'high'"),
    ("mapping-collection", "/mapping-collection", "mappings", "none", "/mapping-collection/mappings", "must be a list"),
    ("mapping-collection", "/mapping-collection/mappings/0/source-resource", "href", "https://",
     "/mapping-collection/mappings/0/source-resource", "points at"),
]  # fmt: skip


@pytest.mark.parametrize("case", WRONG, ids=str)
def test_a_wrong_value_is_told_where_it_stands(case: tuple[str, str, str, object, str, str]) -> None:
    model, holder, key, value, place, text = case
    document = MAKERS[model]()
    at(document, holder)[key] = value
    found = faults(document)
    assert [where for where, _ in found] == [f"bad.json#{place}"]
    assert text in found[0][1]


def test_all_faults_are_told_at_once() -> None:
    document = mapping()
    document["mapping-collection"]["mappings"][0]["maps"] = [
        {"relationship": "a"}, {"relationship": "b", "sources": [], "targets": []}, 3,
    ]  # fmt: skip
    assert [where.partition("#")[2] for where, _ in faults(document)] == [
        "/mapping-collection/mappings/0/maps/0", "/mapping-collection/mappings/0/maps/1",
        "/mapping-collection/mappings/0/maps/1/sources", "/mapping-collection/mappings/0/maps/1/targets",
        "/mapping-collection/mappings/0/maps/2",
    ]  # fmt: skip


def test_in_yaml_the_place_is_the_line_of_the_nearest_mapping() -> None:
    text = """# a comment
catalog:
  uuid: 11111111-2222-4333-8444-000000000001
  metadata:
    title: Catalogue
    oscal-version: 1.1.2
    last-modified: 2024-01-01T00:00:00Z
  controls:
    - id: c-1
      title: One
      props:
        - name: label
          value: [no, list]
    - title: No id
    - just a text
"""
    found = FORMAT.read((File("bad.yaml", text.encode()),))
    assert [(fault.place.line, fault.place.pointer) for fault in found.faults] == [(12, ""), (14, ""), (3, "")]


def test_what_is_cut_off_is_recognised_and_refused() -> None:
    for name, content in (
        ("cut.json", json.dumps(catalogue())[:-40]),
        ("cut.yaml", "catalog:\n  metadata:\n    oscal-version: 1.1.2\n    title: [open\n"),
        ("nan.json", json.dumps(mapping()).replace("0.5", "NaN")),
        ("twice.json", json.dumps(catalogue()).replace('"title": "Group"', '"title": "Group", "title": "Again"')),
        ("half.json", json.dumps(catalogue()).replace("Group", "\\ud800")),
        ("bytes.json", ""),
    ):
        file = File(name, content.encode() or json.dumps(catalogue()).encode().replace(b"Group", b"\xff"))
        assert FORMAT.recognises(file), name
        with pytest.raises(UnreadableError) as refused:
            FORMAT.read((file,))
        assert refused.value.fault.text.ja != refused.value.fault.text.en


def test_what_is_not_oscal_is_not_claimed() -> None:
    others: tuple[object, ...] = (
        {"catalog": {"books": []}}, {"profile": "admin"}, {"profile": {"name": "x"}}, {"catalog": []}, {"satisfies": []}, [], 3,
        None, {"uuid": UUID % 1}, {"$schema": "https://json-schema.org/schema", "properties": {"catalog": {"metadata": {}}}},
    )  # fmt: skip
    for document in others:
        assert not FORMAT.recognises(File("other.json", json.dumps(document).encode())), document
    assert not FORMAT.recognises(File("catalog.txt", json.dumps(catalogue()).encode()))
    assert not FORMAT.recognises(File("other.json", b'{"catalog": {"oscal-like": '))


def test_models_that_are_not_read_are_refused_by_name() -> None:
    document = {"system-security-plan": {"uuid": UUID % 1, "metadata": METADATA}}
    (fault,) = read(document).faults
    assert fault.text == OTHER_MODEL(
        model="system-security-plan", known="catalog, profile, component-definition, mapping-collection"
    )  # fmt: skip
    (fault,) = read(catalogue() | profile()).faults
    assert fault.text == TWO_MODELS(models="catalog, profile")
    file = File("bad.xml", b'<?xml version="1.0"?><catalog xmlns="http://csrc.nist.gov/ns/oscal/1.0"/>')
    assert FORMAT.recognises(file)
    assert [fault.text for fault in FORMAT.read((file,)).faults] == [XML]
    (fault,) = read({"mapping-collection": []}).faults
    assert fault.place == Place("bad.json", pointer="/mapping-collection")


def test_deep_nesting_is_read_or_refused_and_never_overflows() -> None:
    document = catalogue()
    inner: dict[str, Any] = {"id": "deep-0"}
    part: dict[str, Any] = {"name": "item", "id": "p-0", "props": [{"name": "label", "value": "x" * 50}], "prose": "."}
    for number in range(1, 180):
        inner = {"id": f"deep-{number}", "controls": [inner]}
        part = {"name": "item", "id": f"p-{number}", "props": [{"name": "label", "value": "x" * 50}], "parts": [part]}
    document["catalog"]["groups"][0]["controls"] += [inner, {"id": "parts", "parts": [part]}]
    found = read(document)
    assert found.faults == []
    assert found.found["nested controls"] == 180
    assert max(len(one.notation or "") for one in found.records if isinstance(one, Resource)) <= 100
    bomb = '{"catalog": {"metadata": {"oscal-version": "1.0.0"}, "groups": ' + "[" * 100_000
    file = File("bomb.json", bomb.encode())
    assert FORMAT.recognises(file)
    with pytest.raises(UnreadableError):
        FORMAT.read((file,))


def test_insertions_cannot_make_a_small_file_large() -> None:
    document = catalogue()
    control = at(document, CONTROL)
    control["params"] = [{"id": "long", "label": "x" * 100_000}]
    control["parts"] = [{"name": "statement", "prose": "{{ insert: param, long }}" * 2_000}]
    (text,) = (one.texts[0].text for one in read(document).records if isinstance(one, Resource) and one.notation == "C-1")
    assert len(text) < MAX_ADDED + 100_000
    assert text.endswith("{{ insert: param, long }}")


def test_choices_of_choices_end() -> None:
    document = catalogue()
    choices = ["{{ insert: param, a }} or {{ insert: param, b }}"] * 2
    at(document, CONTROL)["params"] = [
        {"id": "a", "select": {"choice": choices}}, {"id": "b", "label": "B", "select": {"choice": choices}},
    ]  # fmt: skip
    at(document, CONTROL)["parts"] = [{"name": "statement", "prose": "Do {{ insert: param, a }} and {{insert:param,none}}."}]
    (text,) = (one.texts[0].text for one in read(document).records if isinstance(one, Resource) and one.notation == "C-1")
    once = "{{ insert: param, a }} or [B]"
    assert text == f"Do [{once}; {once}] and {{{{insert:param,none}}}}."
    assert Prose().text(None) == ""


def test_what_a_profile_leaves_out_and_takes_is_told() -> None:
    document = profile()
    base = at(document, "/profile/imports/0")
    base["include-controls"] = [{"with-ids": ["c-1", "c-2"]}, {"with-ids": ["c-3"], "with-child-controls": "yes"}]
    base["exclude-controls"] = [{"with-ids": ["c-2"]}]
    document["profile"]["imports"].append({"href": "other.json", "include-all": {}})
    found = read(document)
    (edition,) = (one for one in found.records if isinstance(one, Edition) and one.id.startswith("oscal-a-document/"))
    assert (edition.selected, edition.selected_with_parts) == (
        ("oscal-base/unversioned/c-1",), ("oscal-base/unversioned/c-3",)
    )  # fmt: skip
    assert (edition.selects_all_of, edition.excluded) == (("oscal-other/unversioned",), ("oscal-base/unversioned/c-2",))
    document["profile"]["imports"].append({"href": "base.json", "include-controls": [{"with-ids": ["c-2"]}]})
    (fault,) = read(document).faults
    assert "Load the resolved profile catalogue" in fault.text.en
    assert fault.place.pointer == "/profile/imports"


def test_a_part_that_is_added_twice_is_refused() -> None:
    document = profile()
    document["profile"]["modify"]["alters"] *= 2
    assert [where for where, _ in faults(document)] == ["bad.json#/profile/modify/alters/1/adds/0/parts/0"]


def test_a_group_without_an_id_is_passed_over_and_not_its_controls() -> None:
    document = catalogue()
    del at(document, "/catalog/groups/0")["id"]
    found = read(document)
    assert found.faults == []
    assert found.left_out[NO_GROUP_ID].count == 1
    assert {one.parent for one in found.records if isinstance(one, Resource) and one.notation in {"C-1", "c-2"}} == {None}


def test_a_superseded_mapping_is_no_evidence() -> None:
    document = mapping()
    document["mapping-collection"]["provenance"]["status"] = "superseded"
    found = read(document)
    assert found.faults == []
    assert not any(isinstance(one, Statement) for one in found.records)
    assert found.left_out[SUPERSEDED].count == 1


def test_what_a_control_is_planned_for_holds_of_its_statements_and_a_part_does_not() -> None:
    predicates = {}
    for word in ("partial", "planned", "implemented", ""):
        document = component()
        at(document, IR)["props"][0]["value"] = word
        if not word:
            at(document, IR)["props"] = []
        predicates[word] = [one.predicate for one in read(document).records if isinstance(one, Statement)]
    assert predicates == {
        "partial": ["satisfies-in-part", "lists-the-control"], "planned": ["planned-for", "planned-for"],
        "implemented": ["lists-the-control", "lists-the-control"], "": ["lists-the-control", "lists-the-control"],
    }  # fmt: skip


def test_the_name_of_a_work_is_its_file_or_its_folder() -> None:
    named = {
        "https://example.com/a/NIST_rev5_catalog.json?raw=1#x": "NIST_rev5_catalog",
        "trestle://catalogs/my_catalogue/catalog.json": "my_catalogue",
        "catalogs/mine/1.0.0/catalog.json": "mine_1.0.0",
        "..\\folder\\base-min.JSON": "base",
        "catalog.json": "catalog",
        "//": "", "": "", "#only-a-fragment": "", "https://": "", " / ": "",
    }  # fmt: skip
    assert {href: name_of(href) for href in named} == named


DEEP: list[Any] = []
for _ in range(60):
    DEEP = [DEEP]
HOSTILE: tuple[object, ...] = (
    None, 5, 1.5, True, "x", "", [], {}, [None], [[1]], [{}], ["a", {}], "A" * 300, "日本語 / #", "#", "../", "REPLACE_ME", DEEP,
    {"uuid": 1},
)  # fmt: skip

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~()-]*(?:/[A-Za-z0-9][A-Za-z0-9._~()-]*)*")


def _paths(document: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield above
    below = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    for key, value in below:
        yield from _paths(value, (*above, key))


def _with(document: Any, path: tuple[Any, ...], value: object) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(document)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return changed


def _sound(record: Record) -> bool:
    """What the pipeline would refuse as our own mistake: an id that cannot be one, and a name or text of nothing."""
    named = [record.id, *(value for value in (getattr(record, "parent", None), getattr(record, "object", None)) if value)]
    labels: tuple[Label, ...] = (*getattr(record, "labels", ()), *getattr(record, "texts", ()))
    return all(len(one) <= 200 and _ID.fullmatch(one) for one in named) and all(label.text.strip() for label in labels)


@pytest.mark.parametrize("model", MAKERS)
def test_any_value_anywhere_is_read_or_refused(model: str) -> None:
    """Every value of a document in turn is replaced by each of many others: faults or sound records, never a traceback."""
    document = MAKERS[model]()
    for path in _paths(document):
        for value in HOSTILE:
            changed = _with(document, path, value)
            file = File("bad.json", json.dumps(changed).encode())
            assert FORMAT.recognises(file) or len(path) <= 2
            found = FORMAT.read((file,))
            assert all(fault.text.ja and fault.text.en and (fault.place.pointer or len(path) <= 1) for fault in found.faults)
            if not found.faults:
                assert sum(isinstance(one, Source) for one in found.records) == 1
                assert [one for one in found.records if not _sound(one)] == [], (path, value)
                assert len({(type(one), one.id) for one in found.records}) == len(found.records)
