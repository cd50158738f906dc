"""Competency questions 11 to 24, each over HTTP, in Japanese and in English, with the answer that the facts since 2020 give."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from kakehashi.pipeline.inputs import packaged
from kakehashi.pipeline.load import load
from kakehashi.vocabulary.text import LANGUAGES
from tests.competency.test_questions import names, stated, values
from tests.support.corpus import corpus
from tests.support.making import build, maker_at
from tests.support.server import Client, serving

LEAFLET: Final = "source/leaflet-2020-01"
OURS: Final = {"minAuthority": "INFERRED"}
"""A view that takes in our own readings, which most of what was found since the leaflet rests on in part."""

both_languages = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def wider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The default release with the published mappings of ISO/IEC 27001, CSF, CIS Controls and ATT&CK on top."""
    folders = [corpus(one) for one in ("ciso-assistant", "prowler", "ctid-mappings-explorer")]
    root = tmp_path_factory.mktemp("wider") / "home"
    build(root, packaged())
    load(maker_at(root), folders)
    with serving(root) as client:
        yield client


def known(client: Client, language: str, identifier: str) -> str:
    """The name of a resource in a language; a fallback is none."""
    query = "query($id: ID!, $lang: [String!]) { resource(id: $id) { prefLabel(lang: $lang) { value isFallback } } }"
    label = client.ask(query, language, id=identifier, lang=[language])["resource"]["prefLabel"]
    assert not label["isFallback"]
    return str(label["value"])


def certainties(client: Client, language: str, identifier: str, predicate: str) -> dict[str, str]:
    """The objects of one predicate by id, with how sure each is."""
    return {node["object"]["id"]: node["certainty"] for node in stated(client, language, identifier, predicate)}


CHANGES = """
query Changes($source: ID!, $view: ViewInput, $lang: [String!], $after: String) {
  changes(source: $source, view: $view, first: 100, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes {
      thing { id prefLabel(lang: $lang) { isFallback } } kind date effect(lang: $lang) { value isFallback }
      other { id prefLabel(lang: $lang) { isFallback } } statement { certainty authority source { id } }
    }
  }
}"""


def changes(client: Client, language: str) -> list[dict[str, Any]]:
    """What became of what the leaflet names."""
    after, found = None, []
    while True:
        page = client.ask(CHANGES, language, source=LEAFLET, view=OURS, lang=[language], after=after)["changes"]
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found


ENDED: Final = {
    "off-eu-us-privacy-shield": ("2020-07-16", {"ja": "無効", "en": "invalid"}, "VERIFIED"),
    "iso-27018": ("2025", {"ja": "置き換え", "en": "replaced"}, "VERIFIED"),
    "iso-27701": ("2025-10", {"ja": "置き換え", "en": "replaced"}, "VERIFIED"),
    "off-iso-27001": ("2025-10-31", {"ja": "失効", "en": "lapsed"}, "VERIFIED"),
    "off-fips-140-2": ("2026-09-21", {"ja": "廃止", "en": "withdrawn"}, "VERIFIED"),
    "off-mars-e": ("2025-03", {"ja": "置き換え", "en": "replaced"}, "VERIFIED"),
    "off-nist-csf": ("2024-02-26", {"ja": "置き換え", "en": "replaced"}, "VERIFIED"),
    "off-pci-dss": ("2024-03-31", {"ja": "廃止", "en": "withdrawn"}, "SECONDARY"),
    "off-cyber-essentials-plus": ("2020-07-07", {"ja": "訂正", "en": "corrected"}, "VERIFIED"),
    "cloud-policy-2018": ("2022-12-28", {"ja": "置き換え", "en": "replaced"}, "UNVERIFIED"),
    "appi-qa-5-33": ("2022", {"ja": "番号変更", "en": "renumbered"}, "UNVERIFIED"),
}
RENAMED: Final = {
    "windows-defender": ("microsoft/defender-antivirus", "2020"),
    "windows-defender-atp": ("microsoft/defender-for-endpoint", "2020-09"),
    "office-365-atp": ("microsoft/defender-for-office-365", "2020-09"),
    "cloud-app-security": ("microsoft/defender-for-cloud-apps", "2021-11"),
    "azure-information-protection": ("microsoft/purview-information-protection", "2022-04"),
    "azure-ad-conditional-access": ("microsoft/entra-conditional-access", "2023"),
    "azure-ad-identity-protection": ("microsoft/entra-id-protection", "2023"),
    "azure-ad": ("microsoft/entra-id", "2023-08-15"),
}


