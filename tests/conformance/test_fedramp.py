"""FedRAMP's marketplace data and its machine-readable documentation: what is read against what the files hold, counted apart."""

import json
from collections import Counter
from datetime import date
from typing import Any

import pytest

from kakehashi.records.model import Edition, Framework, Label, MappingSet, Resource, Source, Statement
from kakehashi.records.values import Authority, Certainty, MappingStatus, Nature, Origin, ParentLink, Redistribution, StatedAs
from kakehashi.sources import fedramp_20x, fedramp_marketplace
from kakehashi.sources.files import File
from kakehashi.sources.format import Reading
from kakehashi.sources.naming import publisher_called
from kakehashi.vocabulary.iris import SEMAPV
from tests.support.corpus import corpus, files, read

MARKET = "fedramp-marketplace/data-2026-04-28.json"
DOCUMENTATION = "fedramp-20x/FRMR.documentation.json"


@pytest.fixture(scope="module")
def market() -> Reading:
    return read(fedramp_marketplace.FORMAT, MARKET)


@pytest.fixture(scope="module")
def raw_market() -> Any:
    return json.loads(corpus(MARKET).read_text("utf-8"))["data"]


@pytest.fixture(scope="module")
def documentation() -> Reading:
    return read(fedramp_20x.FORMAT, DOCUMENTATION)


@pytest.fixture(scope="module")
def raw() -> Any:
    return json.loads(corpus(DOCUMENTATION).read_text("utf-8"))


def stated(reading: Reading, predicate: str) -> list[Statement]:
    return [one for one in reading.records if isinstance(one, Statement) and one.predicate == predicate]


def pairs(reading: Reading, predicate: str, end: str = "") -> Counter[tuple[str, str]]:
    found = Counter[tuple[str, str]]()
    for one in stated(reading, predicate):
        target = one.object if one.object is not None else one.value.text if one.value else ""
        if one.subject.startswith(end):
            found[one.subject, target] += 1
    return found


def resources(reading: Reading, kind: str) -> dict[str, Resource]:
    return {one.id: one for one in reading.records if isinstance(one, Resource) and one.kind == kind}


def source(reading: Reading) -> Source:
    assert reading.source is not None
    return reading.source


def left(reading: Reading) -> dict[str, int]:
    return {why.en: one.count for why, one in reading.left_out.items()}


@pytest.mark.parametrize("name", ["market", "documentation"])
def test_records_have_ids_of_their_own_and_stand_on_fedramps_word(name: str, request: pytest.FixtureRequest) -> None:
    reading: Reading = request.getfixturevalue(name)
    assert reading.faults == []
    assert max(Counter((type(one), one.id) for one in reading.records).values()) == 1
    assert all(len(one.id) <= 200 for one in reading.records)
    statements = [one for one in reading.records if isinstance(one, Statement)]
    assert {(one.authority, one.certainty, one.nature) for one in statements} == {
        (Authority.OFFICIAL, Certainty.PRINTED, Nature.REPORT)
    }
    found = source(reading)
    assert (found.publisher, found.rights, found.redistribution) == ("org/fedramp", "not stated", Redistribution.CITATION_ONLY)
    assert "org/fedramp" in resources(reading, "organisation")


# The marketplace.


def offering(identifier: str) -> str:
    return f"fedramp-marketplace/{identifier.strip()}"


def agency(identifier: str) -> str:
    return f"fedramp-marketplace/agency/{identifier}"


def test_what_the_marketplace_holds_is_counted(market: Reading) -> None:
    assert market.found == {
        "Products": 642, "Agencies": 241, "Assessors": 50, "AtoMapping": 510, "ReuseMapping": 2682, "Metrics": 4, "Filters": 3,
    }  # fmt: skip
    assert source(market).id == "source/fedramp-marketplace/2026-04-28"
    assert source(market).version == "2026-04-28"


def test_offerings_are_products_with_their_levels_and_models(market: Reading, raw_market: Any) -> None:
    products = raw_market["Products"]
    assert resources(market, "cloud-offering").keys() == {offering(one["id"]) for one in products}
    assert len(products) == 642
    counted = {predicate: Counter(one.value.text for one in stated(market, predicate) if one.value) for predicate in (
        "authorisation-status", "impact-level", "deployment-model", "service-model")}  # fmt: skip
    assert counted["authorisation-status"] == {
        "FedRAMP Authorized": 510, "Agency In Process": 56, "FedRAMP Ready": 59, "FedRAMP In Process": 17,
    }  # fmt: skip
    assert counted["impact-level"] == {"Moderate": 443, "20x Low": 18, "High": 112, "Low": 12, "LI-SaaS": 48, "20x Moderate": 9}
    assert counted["deployment-model"] == Counter(one["deployment_model"] for one in products)
    assert counted["service-model"] == Counter(model for one in products for model in one["service_model"])


