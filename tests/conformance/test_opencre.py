"""OpenCRE's files as published: the counts that the corpus states, and what its links say and do not say."""

from collections import Counter
from functools import cache

from kakehashi.records.model import Edition, Group, MappingSet, Resource, Statement
from kakehashi.records.values import Authority, Origin, Redistribution
from kakehashi.sources.files import File
from kakehashi.sources.format import Reading
from kakehashi.sources.opencre import FORMAT
from tests.support.corpus import files, read

LISTS = {"owasp_top10_2025": 26, "owasp_api_top10_2023": 19, "owasp_llm_top10_2025": 18}

# edition: the rows of its mapping set, and how many of its sections are described here
STANDARDS = {
    "owasp-cheat-sheets/undated": (502, 50),
    "nist-sp-800-53/rev5": (300, 0),
    "owasp-asvs/4.0.3": (277, 277),
    "cwe/undated": (269, 129),
    "owasp-wstg/stable": (123, 59),
    "iso-27001/2022": (92, 0),
    "nist-sp-800-63b/rev3": (78, 25),
    "owasp-proactive-controls/2018": (70, 10),
    "nist-ssdf/1.1": (45, 42),
    "owasp-samm/2": (30, 30),
    "csa-ccm/4": (29, 29),
    "owasp-top-10/2021": (17, 10),
}


@cache
def cres() -> Reading:
    found = read(FORMAT, "opencre/cres")
    assert not found.faults
    return found


@cache
def listed(name: str) -> Reading:
    found = read(FORMAT, f"opencre/owasp_mappings/{name}.json")
    assert not found.faults
    return found


def resources(found: Reading, *kinds: str) -> dict[str, Resource]:
    return {one.id: one for one in found.records if isinstance(one, Resource) and (not kinds or one.kind in kinds)}


def statements(found: Reading, predicate: str = "") -> list[Statement]:
    return [one for one in found.records if isinstance(one, Statement) and (not predicate or one.predicate == predicate)]


def rows(found: Reading) -> list[Statement]:
    return [one for one in statements(found) if one.mapping is not None]


def words(found: list[Statement]) -> Counter[str]:
    return Counter(one.mapping.verbatim for one in found if one.mapping)


def objects_of(cre: str) -> set[str]:
    return {str(one.object) for one in rows(cres()) if one.subject == f"opencre/2023/{cre}"}


def test_the_folder_is_one_source_and_every_other_file_another() -> None:
    known = [file for file in files("opencre") if FORMAT.recognises(file)]
    assert {file.name for file in files("opencre")} - {file.name for file in known} == {"opencre/SOURCE.md"}
    bundles = list(FORMAT.bundles(known))
    assert sorted(len(bundle) for bundle in bundles) == [1, 1, 1, 1, 1, 428]
    assert sum(file.name.startswith("opencre/cres/") and file.suffix == ".yaml" for file in known) == 427


def test_no_file_of_another_format_is_claimed() -> None:
    others = [file for folder in ("ciso-assistant", "prowler", "sssom", "mitre-attack", "d3fend") for file in files(folder)]
    assert not [file.name for file in others if FORMAT.recognises(file)]


def test_common_requirements_and_links() -> None:
    found = cres()
    assert len(resources(found, "common-requirement")) == 427 == found.found["CREs"]
    links = {what.removeprefix("links: "): number for what, number in found.found.items() if what.startswith("links: ")}
    assert links == {"Linked To": 1832, "Contains": 845, "Related": 302}
    assert sum(links.values()) == 2979
    sets = [record for record in found.records if isinstance(record, MappingSet)]
    assert sum(one.rows for one in sets) == 2979
    assert {one.origin for one in sets} == {Origin.ORIGINAL}
    cre = resources(found)["opencre/2023/002-630"]
    assert (cre.notation, cre.labels[0].text) == ("002-630", "Generate a new session token after authentication")


def test_twelve_standards_with_their_links() -> None:
    found = cres()
    sets = {record.object_edition: record.rows for record in found.records if isinstance(record, MappingSet)}
    assert sets.pop("opencre/2023") == 845 + 302
    assert sets == {edition: number for edition, (number, _) in STANDARDS.items()}
    described = Counter(identifier.rpartition("/")[0] for identifier in resources(found))
    assert {edition: described[edition] for edition in STANDARDS} == {
        edition: number for edition, (_, number) in STANDARDS.items()
    }


def test_what_is_contained_and_what_contains_cannot_be_told_apart() -> None:
    """420 of the 423 pairs claim each to contain the other, so that neither is made the parent; no link is lost."""
    found = cres()
    contains = [one for one in rows(found) if one.mapping and one.mapping.verbatim == "Contains"]
    pairs = {(one.subject, one.object) for one in contains}
    assert (len(contains), len(pairs)) == (845, 843)
    assert sum((target, subject) in pairs for subject, target in pairs) == 840
    assert {one.predicate for one in contains} == {"linked-to"}
    assert not [cre for cre in resources(found, "common-requirement").values() if cre.parent]
    assert "opencre/2023/716-526" in objects_of("002-630")
    assert "opencre/2023/002-630" in objects_of("716-526")