@both_languages
def test_11_what_of_the_leaflet_no_longer_holds_why_and_since_when(client: Client, language: str) -> None:
    found = changes(client, language)
    events = {
        (one["thing"]["id"], one["date"], one["effect"]["value"], one["statement"]["certainty"])
        for one in found
        if one["kind"] == "EVENT" and one["effect"]
    }
    assert {(thing, date, word[language], certainty) for thing, (date, word, certainty) in ENDED.items()} <= events
    assert {one["thing"]["id"]: (one["other"]["id"], one["date"]) for one in found if one["kind"] == "RENAMED"} == RENAMED
    assert {one["thing"]["id"]: one["other"]["id"] for one in found if one["kind"] == "RENUMBERED"} == {
        "appi-qa-5-33": "appi-qa-7-53", "appi-qa-5-34": "appi-qa-7-54",
    }  # fmt: skip
    replaced = {(one["thing"]["id"], one["other"]["id"]) for one in found if one["kind"] == "REPLACED"}
    assert {("off-eu-us-privacy-shield", "eu-us-dpf"), ("guideline-r1-12", "guideline-r3-5")} <= replaced
    assert ("cloud-assessment-scheme", "ismap") in {(one["thing"]["id"], one["other"]["id"]) for one in found}


@both_languages
def test_11_every_change_has_evidence_and_names_in_the_language_and_comes_in_order(client: Client, language: str) -> None:
    found = changes(client, language)
    assert [one["date"] for one in found] == sorted((one["date"] for one in found), key=lambda day: day or "~")
    for one in found:
        labels = [one["thing"]["prefLabel"], one["other"]["prefLabel"], *([one["effect"]] if one["effect"] else [])]
        assert not any(label["isFallback"] for label in labels)
        assert one["statement"]["source"]["id"] != LEAFLET


ACCESS = """
query Access($id: ID!, $lang: [String!]) {
  resource(id: $id) {
    statements(first: 20, predicate: "classified-as") { nodes { certainty object { notation prefLabel(lang: $lang) { isFallback }
      statements(first: 20, predicate: "requires") { nodes { certainty object { id prefLabel(lang: $lang) { isFallback }
        who: statements(first: 20, predicate: "applies-to") { nodes { object { prefLabel(lang: $lang) { value } } } }
        how: statements(first: 20, predicate: "includes") { nodes { certainty object { id prefLabel(lang: $lang) { value } } } }
      } } }
    } } }
  }
}"""


@both_languages
def test_12_what_staff_access_to_grades_needs(client: Client, language: str) -> None:
    (grade,) = client.ask(ACCESS, language, id="information/grade-results", lang=[language])["resource"]["statements"]["nodes"]
    assert (grade["certainty"], grade["object"]["notation"]) == ("VERIFIED", "II")
    (needed,) = grade["object"]["statements"]["nodes"]
    assert (needed["certainty"], needed["object"]["id"]) == ("VERIFIED", "guideline-r7-3/strong-access-control")
    staff = {"ja": "教職員", "en": "School staff"}
    assert [one["object"]["prefLabel"]["value"] for one in needed["object"]["who"]["nodes"]] == [staff[language]]
    how = {one["object"]["id"]: one for one in needed["object"]["how"]["nodes"]}
    assert {identifier for identifier, one in how.items() if one["certainty"] == "VERIFIED"} == {"tech-mfa"}
    mfa = {"ja": "多要素認証", "en": "Multi-factor authentication"}
    assert how["tech-mfa"]["object"]["prefLabel"]["value"] == mfa[language]
    assert {one["certainty"] for identifier, one in how.items() if identifier != "tech-mfa"} == {"UNVERIFIED"}


CROSSWALK = """
query Crosswalk($source: ID!, $target: ID!, $view: ViewInput, $maxHops: Int!, $lang: [String!]) {
  crosswalk(source: $source, target: $target, view: $view, maxHops: $maxHops, include: [CERTAIN]) {
    summary { certain candidates unmappedSource unmappedTarget }
    nothingFound { reason explanation(lang: $lang) { language isFallback } }
    unmappedSource { nodes { id prefLabel(lang: $lang) { isFallback } } }
    rows {
      nodes {
        source { id prefLabel(lang: $lang) { value isFallback } } target { id prefLabel(lang: $lang) { value isFallback } }
        relation { relations }
        proof { authority chains { statement { mapping { rationale(lang: $lang) { value isFallback } } } } }
      }
    }
  }
}"""