def test_only_dates_are_dates(market: Reading, raw_market: Any) -> None:
    products = raw_market["Products"]
    dated = {offering(one["id"]): one["auth_date"][:10] for one in products if one["auth_date"] != "Not Active"}
    of_offerings = {pair: n for pair, n in pairs(market, "authorised-on").items() if "/authorisation/" not in pair[0]}
    assert of_offerings == dict.fromkeys(dated.items(), 1)
    assert len(dated) == 510
    for one in stated(market, "authorised-on") + stated(market, "expires-on"):
        assert one.value is not None
        assert one.value.datatype == "date"
        date.fromisoformat(one.value.text)
    assert left(market)["The field auth_date, where it holds no date but a word or the like."] == 642 - 510
    assert left(market)["What auth_date of AtoMapping says and other fields say as well."] == 510


def test_agencies_are_joined_by_name_in_offerings(market: Reading, raw_market: Any) -> None:
    ids = {one["sub"] or one["parent"]: one["id"] for one in raw_market["Agencies"]}
    named = [(one["id"], name) for one in raw_market["Products"] for name in one["agency_authorizations"]]
    assert len(named) == 3101
    blank = sum(not name for _, name in named)
    wanted = Counter((offering(identifier), agency(ids[name])) for identifier, name in named if name)
    found = {pair: n for pair, n in pairs(market, "authorised-by").items() if "/authorisation/" not in pair[0]}
    assert found == wanted
    assert (blank, len(wanted)) == (137, 2964)
    assert left(market)["An empty entry of agency_authorizations."] == blank
    assert {target for _, target in found} <= resources(market, "agency").keys()


def test_agencies_that_repeat_the_list_add_nothing(market: Reading, raw_market: Any) -> None:
    told = {(offering(one["id"]), agency(row["id"])) for row in raw_market["Agencies"] for one in row["auths"]}
    assert told <= pairs(market, "authorised-by").keys()
    assert left(market)["What auths says and other fields say as well."] == len(told) == 2962


def test_agencies_stand_under_their_parents(market: Reading, raw_market: Any) -> None:
    listed = {agency(one["id"]) for one in raw_market["Agencies"]}
    assert resources(market, "agency").keys() - listed == {agency("22-016")}
    defence = resources(market, "agency")[agency("22-016")]
    assert (defence.notation, defence.labels) == ("22-016", (Label(language="en", text="Department of Defense"),))
    parts = pairs(market, "part-of")
    assert len(parts) == sum(bool(one["sub"]) for one in raw_market["Agencies"]) == 151
    assert all(part.rpartition("-")[0] == parent for part, parent in parts)


def test_authorisations_are_of_an_offering_by_an_agency(market: Reading, raw_market: Any) -> None:
    rows = raw_market["AtoMapping"]
    mine = {f"fedramp-marketplace/authorisation/{row['id']}": row for row in rows}
    assert resources(market, "authorisation").keys() == mine.keys()
    assert pairs(market, "authorises") == Counter((key, offering(row["id"])) for key, row in mine.items())
    by = {subject: target for subject, target in pairs(market, "authorised-by") if subject in mine}
    assert len(by) == len(rows) == 510
    known = resources(market, "agency").keys()
    assert Counter(target in known for target in by.values()) == {True: 505, False: 5}
    # Two rows name the agency without its id; five have an id that stands for none.
    assert {row["agency_id"] for key, row in mine.items() if by[key] not in known} == {"22-000"}
    assert [by[key] for key, row in mine.items() if not row["agency_id"]] == [agency("22-036")] * 2
    on = Counter(pairs(market, "authorised-on", "fedramp-marketplace/authorisation/"))
    assert on == Counter((key, row["ato_date"][:10]) for key, row in mine.items() if row["ato_date"])
    assert pairs(market, "expires-on") == Counter((key, row["exp_date"][:10]) for key, row in mine.items() if row["exp_date"])