def test_related_cres_overlap_in_nothing() -> None:
    related = [one for one in rows(cres()) if one.mapping and one.mapping.verbatim == "Related"]
    assert len(related) == 302
    assert {one.predicate for one in related} == {"related-control"}


def test_a_target_without_id_dangles_and_keeps_its_name() -> None:
    found = cres()
    known = resources(found, "common-requirement")
    dangling = {str(one.object) for one in rows(found) if str(one.object).startswith("opencre/")} - known.keys()
    assert len(dangling) == 1
    names = [one.value.text for one in statements(found, "name") if one.subject in dangling and one.value]
    assert names == ["Define High-level architecture and perform security analysis on it"]


def test_a_cre_without_id_and_a_name_that_differs_are_told() -> None:
    left = {why.en.split(";")[0]: left.count for why, left in cres().left_out.items()}
    assert left["A CRE without an id"] == 1
    assert left["The link calls the CRE otherwise than the CRE calls itself"] == 5
    assert left["A tag"] == 407


def test_sections_without_a_section_id_and_with_an_empty_section() -> None:
    assert {"nist-sp-800-53/rev5/sc-23.3", "cwe/undated/384", "owasp-asvs/4.0.3/v3.2.1", "owasp-wstg/stable/wstg-sess-03",
            "owasp-proactive-controls/2018/c6", "owasp-cheat-sheets/undated/session-management-cheat-sheet",
            "nist-sp-800-63b/rev3/7.1"} <= objects_of("002-630")  # fmt: skip
    described = resources(cres())
    assert described["cwe/undated/384"].labels[0].text == "384"
    assert described["owasp-asvs/4.0.3/v3.2.1"].labels[0].text.startswith("Verify the application generates a new session token")
    assert described["owasp-asvs/4.0.3/v3.2.1"].kind == "requirement"
    assert described["csa-ccm/4/a~26a"].kind == "heading"
    assert described["csa-ccm/4/ais-01"].kind == "control"
    assert described["cwe/undated/384"].kind == "weakness"


def test_addresses_and_titles_are_kept_of_sections_that_others_define() -> None:
    said = {(one.subject, one.predicate): one.value.text for one in statements(cres()) if one.value}
    assert said["nist-sp-800-53/rev5/si-4", "name"] == "System Monitoring"
    assert said["nist-sp-800-53/rev5/sc-23.3", "url"].endswith("home?element=SC-23")
    assert "nist-sp-800-53/rev5/si-4" not in resources(cres())
    assert said["iso-27001/2022/a.8.26", "name"] == "Application security requirements"


def test_iso_sections_are_annex_a_of_2022_and_lost_zeros_are_restored() -> None:
    said = {one.subject: one.value.text for one in statements(cres(), "name") if one.value}
    assert said["iso-27001/2022/a.8.1"] == "User end point devices"
    assert {number: said[f"iso-27001/2022/a.{number}"] for number in ("5.10", "5.20", "5.30", "7.10", "8.10", "8.30")} == {
        "5.10": "Acceptable use of information and other associated assets",
        "5.20": "Addressing information security within supplier agreements",
        "5.30": "ICT readiness for business continuity",
        "7.10": "Storage media",
        "8.10": "Information deletion",
        "8.30": "Outsourced development",
    }
    iso = {str(one.object) for one in rows(cres()) if str(one.object).startswith("iso-27001/2022/")}
    assert len(iso) == 91


def test_one_link_to_several_sections_is_a_group() -> None:
    found = cres()
    groups = [record for record in found.records if isinstance(record, Group)]
    assert sorted(len(group.objects) for group in groups) == [2, 2, 3, 3]
    assert any(group.objects == tuple(f"owasp-wstg/stable/wstg-{one}" for one in ("inpv-01", "inpv-02", "clnt-01"))
               for group in groups)  # fmt: skip
    pairs = [one for one in rows(found) if one.mapping and one.mapping.group]
    assert (len(pairs), {one.predicate for one in pairs}, words(pairs)) == (10, {"related-match"}, {"Linked To": 10})


def test_described_provisions_stand_in_the_order_of_their_numbers() -> None:
    (asvs,) = [one for one in cres().records if isinstance(one, Edition) and one.id == "owasp-asvs/4.0.3"]
    numbers = [[int(part) for part in one.rpartition("/v")[2].split(".")] for one in asvs.provisions]
    assert numbers == sorted(numbers)
    assert len(numbers) == 277
    (cre,) = [one for one in cres().records if isinstance(one, Edition) and one.id == "opencre/2023"]
    assert len(cre.provisions) == 427