def crosswalk(client: Client, language: str, ends: tuple[str, str], hops: int = 1, least: str = "INFERRED") -> Any:
    variables = {"source": ends[0], "target": ends[1], "view": {"minAuthority": least}, "maxHops": hops, "lang": [language]}
    return client.ask(CROSSWALK, language, **variables)["crosswalk"]


def pairs(found: Any) -> set[tuple[str, str]]:
    """The certain rows as last parts of ids."""
    return {(one["source"]["id"].rpartition("/")[2], one["target"]["id"].rpartition("/")[2]) for one in found["rows"]["nodes"]}


def in_language(found: Any) -> bool:
    """Whether ends and reasons of all rows are in the language asked for."""
    return not any(
        label["isFallback"]
        for row in found["rows"]["nodes"]
        for label in (
            row["source"]["prefLabel"],
            row["target"]["prefLabel"],
            *(step["statement"]["mapping"]["rationale"] for chain in row["proof"]["chains"] for step in chain),
        )
    )


CLOUD: Final = ("guideline-r1-12", "guideline-r7-3")


@both_languages
def test_13_the_cloud_clause_of_2019_in_the_edition_of_2025(client: Client, language: str) -> None:
    found = crosswalk(client, language, CLOUD)
    assert pairs(found) == {("1.9", "9"), ("1.9", "9.1"), ("1.9", "9.3"), ("1.9.3", "9.2")}
    assert in_language(found)
    assert {row["proof"]["authority"] for row in found["rows"]["nodes"]} == {"INFERRED"}
    assert pairs(crosswalk(client, language, CLOUD, least="VENDOR")) == set()
    title = {"ja": "SaaS型パブリッククラウドサービスの利用", "en": "Use of SaaS-type public cloud services"}
    assert known(client, language, "guideline-r7-3/9") == title[language]


SECTOR = """
query Sector($id: ID!, $lang: [String!]) {
  resource(id: $id) {
    statements(direction: IN, predicate: "applies-to-sector") {
      nodes { certainty subject { id prefLabel(lang: $lang) { value isFallback } } }
    }
  }
}"""


@both_languages
def test_14_the_law_by_sector(client: Client, language: str) -> None:
    def applies(sector: str) -> dict[str, str]:
        nodes = client.ask(SECTOR, language, id=f"sector/{sector}", lang=[language])["resource"]["statements"]["nodes"]
        assert not any(node["subject"]["prefLabel"]["isFallback"] for node in nodes)
        return {node["subject"]["id"]: node["certainty"] for node in nodes}

    public, private = applies("public-school-board"), applies("private-school")
    assert public == {
        "appi/chapter-5": "VERIFIED", "appi-qa-public-sector": "VERIFIED", "appi/since-2022/art-66": "UNVERIFIED",
        "appi/since-2022/art-69": "UNVERIFIED",
    }  # fmt: skip
    assert private == applies("business")
    assert {one for one, certainty in private.items() if certainty == "VERIFIED"} == {
        "appi/chapter-4", "appi/external-environment",
    }  # fmt: skip
    assert {"appi-qa-7-53", "appi/since-2022/art-25", "appi/since-2022/art-27", "appi/since-2022/art-28"} <= set(private)
    assert not public.keys() & private.keys()
    assert values(client, language, "appi/chapter-5", "valid-from") == ["2023-04-01"]
    articles = {
        old: names(client, language, f"appi/before-2022/art-{old}", "renumbered-as").keys() for old in ("20", "22", "23", "26")
    }
    assert articles == {old: {f"appi/since-2022/art-{new}"} for old, new in (("20", 23), ("22", 25), ("23", 27), ("26", 30))}


ALERTS = """
query Alerts($id: ID!, $lang: [String!]) {
  resource(id: $id) {
    statements(first: 20, predicate: "renumbered-as") { nodes { certainty object { id prefLabel(lang: $lang) { value }
      statements(first: 20, direction: IN, predicate: "interprets") { nodes { certainty subject {
        id prefLabel(lang: $lang) { isFallback }
        dates: statements(first: 20, predicate: "date") { nodes { certainty value { text } } }
        effects: statements(first: 20, predicate: "status") { nodes { value { text language } } }
      } } }
    } } }
  }
}"""