def test_every_reuse_is_kept_with_its_dates(market: Reading, raw_market: Any) -> None:
    rows = raw_market["ReuseMapping"]
    reuses = stated(market, "reused-by")
    assert len(reuses) == len(rows) == 2682
    assert pairs(market, "reused-by") == Counter((offering(row["id"]), agency(row["sub_id"] or row["agency_id"])) for row in rows)
    assert {one.object for one in reuses} <= resources(market, "agency").keys()
    wanted: Counter[str] = Counter()
    for row in rows:
        dates = {key: row[key] for key in ("ato_date", "auth_date", "exp_date") if row[key]}
        wanted["; ".join(f"{key} {text[:10] if text.endswith('Z') else text}" for key, text in dates.items())] += 1
    notes = Counter(one.note for one in reuses)
    assert notes == wanted
    assert any(note and note.endswith("exp_date 2/29/2023") for note in notes)


def test_thirteen_reused_ids_are_unknown_and_four_of_them_only_have_a_space(market: Reading, raw_market: Any) -> None:
    known = {one["id"] for one in raw_market["Products"]}
    unknown = [row["id"] for row in raw_market["ReuseMapping"] if row["id"] not in known]
    assert len(unknown) == 13
    dangling = {one.subject for one in stated(market, "reused-by")} - resources(market, "cloud-offering").keys()
    assert dangling == {offering(one) for one in unknown if one.strip() not in known}
    assert len(dangling) == 9
    assert left(market)["An id that was read without the spaces around it."] == 4


def test_leveraged_systems_leverage_the_offering_that_lists_them(market: Reading, raw_market: Any) -> None:
    listed = [(one["id"], system["id"]) for one in raw_market["Products"] for system in one["leveraged_systems"]]
    assert len(listed) == 1757
    assert pairs(market, "leverages") == Counter((offering(system), offering(identifier)) for identifier, system in listed)
    assert len({identifier for identifier, _ in listed}) == 121
    names = {one["id"]: one["cso"] for one in raw_market["Products"]}
    below = Counter(names[identifier] for identifier, _ in listed)
    assert [name for name, _ in below.most_common(2)] == ["AWS US East/West", "AWS GovCloud"]
    assert not any(names[system] == "AWS GovCloud" for _, system in listed)


def test_agency_reuse_follows_from_what_is_kept(market: Reading, raw_market: Any) -> None:
    by: dict[str, set[str]] = {}
    for offered, target in pairs(market, "authorised-by"):
        by.setdefault(offered.replace("/authorisation", ""), set()).add(target)
    number = 0
    for one in raw_market["Products"]:
        reuse = {agency(identifier) for identifier in one["agency_reuse"] if identifier}
        number += len(reuse)
        assert reuse <= set().union(*(by[offering(system["id"])] for system in one["leveraged_systems"])) if reuse else True
    assert left(market)[fedramp_marketplace.FOLLOWS.en] == number == 1453


def test_providers_and_assessors_are_organisations(market: Reading, raw_market: Any) -> None:
    names = {one["csp"] for one in raw_market["Products"]} | {one["name"] for one in raw_market["Assessors"]} | {"FedRAMP"}
    assert resources(market, "organisation").keys() == {publisher_called(name).id for name in names}
    provided = Counter((offering(one["id"]), publisher_called(one["csp"]).id) for one in raw_market["Products"])
    assert pairs(market, "provided-by") == provided
    assessed = {
        (offering(one["id"]), one["independent_assessor"]) for one in raw_market["Products"] if one["independent_assessor"]
    }
    clients = {(offering(one["id"]), row["name"]) for row in raw_market["Assessors"] for one in row["clients"]}
    assert (len(assessed), len(clients), len(assessed & clients)) == (637, 638, 637)
    assert pairs(market, "assessed-by") == Counter((offered, publisher_called(name).id) for offered, name in assessed | clients)
    assert "org/microsoft" in resources(market, "organisation")


def test_ways_to_reach_people_are_never_kept(market: Reading, raw_market: Any) -> None:
    texts = [str(one) for one in market.records]
    assert not [text for text in texts if "redacted@" in text or "'redacted'" in text]
    mails = json.dumps(raw_market["Products"]).count("redacted@example.invalid")
    assert left(market)["A mail address within a text, which is not kept."] == mails == 29
    assert left(market)["Contact data (security_email), which is never kept."] == 642
    assert left(market)["Contact data (poc), which is never kept."] == 50