def test_lists_link_risks_to_cres() -> None:
    known = resources(cres(), "common-requirement")
    targets = [str(one.object) for name in LISTS for one in rows(listed(name))]
    assert len(targets) == 63
    assert [target for target in targets if target not in known] == ["opencre/2023/028-728"]
    for name, number in LISTS.items():
        found = listed(name)
        assert (found.found["entries"], found.found["CRE references"]) == (10, number)
        assert len(resources(found, "risk")) == 10
        assert len(statements(found, "url")) == 10
    injection = resources(listed("owasp_top10_2025"), "risk")["owasp-top-10/2025/a05"]
    assert (injection.notation, injection.labels[0].text) == ("A05", "Injection")
    editions = {record.subject_edition for name in LISTS for record in listed(name).records if isinstance(record, MappingSet)}
    assert editions == {"owasp-top-10/2025", "owasp-api-top-10/2023", "owasp-llm-top-10/2025"}


def test_a_list_is_known_by_what_it_holds_and_not_by_its_name() -> None:
    (file,) = files("opencre/owasp_mappings/owasp_top10_2025.json")
    renamed = File("anything.json", file.content)
    assert FORMAT.recognises(renamed)
    assert FORMAT.read((renamed,)).source == listed("owasp_top10_2025").source


def test_rules_of_the_importer_are_left_with_the_reason() -> None:
    found = read(FORMAT, "opencre/cwe_fallback_mappings.json")
    assert not found.faults
    assert found.found == {"rules": 13}
    ((why, left),) = found.left_out.items()
    assert "links no CWE to any CRE" in why.en
    assert left.count == 13


def test_an_osib_tree_is_refused_with_the_reason() -> None:
    found = read(FORMAT, "opencre/osib_example.yml")
    (fault,) = found.faults
    assert "OSIB" in fault.text.ja
    assert "draft index of names" in fault.text.en
    assert (fault.place.file, fault.place.line) == ("opencre/osib_example.yml", 2)
    assert not found.records


def test_sources_are_open_and_owasps_own() -> None:
    for found in (cres(), *map(listed, LISTS)):
        source = found.source
        assert source is not None
        assert (source.authority, source.redistribution) == (Authority.OFFICIAL, Redistribution.OPEN)
        assert source.publisher == "org/owasp"
        assert source.rights.startswith("CC0-1.0")
    assert cres().source is not None
    assert cres().source.id == "source/opencre/common-requirements"  # type: ignore[union-attr]


def test_ids_are_unique_in_every_reading() -> None:
    for found in (cres(), *map(listed, LISTS)):
        assert max(Counter((type(record), record.id) for record in found.records).values()) == 1


def cre(number: str, *links: tuple[str, str], name: str = "") -> File:
    """A CRE as a later export would write it."""
    listed = "".join(
        f"- ltype: {word}\n  document: {{doctype: CRE, id: {target}, name: CRE {target}}}\n" for word, target in links
    )
    text = f"doctype: CRE\nid: {number}\nname: {name or 'CRE ' + number}\n" + (f"links:\n{listed}" if listed else "")
    return File(f"cres/{number}.yaml", text.encode())


def directed(*members: File) -> Reading:
    (bundle,) = FORMAT.bundles(members)
    return FORMAT.read(bundle)


def test_an_export_that_tells_the_direction_gives_parents() -> None:
    found = directed(
        cre("100-000", ("Contains", "200-000"), ("Contains", "300-000")),
        cre("150-000", ("Contains", "200-000")),
        cre("200-000", ("Is Part Of", "100-000"), ("Is Part Of", "150-000")),
        cre("300-000"),
    )
    assert not found.faults
    parents = {one.notation: one.parent for one in resources(found, "common-requirement").values()}
    assert parents == {"100-000": None, "150-000": None, "200-000": "opencre/2023/100-000", "300-000": "opencre/2023/100-000"}
    others = {(one.subject[-7:], one.predicate, str(one.object)[-7:], one.mapping.verbatim) for one in rows(found) if one.mapping}
    assert others == {("150-000", "has-part", "200-000", "Contains"), ("200-000", "part-of", "150-000", "Is Part Of")}
    (links,) = [record for record in found.records if isinstance(record, MappingSet)]
    assert links.rows == 5


def test_one_pair_that_claims_both_directions_takes_them_all() -> None:
    found = directed(
        cre("100-000", ("Contains", "200-000"), ("Contains", "300-000")), cre("200-000", ("Contains", "100-000")), cre("300-000"),
    )  # fmt: skip
    assert not [one for one in resources(found, "common-requirement").values() if one.parent]
    assert Counter(one.predicate for one in rows(found)) == {"linked-to": 3}


def test_a_standard_that_nobody_registered_has_sections_and_nothing_more() -> None:
    text = (
        "doctype: CRE\nid: 100-000\nname: A\nlinks:\n"
        "- {ltype: Linked To, document: {doctype: Standard, name: New Standard 1, section: Good things, sectionID: N-1}}\n"
        "- {ltype: Linked To, document: {doctype: Tool, name: A Tool}}\n"
    )
    found = directed(File("cres/100-000.yaml", text.encode()))
    assert not found.faults
    section = resources(found, "section")["new-standard-1/opencre/n-1"]
    assert (section.notation, section.labels[0].text) == ("N-1", "Good things")
    assert {str(one.object) for one in rows(found)} == {"new-standard-1/opencre/n-1", "a-tool/opencre"}