@both_languages
def test_15_the_present_number_of_the_answer_and_the_alerts_on_it(client: Client, language: str) -> None:
    (moved,) = client.ask(ALERTS, language, id="appi-qa-5-33", lang=[language])["resource"]["statements"]["nodes"]
    name = {"ja": "個情法Q&A 7-53", "en": "APPI Q&A 7-53"}
    assert (moved["certainty"], moved["object"]["prefLabel"]["value"]) == ("VERIFIED", name[language])
    alerts = moved["object"]["statements"]["nodes"]
    days = {one["subject"]["dates"]["nodes"][0]["value"]["text"] for one in alerts}
    assert days == {"2024-03-25", "2024-06-17"}
    for one in alerts:
        (day,) = one["subject"]["dates"]["nodes"]
        assert (one["certainty"], day["certainty"]) == ("VERIFIED", "UNVERIFIED")
        assert not one["subject"]["prefLabel"]["isFallback"]


CERTIFICATIONS = """
query Certifications($holder: ID!, $schemes: [ID!], $view: ViewInput, $lang: [String!]) {
  certifications(holder: $holder, schemes: $schemes, view: $view) {
    scheme { id } outcome explanation(lang: $lang) { value language isFallback }
    lists { listedAsOf resource { id prefLabel(lang: $lang) { value isFallback } } sources { id } }
    certificates {
      resource { notation } editions { id } validFrom validTo lapsesOn inForce statements { certainty source { id } }
    }
  }
}"""
ASKED: Final = ["ismap", "iso-27017", "iso-27018", "iso-27701"]
AS_OF: Final = {"asOf": "2026-11-24"}


def certifications(client: Client, language: str, holder: str, schemes: list[str] | None = None) -> dict[str, Any]:
    asked = schemes or ASKED
    found = client.ask(CERTIFICATIONS, language, holder=holder, schemes=asked, view=AS_OF, lang=[language])["certifications"]
    assert all(one["explanation"]["language"] == language for one in found)
    return {one["scheme"]["id"]: one for one in found}


