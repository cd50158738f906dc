"""Bad files of FedRAMP: each fault with its file and pointer in both languages, all at once, and never a traceback."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.records.located import Fault
from kakehashi.records.model import Resource
from kakehashi.sources import fedramp_20x, fedramp_marketplace
from kakehashi.sources.files import File, UnreadableError
from kakehashi.sources.format import Format, Reading

Json = Any
Spoil = Callable[[Json], None]


def documentation() -> Json:
    demand = {"name": "Publish", "statement": "Providers MUST publish.", "fka": "OLD-01", "terms": ["Agency"]}
    indicator = {"name": "Keep", "statement": "Keep it.", "controls": ["ac-2", "ac-2.1"], "reference": "Sharing"}
    return {
        "info": {"title": "FRMR", "version": "1.0", "last_updated": "2026-01-01"},
        "FRD": {"data": {"both": {"FRD-AGY": {"term": "Agency", "definition": "A part of government."}}}},
        "FRR": {
            "ADS": {
                "info": {"name": "Sharing", "short_name": "ADS", "labels": {"CSO": {"name": "Providers"}}},
                "data": {"both": {"CSO": {"ADS-CSO-PUB": demand}}},
            }
        },
        "KSI": {"AFR": {"id": "KSI-AFR", "name": "Authorization", "indicators": {"KSI-AFR-ADS": indicator}}},
    }


def market() -> Json:
    product = {"id": "F1", "csp": "Cloud Inc", "cso": "Cloud", "status": "FedRAMP Ready", "leveraged_systems": [{"id": "F2"}]}
    row = {"id": "F1", "agency_id": "22-001", "ato_date": "2020-01-01T20:00:00.000Z"}
    return {
        "meta": {"last_change": "2026-04-28T02:40:42.651Z"},
        "data": {
            "Products": [product],
            "Agencies": [{"id": "22-001", "parent": "Department", "sub": ""}],
            "Assessors": [{"name": "Assessor", "clients": [{"id": "F1"}]}],
            "AtoMapping": [row],
            "ReuseMapping": [row],
        },
    }


def read(source: Format, name: str, content: bytes) -> Reading:
    file = File(name, content)
    assert source.recognises(file)
    return source.read((file,))


def faults(source: Format, name: str, content: bytes) -> list[Fault]:
    try:
        return read(source, name, content).faults
    except UnreadableError as error:
        return [error.fault]


def setting(path: str, value: Json) -> Spoil:
    """Puts a value at a pointer; ... takes away what is there."""

    def spoil(document: Json) -> None:
        *way, last = path.split("/")[1:]
        for step in way:
            document = document[int(step) if isinstance(document, list) else step]
        key: Any = int(last) if isinstance(document, list) else last
        if value is ...:
            del document[key]
        elif isinstance(document, list) and key == len(document):
            document.append(value)
        else:
            document[key] = value

    return spoil


AGAIN = {"CSO": {"ADS-CSO-PUB": {"name": "Publish"}}}
SECOND = {"id": "F1 ", "csp": "Other", "cso": "Cloud", "status": "FedRAMP Ready"}
SYSTEM = "/data/Products/0/leveraged_systems/0"
DEMAND = "/FRR/ADS/data/both/CSO/ADS-CSO-PUB"
INDICATOR = "/KSI/AFR/indicators/KSI-AFR-ADS"
OF_DOCUMENTATION: dict[str, tuple[Spoil, str, str]] = {
    "no info": (setting("/info", ...), "", "'info'"),
    "no version": (setting("/info/version", ...), "/info", "'version'"),
    "an empty version": (setting("/info/version", " "), "/info/version", "empty"),
    "a version that is a number": (setting("/info/version", 1), "/info/version", "`int`"),
    "a day that is none": (setting("/info/last_updated", "2026-13-01"), "/info/last_updated", "'2026-13-01'"),
    "no definitions": (setting("/FRD", ...), "", "'FRD'"),
    "a term without a definition": (setting("/FRD/data/both/FRD-AGY/definition", ...), "/FRD/data/both/FRD-AGY", "'definition'"),
    "a term that is a text": (setting("/FRD/data/both/FRD-AGY", "x"), "/FRD/data/both/FRD-AGY", "`str`"),
    "an unknown path": (setting("/FRD/data/neither", {}), "/FRD/data/neither", "'neither'"),
    "a process that is a list": (setting("/FRR/ADS", []), "/FRR/ADS", "`array`"),
    "a process without a name": (setting("/FRR/ADS/info/name", ""), "/FRR/ADS/info/name", "empty"),
    "groups that are a list": (setting("/FRR/ADS/data/both", []), "/FRR/ADS/data", "`array`"),
    "a requirement for an unknown path": (setting("/FRR/ADS/data/moon", {"CSO": {}}), "/FRR/ADS/data/moon/CSO", "'moon'"),
    "a requirement without a name": (setting(f"{DEMAND}/name", ...), DEMAND, "'name'"),
    "a requirement that is null": (setting(DEMAND, None), DEMAND, "`null`"),
    "terms that are a text": (setting(f"{DEMAND}/terms", "Agency"), f"{DEMAND}/terms", "`str`"),
    "a level that is a text": (setting(f"{DEMAND}/varies_by_level", {"low": "x"}), f"{DEMAND}/varies_by_level", "`str`"),
    "a requirement twice": (setting("/FRR/ADS/data/rev5", AGAIN), "/FRR/ADS/data/rev5/CSO/ADS-CSO-PUB", "already"),
    "a theme without an id": (setting("/KSI/AFR/id", ...), "/KSI/AFR", "'id'"),
    "a theme twice": (setting("/KSI/X", {"id": "KSI-AFR", "name": "x", "indicators": {}}), "/KSI/X", "already"),
    "indicators that are a list": (setting("/KSI/AFR/indicators", []), "/KSI/AFR/indicators", "`array`"),
    "a control that is a number": (setting(f"{INDICATOR}/controls/0", 2), f"{INDICATOR}/controls/0", "`int`"),
    "a control without a name": (setting(f"{INDICATOR}/controls/1", ""), f"{INDICATOR}/controls/1", "empty"),
    "a key that needs escaping": (setting("/KSI/AFR/indicators/a~b", 1), "/KSI/AFR/indicators/a~0b", "`int`"),
}  # fmt: skip
OF_MARKET: dict[str, tuple[Spoil, str, str]] = {
    "no meta": (setting("/meta", ...), "", "'meta'"),
    "no day": (setting("/meta/last_change", "yesterday"), "/meta/last_change", "'yesterday'"),
    "a day that is none": (setting("/meta/last_change", "2026-02-30T00:00:00Z"), "/meta/last_change", "'2026-02-30"),
    "no agencies": (setting("/data/Agencies", ...), "/data", "'Agencies'"),
    "offerings that are an object": (setting("/data/Products", {}), "/data/Products", "`object`"),
    "an offering that is a text": (setting("/data/Products/0", "F1"), "/data/Products/0", "`str`"),
    "an offering without an id": (setting("/data/Products/0/id", ...), "/data/Products/0", "'id'"),
    "an offering with a blank id": (setting("/data/Products/0/id", " "), "/data/Products/0/id", "empty"),
    "an offering without a provider": (setting("/data/Products/0/csp", None), "/data/Products/0/csp", "`null`"),
    "an offering twice": (setting("/data/Products/1", SECOND), "/data/Products/1", "already"),
    "a model that is a number": (setting("/data/Products/0/service_model", [1]), "/data/Products/0/service_model/0", "`int`"),
    "a system without an id": (setting(SYSTEM, {}), SYSTEM, "'id'"),
    "an agency without a name": (setting("/data/Agencies/0/parent", ""), "/data/Agencies/0/parent", "empty"),
    "an agency twice": (setting("/data/Agencies/1", {"id": "22-001", "parent": "Other"}), "/data/Agencies/1", "already"),
    "an assessor without a name": (setting("/data/Assessors/0/name", 7), "/data/Assessors/0/name", "`int`"),
    "an authorisation twice": (setting("/data/AtoMapping/1", {"id": "F1"}), "/data/AtoMapping/1", "already"),
    "a reuse that is null": (setting("/data/ReuseMapping/0", None), "/data/ReuseMapping/0", "`null`"),
}  # fmt: skip


def check(source: Format, document: Json, spoil: Spoil, pointer: str, word: str) -> None:
    spoil(document)
    found = faults(source, "FRMR.json", json.dumps(document).encode())
    assert found, "it was taken"
    named = [fault for fault in found if word in fault.text.en and fault.place.pointer == pointer]
    assert named, [(str(fault.place), fault.text.en) for fault in found]
    assert named[0].place.file == "FRMR.json"
    assert named[0].text.ja != named[0].text.en


@pytest.mark.parametrize("name", OF_DOCUMENTATION)
def test_a_fault_of_the_documentation_is_named_with_its_pointer(name: str) -> None:
    check(fedramp_20x.FORMAT, documentation(), *OF_DOCUMENTATION[name])


@pytest.mark.parametrize("name", OF_MARKET)
def test_a_fault_of_the_marketplace_is_named_with_its_pointer(name: str) -> None:
    check(fedramp_marketplace.FORMAT, market(), *OF_MARKET[name])


def test_what_is_not_spoilt_is_taken() -> None:
    assert faults(fedramp_20x.FORMAT, "x.json", json.dumps(documentation()).encode()) == []
    assert faults(fedramp_marketplace.FORMAT, "x.json", json.dumps(market()).encode()) == []


def test_all_faults_are_listed_at_once() -> None:
    document = market()
    document["data"]["Products"] += [{}, {"id": 1}, "x"]
    document["data"]["AtoMapping"].append([])
    found = faults(fedramp_marketplace.FORMAT, "x.json", json.dumps(document).encode())
    assert [fault.place.pointer.rpartition("/")[0].removesuffix("/2") for fault in found] == ["/data/Products"] * 3 + [
        "/data/AtoMapping"
    ]
    other = documentation()
    other["FRR"]["ADS"]["data"]["both"]["CSO"]["X"] = 1
    other["KSI"]["AFR"]["indicators"]["Y"] = []
    assert len(faults(fedramp_20x.FORMAT, "x.json", json.dumps(other).encode())) == 2


HOSTILE = "../\u202e<script>\\\"'\x01" + "長" * 300


def test_hostile_texts_make_safe_ids() -> None:
    document = market()
    document["data"]["Products"][0] |= {"id": HOSTILE, "csp": HOSTILE, "agency_authorizations": [HOSTILE]}
    other = documentation()
    other["KSI"]["AFR"]["indicators"][HOSTILE] = {"name": HOSTILE, "controls": [HOSTILE]}
    for source, text in ((fedramp_marketplace.FORMAT, document), (fedramp_20x.FORMAT, other)):
        reading = read(source, "x.json", json.dumps(text).encode())
        assert reading.faults == []
        ids = [one.id for one in reading.records if isinstance(one, Resource)]
        assert all(one.isascii() and len(one) <= 200 and ".." not in one.split("/") and " " not in one for one in ids)


def test_mail_addresses_in_real_texts_are_left_out() -> None:
    document = market()
    document["data"]["Products"][0] |= {
        "service_desc": "Write to jane.doe+x@cloud.example.com, or j@sub.example.org.",
        "fedramp_msg": "Ask joe@agency.gov", "security_email": "jane@cloud.example.com",
    }  # fmt: skip
    reading = read(fedramp_marketplace.FORMAT, "x.json", json.dumps(document).encode())
    assert not [one for one in reading.records if "@" in str(one)]
    assert {why.en: left.count for why, left in reading.left_out.items()}["A mail address within a text, which is not kept."] == 3


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b'{"FRD": {}, "FRR": {}, "KSI": ', "JSON"), (b'{"info": NaN, "FRD": 1, "FRR": 1, "KSI": 1}', "NaN"),
        (b'{"FRD": 1, "FRD": 2, "FRR": 1, "KSI": 1}', "twice"), (b'{"FRD": ' + b"[" * 100_000, "nested"), (b"", "JSON"),
        (b'{"FRD": "\xff"}', "UTF-8"), (b"[]", "`array`"), (b"null", "`null`"), (b'{"KSI": {}}', "'info'"),
    ],
)  # fmt: skip
def test_a_file_of_that_name_that_cannot_be_read_is_refused(content: bytes, word: str) -> None:
    (found,) = faults(fedramp_20x.FORMAT, "FRMR.documentation.json", content)
    assert word in found.text.en
    assert found.text.ja != found.text.en


def test_a_marketplace_that_is_cut_off_is_refused() -> None:
    whole = json.dumps(market()).encode()
    cut = whole[: whole.index(b'"Agencies"')]
    (found,) = faults(fedramp_marketplace.FORMAT, "data.json", cut)
    assert "JSON" in found.text.en
    deep = whole.replace(b'"F2"', b"[" * 100_000)
    (found,) = faults(fedramp_marketplace.FORMAT, "data.json", deep)
    assert "nested" in found.text.en


def test_other_files_are_not_claimed() -> None:
    for content in (
        b"",
        b"{",
        b"[]",
        b'{"Products": []}',
        b'{"data": {"Products": [], "AtoMapping": []}}',
        b'{"FRD": 1, "KSI": 2}',
        b"\xff",
    ):
        assert not fedramp_20x.FORMAT.recognises(File("x.json", content))
        assert not fedramp_marketplace.FORMAT.recognises(File("x.json", content))
    assert not fedramp_marketplace.FORMAT.recognises(File("x.txt", json.dumps(market()).encode()))


VALUES = st.one_of(st.none(), st.booleans(), st.integers(-2, 2), st.text(max_size=3), st.just([]), st.just({}), st.just([{}]))


def places(document: Json, above: str = "") -> list[str]:
    steps = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    found = [(f"{above}/{step}", inner) for step, inner in steps]
    return [place for pointer, inner in found for place in (pointer, *places(inner, pointer))]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_value_anywhere_is_read_or_refused_and_never_crashes(data: st.DataObject) -> None:
    source, make = data.draw(st.sampled_from([(fedramp_20x.FORMAT, documentation), (fedramp_marketplace.FORMAT, market)]))
    document = make()
    setting(data.draw(st.sampled_from(places(document))), data.draw(VALUES))(document)
    file = File("FRMR.json", json.dumps(document).encode())
    if source.recognises(file):
        for fault in source.read((file,)).faults:
            assert fault.text.ja != fault.text.en
