"""What the leaflet claims of products against what CTID maps of them, served as findings over HTTP in ja and en."""

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, Final

import pytest

from kakehashi.pipeline.inputs import packaged
from kakehashi.pipeline.load import load
from kakehashi.vocabulary.text import LANGUAGES
from tests.support.making import build, maker_at
from tests.support.server import Client, serving

EXCERPT: Final = "mapping-set/ctid-m365-attack-enterprise/2025-07-18-excerpt-attack-16.1"
THREE: Final = {
    ("cap-o365atp-links", "PROTECT"): {"DETECT": 6},
    ("cap-cas-respond", "RESPOND"): {"PROTECT": 18, "DETECT": 57},
    ("cap-aip-revoke", "RESPOND"): {"PROTECT": 9, "DETECT": 6},
}
"""facts.md, section 7: Safe Links, Cloud App Security, Azure Information Protection."""
UNMAPPED: Final = {("cap-wd-protect", "PROTECT"), ("cap-wdatp-detect", "DETECT")}

FINDINGS: Final = """
query Claims($kinds: [MappingFindingKind!], $least: Authority, $lang: [String!]) {
  mappingFindings(kinds: $kinds, view: {minAuthority: $least}) {
    nodes {
      kind severity title(lang: $lang) { language } remedy(lang: $lang) { language }
      explanation(lang: $lang) { value language isFallback }
      mappingSets { id }
      claim {
        category capability { id prefLabel(lang: $lang) { language isFallback } }
        statement { certainty authority source { id } }
        mapped { category rows statements(first: 100) { nodes { predicate authority source { id } subject { id } } } }
        links { predicate certainty object { id } }
      }
    }
  }
}"""

both_languages = pytest.mark.parametrize("language", LANGUAGES)


def claims(client: Client, language: str, kind: str, least: str = "INFERRED") -> dict[tuple[str, str], dict[str, Any]]:
    """The findings of a kind by capability and category."""
    nodes = client.ask(FINDINGS, language, kinds=[kind], least=least, lang=[language])["mappingFindings"]["nodes"]
    return {(one["claim"]["capability"]["id"], one["claim"]["category"]): one for one in nodes}


@both_languages
def test_the_three_disagreements_of_the_leaflet_and_the_public_mapping(client: Client, language: str) -> None:
    found = claims(client, language, "CLAIM_NOT_MAPPED")
    assert {key: {one["category"]: one["rows"] for one in finding["claim"]["mapped"]} for key, finding in found.items()} == THREE
    for finding in found.values():
        assert finding["severity"] == "WARNING"
        assert {finding[text]["language"] for text in ("title", "remedy", "explanation")} == {language}
        assert finding["claim"]["capability"]["prefLabel"] == {"language": language, "isFallback": False}
        assert [one["id"] for one in finding["mappingSets"]] == [EXCERPT]


@both_languages
def test_both_sides_are_there_with_their_statements(client: Client, language: str) -> None:
    predicates = {"PROTECT": "protects-against", "DETECT": "detects-technique", "RESPOND": "responds-to-technique"}
    for finding in claims(client, language, "CLAIM_NOT_MAPPED").values():
        claim = finding["claim"]
        assert claim["statement"]["source"]["id"] == "source/leaflet-2020-01"
        named = {link["object"]["id"] for link in claim["links"]}
        assert {(link["predicate"], link["certainty"]) for link in claim["links"]} == {("counterpart-capability", "INFERRED")}
        for category in claim["mapped"]:
            rows = category["statements"]["nodes"]
            assert len(rows) == category["rows"]
            assert {row["predicate"] for row in rows} == {predicates[category["category"]]}
            assert {row["authority"] for row in rows} == {"THIRD_PARTY"}
            assert {row["subject"]["id"] for row in rows} <= named


@both_languages
def test_a_claim_that_is_our_reading_says_so_and_is_no_part_of_a_view_without_ours(client: Client, language: str) -> None:
    read = {"ja": "編集者の読み取り", "en": "our reading"}[language]
    found = claims(client, language, "CLAIM_NOT_MAPPED")
    ours = {key for key, one in found.items() if one["claim"]["statement"]["certainty"] == "INFERRED"}
    assert ours == {("cap-aip-revoke", "RESPOND")}
    assert {key for key, one in found.items() if read in one["explanation"]["value"]} == ours
    assert claims(client, language, "CLAIM_NOT_MAPPED", "VENDOR").keys() == THREE.keys() - ours


@both_languages
def test_where_nothing_is_mapped_that_is_another_kind_and_of_less_weight(client: Client, language: str) -> None:
    found = claims(client, language, "CLAIM_UNMAPPED")
    assert found.keys() == UNMAPPED
    for finding in found.values():
        assert (finding["severity"], finding["mappingSets"]) == ("NOTICE", [])
        assert (finding["claim"]["mapped"], finding["claim"]["links"]) == ([], [])


def row(capability: str, category: str) -> dict[str, Any]:
    return {
        "attack_object_id": "T1566.002", "attack_object_name": "Spearphishing Link", "capability_id": capability,
        "mapping_type": "technique_scores", "capability_group": "group", "capability_description": capability,
        "score_category": category, "score_value": "partial", "comments": "", "references": [], "related_score": "",
        "status": "complete",
    }  # fmt: skip


@pytest.fixture(scope="module")
def borne_out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The default release, and a later public mapping with a row for each of two of the three claims."""
    root = tmp_path_factory.mktemp("borne-out")
    excerpt = files("kakehashi.data") / "ctid-excerpts" / "m365-2025-07-18-attack-16.1-excerpt.json"
    document = json.loads(excerpt.read_text("utf-8"))
    document["metadata"] |= {"mapping_framework_version": "07/18/2026", "capability_groups": {"group": "Group"}}
    document["mapping_objects"] = [row("DEF-SLNK-E3", "protect"), row("DEF-CAPP-E5", "respond")]
    later = root / "later.json"
    later.write_text(json.dumps(document), "utf-8")
    build(root / "home", packaged())
    assert not load(maker_at(root / "home"), [later]).refused
    with serving(root / "home") as client:
        yield client


@both_languages
def test_a_public_row_of_the_category_ends_the_disagreement(borne_out: Client, language: str) -> None:
    assert claims(borne_out, language, "CLAIM_NOT_MAPPED").keys() == {("cap-aip-revoke", "RESPOND")}
    assert claims(borne_out, language, "CLAIM_UNMAPPED").keys() == UNMAPPED