@both_languages
def test_16_without_the_lists_nobody_can_say_and_the_answer_names_them(client: Client, language: str) -> None:
    found = certifications(client, language, "office-365")
    assert {scheme: one["outcome"] for scheme, one in found.items()} == dict.fromkeys(ASKED, "NOT_LOADED")
    assert [one["resource"]["id"] for one in found["ismap"]["lists"]] == ["ismap-service-list"]
    for one in found.values():
        assert one["lists"]
        for named in one["lists"]:
            assert (named["listedAsOf"], named["sources"]) == (None, [])
            assert not named["resource"]["prefLabel"]["isFallback"]
            assert named["resource"]["prefLabel"]["value"] in one["explanation"]["value"]


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The default release, with a whole list of registrations of one day, and a few certificates of one provider."""
    root = tmp_path_factory.mktemp("listed")
    build(root / "home", packaged())
    report = load(maker_at(root / "home"), [_lists(root / "lists")])
    assert not report.refused
    with serving(root / "home") as client:
        yield client


def _lists(folder: Path) -> Path:
    folder.mkdir()
    (folder / "source.yaml").write_text(
        "id: source/lists\nja: 登録と認証の写し\nen: Copies of registrations and certificates\nauthority: official\n"
        "redistribution: local-only\nrights: example\n", "utf-8",
    )  # fmt: skip
    (folder / "entities").mkdir()
    day = "{predicate: %s, value: '%s', certainty: verified}"
    entries = {
        "ismap-service-list": ("document", "ISMAPクラウドサービスリスト", [("listed-as-of", "2026-11-01")]),
        "cert/c-1": ("issued-certificate", "C-1", [("valid-from", "2025-04-01"), ("valid-to", "2027-03-31")]),
        "cert/c-2": ("issued-certificate", "C-2", [("valid-from", "2023-01-10"), ("valid-to", "2026-01-09")]),
        "cert/c-3": ("issued-certificate", "C-3", [("valid-from", "2024-01-10"), ("valid-to", "2027-01-09")]),
    }
    lines = [
        f"- id: {name}\n  kind: {kind}\n  ja: {label}\n  en: {label}\n  notation: {label}\n  facts:\n"
        + "".join(f"  - {day % fact}\n" for fact in facts)
        for name, (kind, label, facts) in entries.items()
    ]
    (folder / "entities" / "lists.yaml").write_text("".join(lines), "utf-8")
    rows = [
        ("cert/c-1", "granted-to", "ms-azure"), ("cert/c-1", "granted-under", "ismap"),
        ("cert/c-2", "granted-to", "ms-azure"), ("cert/c-2", "certifies-to", "iso-27018/2019"),
        ("cert/c-3", "granted-to", "ms-azure"), ("cert/c-3", "certifies-to", "iso-27001/2013"),
    ]  # fmt: skip
    header = "subject\tpredicate\tobject\tsection\tcertainty\tnature\tconfidence\tnote\n"
    (folder / "relations.tsv").write_text(
        header + "".join(f"{a}\t{b}\t{c}\t\tverified\treport\t\t\n" for a, b, c in rows), "utf-8"
    )
    return folder


@both_languages
def test_16_with_the_list_the_answer_is_who_is_on_it_and_who_is_not(listed: Client, language: str) -> None:
    azure, office = (certifications(listed, language, one)["ismap"] for one in ("ms-azure", "office-365"))
    assert (azure["outcome"], office["outcome"]) == ("LISTED", "NOT_LISTED")
    (registration,) = azure["certificates"]
    assert (registration["resource"]["notation"], registration["validTo"], registration["inForce"]) == ("C-1", "2027-03-31", True)
    assert {one["source"]["id"] for one in registration["statements"]} == {"source/lists"}
    assert [(one["listedAsOf"], [source["id"] for source in one["sources"]]) for one in office["lists"]] == [
        ("2026-11-01", ["source/lists"])
    ]
    assert "2026-11-01" in office["explanation"]["value"]


@both_languages
def test_16_certificates_come_with_editions_and_dates_and_others_stay_unknown(listed: Client, language: str) -> None:
    found = certifications(listed, language, "ms-azure", [*ASKED, "iso-27001"])
    (lapsed,) = found["iso-27018"]["certificates"]
    assert [one["id"] for one in lapsed["editions"]] == ["iso-27018/2019"]
    assert (lapsed["validFrom"], lapsed["validTo"], lapsed["inForce"]) == ("2023-01-10", "2026-01-09", False)
    (former,) = found["iso-27001"]["certificates"]
    assert (former["validTo"], former["lapsesOn"], former["inForce"]) == ("2027-01-09", "2025-10-31", False)
    assert {found[scheme]["outcome"] for scheme in ("iso-27017", "iso-27701")} == {"NOT_LOADED"}
    assert certifications(listed, language, "office-365")["iso-27018"]["outcome"] == "NOT_LOADED"


@pytest.mark.parametrize(
    ("language", "words"),
    [("ja", ("製品でも組織でもありません", "規格でもありません")), ("en", ("neither a product", "neither a cert"))],
)
def test_16_what_can_have_no_certificate_is_refused(client: Client, language: str, words: tuple[str, str]) -> None:
    for variables, word in (({"holder": "nobody"}, words[0]), ({"holder": "ms-azure", "schemes": ["rev-1"]}, words[1])):
        (error,) = client.graphql(CERTIFICATIONS, language, **variables)["errors"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert word in error["message"]


CERTIFICATE = """
query Certificate($lang: [String!]) {
  resource(id: "iso-27001/2013") {
    ... on Edition { replacedBy { id issued prefLabel(lang: $lang) { value } } }
    statements(predicate: "certificates-lapse-on") { nodes { certainty value { text datatype } note } }
  }
}"""


@both_languages
def test_17_a_certificate_of_2013_shown_now(client: Client, language: str) -> None:
    edition = client.ask(CERTIFICATE, language, lang=[language])["resource"]
    (lapse,) = edition["statements"]["nodes"]
    assert (lapse["value"]["text"], lapse["certainty"]) == ("2025-10-31", "VERIFIED")
    assert lapse["value"]["datatype"].endswith("#date")
    assert edition["replacedBy"] == {
        "id": "iso-27001/2022", "issued": "2022-10-25", "prefLabel": {"value": "ISO/IEC 27001:2022"},
    }  # fmt: skip


CLD: Final = {
    "cld.6.3.1": {"5.2", "5.20", "5.23"},
    "cld.8.1.5": {"5.11", "5.23", "8.10"},
    "cld.9.5.1": {"8.3", "8.22", "8.31"},
    "cld.9.5.2": {"8.7", "8.9", "8.19"},
    "cld.12.1.5": {"5.37", "8.2"},
    "cld.12.4.5": {"5.22", "8.15", "8.16"},
    "cld.13.1.4": {"8.9", "8.20", "8.22"},
}


@both_languages
def test_18_cloud_controls_and_the_controls_of_2022(client: Client, language: str) -> None:
    found = crosswalk(client, language, ("iso-27017/2015", "iso-27002/2022"))
    assert pairs(found) == {(clause, control) for clause, controls in CLD.items() for control in controls}
    assert found["summary"]["unmappedSource"] == 0
    assert in_language(found)
    assert {row["proof"]["authority"] for row in found["rows"]["nodes"]} == {"INFERRED"}


NAMES = """
query Names($id: ID!, $lang: [String!]) {
  resource(id: $id) {
    statements(predicate: "has-name") { nodes { certainty object {
      prefLabel(lang: $lang) { value isFallback } statements { nodes { predicate value { text } } }
    } } }
  }
}"""


@both_languages
@pytest.mark.parametrize("product", ["windows-defender-atp", "microsoft/defender-for-endpoint"])
def test_19_the_present_name_and_the_history_of_names(client: Client, product: str, language: str) -> None:
    found = []
    for node in client.ask(NAMES, language, id=product, lang=[language])["resource"]["statements"]["nodes"]:
        facts = {one["predicate"]: one["value"]["text"] for one in node["object"]["statements"]["nodes"]}
        assert node["certainty"] == "VERIFIED"
        assert not node["object"]["prefLabel"]["isFallback"]
        found.append((int(facts["order"]), node["object"]["prefLabel"]["value"], facts.get("valid-from"), facts.get("valid-to")))
    assert sorted(found) == [
        (1, "Windows Defender ATP", None, "2019-03"),
        (2, "Microsoft Defender ATP", "2019-03", "2020-09"),
        (3, "Microsoft Defender for Endpoint", "2020-09", None),
    ]


@both_languages
def test_20_the_infected_device_is_not_detected_any_more_and_what_takes_its_place(client: Client, language: str) -> None:
    assert stated(client, language, "risk-infected-device", "detected-today-as") == []
    former = {"ja": "マルウェアに関連するIPアドレス（以前の検出）", "en": "Malware-linked IP address (former detection)"}
    assert names(client, language, "risk-infected-device", "formerly-detected-as") == {
        "microsoft/risk-event/malwareInfectedIPAddress": former[language]
    }
    replaced = names(client, language, "risk-infected-device", "superseded-by")
    assert set(replaced) == {
        "microsoft/ca/grant/compliant-device", "microsoft/cap/endpoint-device-risk", "microsoft/risk-event/maliciousIPAddress",
    }  # fmt: skip
    malicious = {"ja": "悪意のあるIPアドレス", "en": "Malicious IP address"}
    assert replaced["microsoft/risk-event/maliciousIPAddress"] == malicious[language]
    assert set(certainties(client, language, "risk-infected-device", "superseded-by").values()) == {"INFERRED"}
    (gone,) = (
        one for one in changes(client, language) if one["thing"]["id"] == "risk-infected-device" and one["kind"] == "EVENT"
    )
    assert (gone["date"], gone["statement"]["certainty"]) == ("2026-03-17", "VERIFIED")
    assert len(names(client, language, "risk-anonymous-ip", "detected-today-as")) == 2


EVIDENCE = """
query Evidence($given: GivenInput, $view: ViewInput, $lang: [String!]) {
  threat(id: "mitre-attack/16.1/T1566", given: $given, view: $view) {
    threat { prefLabel(lang: $lang) { value isFallback } }
    measures {
      category score authority control { id prefLabel(lang: $lang) { isFallback } } hadBy { subject { id } }
      statement { source { id } }
    }
  }
}"""
PRODUCTS: Final = (
    "azure-ad", "azure-ad-conditional-access", "azure-ad-identity-protection", "azure-information-protection",
    "cloud-app-security", "office-365-atp", "windows-defender", "windows-defender-atp", "windows-ti",
)  # fmt: skip
T1566: Final = {
    ("office-365-atp", "DEF-AAPH-E5", "PROTECT", "partial"),
    ("office-365-atp", "DEF-AAPH-E5", "DETECT", "partial"),
    ("office-365-atp", "DEF-AAPH-E5", "RESPOND", "partial"),
    ("office-365-atp", "DEF-SATT-E3", "DETECT", "significant"),
    ("office-365-atp", "DEF-SATT-E3", "RESPOND", "significant"),
    ("office-365-atp", "DEF-SLNK-E3", "DETECT", "significant"),
    ("office-365-atp", "DEF-ZHAP-E3", "RESPOND", "significant"),
    ("azure-ad", "EID-MFA-E3", "PROTECT", "partial"),
    ("windows-ti", "DEF-AIR-E5", "RESPOND", "significant"),
    ("windows-ti", "DEF-ATH-E5", "DETECT", "significant"),
    ("windows-ti", "DEF-IR-E5", "RESPOND", "minimal"),
}
"""The rows on T1566 of domain/ctid_leaflet_links.csv that are of products."""
WHOLE_T1566: Final = T1566 | {
    ("cloud-app-security", "DEF-APGV-E5", "DETECT", "significant"),
    ("office-365-atp", "DEF-SIMT-E5", "DETECT", "partial"),
    ("office-365-atp", "DEF-SIMT-E5", "RESPOND", "partial"),
    ("office-365-atp", "DEF-THEX-E5", "DETECT", "partial"),
}
"""With the whole of CTID's mapping: capabilities that today's products have besides."""


def evidence(client: Client, language: str) -> set[tuple[str, str, str, str]]:
    given = {"products": list(PRODUCTS)}
    threat = client.ask(EVIDENCE, language, given=given, view=OURS, lang=[language])["threat"]
    name = {"ja": "フィッシング", "en": "Phishing"}
    assert threat["threat"]["prefLabel"] == {"value": name[language], "isFallback": False}
    assert {one["authority"] for one in threat["measures"]} == {"THIRD_PARTY"}
    assert all(one["statement"]["source"]["id"].startswith("source/ctid/m365-attack-enterprise/") for one in threat["measures"])
    return {
        (one["hadBy"][0]["subject"]["id"], one["control"]["id"].rpartition("/")[2], one["category"], one["score"])
        for one in threat["measures"]
    }


@both_languages
def test_21_which_products_have_public_evidence_against_phishing(client: Client, language: str) -> None:
    found = evidence(client, language)
    assert found == T1566
    assert not any(product.startswith("windows-defender") for product, *_ in found)


@both_languages
def test_21_with_the_whole_of_the_public_mapping(wider: Client, language: str) -> None:
    assert evidence(wider, language) == WHOLE_T1566


MEASURES: Final = "leaflet-security-measures/2020-01"


@both_languages
def test_22_without_the_frameworks_the_answer_is_that_they_are_not_loaded(client: Client, language: str) -> None:
    for target in ("cis-controls/8.1", "nist-csf/2.0"):
        found = crosswalk(client, language, (MEASURES, target), 3)
        assert found["nothingFound"]["reason"] == "NO_PROVISIONS"
        assert found["nothingFound"]["explanation"] == {"language": language, "isFallback": False}


@both_languages
@pytest.mark.parametrize(
    ("target", "hops", "alone"),
    [
        ("nist-csf/2.0", 2, {"ms-ops-04", "ms-ops-08", "ms-08", "ms-24", "ms-32", "ms-34", "ms-35", "ms-36"}),
        ("nist-csf/2.0", 3, {"ms-ops-04"}),
        ("cis-controls/8.1", 3, {"ms-ops-04", "ms-ops-05"}),
    ],
)
def test_22_the_measures_without_a_counterpart(wider: Client, language: str, target: str, hops: int, alone: set[str]) -> None:
    found = crosswalk(wider, language, (MEASURES, target), hops)
    assert {one["id"] for one in found["unmappedSource"]["nodes"]} == alone
    assert not any(one["prefLabel"]["isFallback"] for one in found["unmappedSource"]["nodes"])
    assert found["summary"]["candidates"] > 0


@both_languages
def test_22_every_measure_has_a_function_of_csf_2_0_by_our_reading(client: Client, language: str) -> None:
    query = """query($after: String) { resources(kind: ["measure"], first: 100, after: $after) {
      nodes { id statements(predicate: "serves-function") { nodes { certainty object { id } } } } } }"""
    measures = client.ask(query, language)["resources"]["nodes"]
    assert len(measures) == 55
    for one in measures:
        served = [node for node in one["statements"]["nodes"] if node["object"]["id"].startswith("nist-csf/2.0/")]
        assert [node["certainty"] for node in served] == ["INFERRED"]


CHECKS = """
query Checks($lang: [String!]) {
  resource(id: "model-zero-trust") {
    statements(predicate: "checks-each-access") { nodes { object { id prefLabel(lang: $lang) { isFallback }
      statements(predicate: "realised-by") {
        nodes { certainty authority object { id kind prefLabel(lang: $lang) { value isFallback } } }
      }
    } } }
  }
}"""


@both_languages
def test_23_the_four_checks_at_each_access_and_what_realises_them(client: Client, language: str) -> None:
    checks = client.ask(CHECKS, language, lang=[language])["resource"]["statements"]["nodes"]
    links = {node["object"]["id"]: node["object"]["statements"]["nodes"] for node in checks}
    assert not any(one["object"]["prefLabel"]["isFallback"] for found in links.values() for one in found)
    assert {(one["certainty"], one["authority"]) for found in links.values() for one in found} == {("INFERRED", "INFERRED")}
    in_access = {
        check: {one["object"]["id"].removeprefix("microsoft/ca/") for one in found if one["object"]["kind"].startswith("ca-")}
        for check, found in links.items()
    }
    assert in_access == {
        "zt-check-1": {"grant/compliant-device", "grant/hybrid-joined-device", "condition/filter-for-devices"},
        "zt-check-2": {"grant/compliant-device"},
        "zt-check-3": {"grant/compliant-device"},
        "zt-check-4": {"condition/user-risk", "grant/password-change", "grant/risk-remediation", "grant/mfa"},
    }
    (mfa,) = (one for one in links["zt-check-4"] if one["object"]["id"].endswith("/mfa"))
    name = {"ja": "多要素認証を要求", "en": "Require multifactor authentication"}
    assert mfa["object"]["prefLabel"]["value"] == name[language]


CLAUSE = """
query Clause($lang: [String!]) {
  resource(id: "procurement-clause-2026") {
    about: statements(predicate: "about") { nodes { object { id
      accepted: statements(predicate: "accepts-any-of") { nodes { object { id } } } } } }
    recommends: statements(predicate: "recommends") {
      nodes { certainty note object { id prefLabel(lang: $lang) { isFallback } } }
    }
    reasons: statements(predicate: "motivated-by") { nodes { object { id prefLabel(lang: $lang) { isFallback }
      affects: statements(predicate: "affects") { nodes { certainty object { id } } }
      effect: statements(predicate: "effect") { nodes { value { text language } } } } } }
  }
}"""


@both_languages
def test_24_a_procurement_clause_of_2020_in_2026(client: Client, language: str) -> None:
    clause = client.ask(CLAUSE, language, lang=[language])["resource"]
    (former,) = clause["about"]["nodes"]
    assert {one["object"]["id"] for one in former["object"]["accepted"]["nodes"]} == {"cs-gold-mark", "fedramp", "iso-27017-cert"}
    recommended = {one["object"]["id"]: one for one in clause["recommends"]["nodes"]}
    assert set(recommended) == {"ismap", "ismap-liu", "iso-27017-cert"}
    assert all(one["note"] and one["certainty"] == "INFERRED" for one in recommended.values())
    reasons = {one["object"]["id"].removeprefix("since-2020/"): one["object"] for one in clause["reasons"]["nodes"]}
    assert set(reasons) == {
        "ismap-operation", "cs-mark-pages-stand", "fedramp-certification", "fedramp-20x", "iso-27001-2013-lapsed",
        "cloud-policy-replaced",
    }  # fmt: skip
    for reason in reasons.values():
        assert reason["affects"]["nodes"]
        assert not reason["prefLabel"]["isFallback"]
        assert {one["value"]["language"] for one in reason["effect"]["nodes"]} == set(LANGUAGES)
    (text,) = values(client, language, "procurement-clause-2026", "content")
    assert "ISMAP" in text
    assert ("参考資料" if language == "ja" else "supporting evidence") in text