def test_an_offering_in_full(market: Reading) -> None:
    cloud = resources(market, "cloud-offering")[offering("F1607067912")]
    assert (cloud.notation, cloud.labels) == ("F1607067912", (Label(language="en", text="CG-TTS - Cloud.Gov"),))
    assert cloud.texts[0].text.startswith("Cloud.gov is designed and operated by US government workers")
    facts = {
        (one.predicate, one.value.text)
        for one in market.records
        if isinstance(one, Statement) and one.subject == cloud.id and one.value
    }
    assert facts == {
        ("authorisation-status", "FedRAMP Authorized"), ("impact-level", "Moderate"), ("service-model", "PaaS"),
        ("deployment-model", "Government Community Cloud"), ("url", "https://www.cloud.gov"), ("authorised-on", "2017-02-02"),
        ("status", "CG-TTS - Cloud.Gov previously became FedRAMP-Authorized by the Joint Authorization Board (JAB)."),
    }  # fmt: skip


# The documentation.

EDITION = "fedramp-20x/0.9.43-beta"


def demands(raw: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    """Every requirement by its id, with the path that it is for."""
    return {
        key: (path, value)
        for process in raw["FRR"].values()
        for path, groups in process["data"].items()
        for group in groups.values()
        for key, value in group.items()
    }


def indicators(raw: Any) -> dict[str, dict[str, Any]]:
    return {key: value for theme in raw["KSI"].values() for key, value in theme["indicators"].items()}


def test_what_the_documentation_holds_is_counted(documentation: Reading, raw: Any) -> None:
    assert documentation.found == {
        "definitions": 49, "processes": 11, "requirements": 163, "themes": 11, "indicators": 60, "controls of indicators": 474,
        "former identifiers": 294,
    }  # fmt: skip
    assert (len(demands(raw)), len(indicators(raw))) == (163, 60)
    assert source(documentation).id == "source/fedramp-20x/0.9.43-beta"
    assert source(documentation).labels == (Label(language="en", text="FedRAMP Machine-Readable Documentation"),)


def test_the_edition_lists_its_provisions_in_order(documentation: Reading, raw: Any) -> None:
    (edition,) = (one for one in documentation.records if isinstance(one, Edition) and one.id == EDITION)
    assert (edition.version, edition.issued, edition.framework) == ("0.9.43-beta", date(2026, 4, 8), "fedramp-20x")
    groups = {f"{key}-{name}" for key, process in raw["FRR"].items() for parts in process["data"].values() for name in parts}
    headings = [*raw["FRR"], *groups, *(theme["id"] for theme in raw["KSI"].values())]
    assert resources(documentation, "heading").keys() == {f"{EDITION}/{notation}" for notation in headings}
    assert len(headings) == len(set(headings)) == 52
    wanted = {f"{EDITION}/{key}" for key in (*demands(raw), *indicators(raw))}
    assert resources(documentation, "requirement").keys() == wanted
    assert len(edition.provisions) == len(headings) + 163 + 60
    order = [one for one in edition.provisions if one in wanted]
    assert order == [f"{EDITION}/{key}" for key in (*demands(raw), *indicators(raw))]
    (framework,) = (one for one in documentation.records if isinstance(one, Framework) and one.id == "fedramp-20x")
    assert framework.parent_link is ParentLink.GROUPING


def test_indicators_link_to_controls_without_a_relation(documentation: Reading, raw: Any) -> None:
    listed = [(key, control) for key, one in indicators(raw).items() for control in one.get("controls", [])]
    assert len(listed) == 474
    assert len({control for _, control in listed}) == 257
    assert pairs(documentation, "linked-to") == Counter(
        (f"{EDITION}/{key}", f"nist-sp-800-53/rev5/{control}") for key, control in listed
    )
    for one in stated(documentation, "linked-to"):
        assert one.mapping is not None
        assert (one.mapping.verbatim, one.mapping.status) == ("controls", MappingStatus.PUBLISHED)
        assert one.mapping.justification == SEMAPV + "UnspecifiedMatching"
        assert one.mapping.confidence is None
    (mapping_set,) = (one for one in documentation.records if isinstance(one, MappingSet))
    assert (mapping_set.rows, mapping_set.origin, mapping_set.stated_as) == (474, Origin.ORIGINAL, StatedAs.SOURCE_TO_TARGET)
    assert (mapping_set.subject_edition, mapping_set.object_edition) == (EDITION, "nist-sp-800-53/rev5")


def test_every_control_that_is_listed_is_in_the_catalogue(documentation: Reading) -> None:
    (catalogue,) = files("oscal-nist-800-53/rev5.0.1/NIST_SP-800-53_rev5_catalog.json")
    known: set[str] = set()
    waiting = [catalogue.document["catalog"]]
    while waiting:
        one = waiting.pop()
        known.add(str(one.get("id")))
        waiting += [*one.get("groups", ()), *one.get("controls", ())]
    assert {target.rpartition("/")[2] for _, target in pairs(documentation, "linked-to")} <= known


def test_former_identifiers_are_kept(documentation: Reading, raw: Any) -> None:
    everything = {**{key: one for key, (_, one) in demands(raw).items()}, **indicators(raw), **raw["FRD"]["data"]["both"]}
    wanted = {
        (f"{EDITION}/{key}", former)
        for key, one in everything.items()
        for former in [one.get("fka"), *one.get("fkas", [])]
        if former
    }
    assert pairs(documentation, "formerly-called") == Counter(wanted)
    assert (f"{EDITION}/KSI-AFR-ADS", "KSI-AFR-03") in wanted


def test_requirements_say_for_which_path_they_are(documentation: Reading, raw: Any) -> None:
    both = {"both": {"20x", "rev5"}, "20x": {"20x"}, "rev5": {"rev5"}}
    wanted = {(f"{EDITION}/{key}", path) for key, (word, _) in demands(raw).items() for path in both[word]}
    assert pairs(documentation, "in-implementation-group") == Counter(wanted)
    assert Counter(word for word, _ in demands(raw).values()) == {"both": 125, "20x": 34, "rev5": 4}


def test_terms_are_defined_and_used(documentation: Reading, raw: Any) -> None:
    defined = raw["FRD"]["data"]["both"]
    terms = resources(documentation, "term")
    assert {one.notation: one.labels[0].text for one in terms.values()} == {key: one["term"] for key, one in defined.items()}
    assert all(defined[one.notation]["definition"] in one.texts[0].text for one in terms.values() if one.notation)
    ids = {one["term"]: f"{EDITION}/{key}" for key, one in defined.items()}
    users = {**{key: one for key, (_, one) in demands(raw).items()}, **indicators(raw)}
    wanted = {(f"{EDITION}/{key}", ids[term]) for key, one in users.items() for term in one.get("terms", [])}
    assert pairs(documentation, "uses-term") == Counter(wanted)
    assert pairs(documentation, "defined-in") == Counter((one, EDITION) for one in terms)


def test_indicators_send_the_reader_to_the_process_of_that_name(documentation: Reading, raw: Any) -> None:
    ids = {one["info"]["name"]: f"{EDITION}/{one['info']['short_name']}" for one in raw["FRR"].values()}
    wanted = Counter((f"{EDITION}/{key}", ids[one["reference"]]) for key, one in indicators(raw).items() if "reference" in one)
    assert pairs(documentation, "see-also") == wanted
    assert len(wanted) == 10


def test_a_requirement_holds_all_of_its_wording(documentation: Reading, raw: Any) -> None:
    known = resources(documentation, "requirement")
    for key, one in {**{key: one for key, (_, one) in demands(raw).items()}, **indicators(raw)}.items():
        provision = known[f"{EDITION}/{key}"]
        assert (provision.notation, provision.labels) == (key, (Label(language="en", text=one["name"]),))
        text = provision.texts[0].text
        wording = [one.get("statement", ""), one.get("note", ""), *one.get("notes", []), *one.get("following_information", [])]
        assert all(part in text for part in wording)
        levels = one.get("varies_by_level", {})
        assert all(f"{level}: {said['statement']}" in text for level, said in levels.items())
    assert known[f"{EDITION}/KSI-AFR-ADS"].parent == f"{EDITION}/KSI-AFR"
    assert known[f"{EDITION}/ADS-CSO-PUB"].parent == f"{EDITION}/ADS-CSO"
    assert resources(documentation, "heading")[f"{EDITION}/ADS-CSO"].parent == f"{EDITION}/ADS"


def test_another_version_is_another_edition(raw: Any) -> None:
    changed = json.dumps({**raw, "info": {**raw["info"], "version": "1.0.0"}})
    reading = fedramp_20x.FORMAT.read((File("FRMR.documentation.json", changed.encode()),))
    assert reading.faults == []
    assert source(reading).id == "source/fedramp-20x/1.0.0"
    assert {one.id for one in reading.records if isinstance(one, Edition)} == {"fedramp-20x/1.0.0", "nist-sp-800-53/rev5"}
    assert next(one for one in reading.records if isinstance(one, MappingSet)).id == "mapping-set/fedramp-20x/1.0.0"


def test_each_file_is_recognised_by_its_own_format_alone() -> None:
    everything = files()
    assert [one.name for one in everything if fedramp_marketplace.FORMAT.recognises(one)] == [MARKET]
    assert [one.name for one in everything if fedramp_20x.FORMAT.recognises(one)] == [DOCUMENTATION]
