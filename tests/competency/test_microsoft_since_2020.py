"""Microsoft's products since the leaflet: names, detections, plans and threats, and how sure each is."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from itertools import pairwise

import pytest

from kakehashi.crosswalk.given import Given, View, hold
from kakehashi.pipeline.load import load
from kakehashi.pipeline.report import Outcome
from kakehashi.records.model import Statement
from kakehashi.records.values import Authority, Certainty
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import LANGUAGES
from tests.support.making import maker_at, snapshot_of

OURS = ("microsoft-since-2020", "microsoft-unverified", "ctid-m365-capabilities")
FOLDERS = ("leaflet", "leaflet-frameworks", "standards-and-guidelines", *OURS, "ctid-excerpts")
EXCERPTS = ("source/ctid/m365-attack-enterprise/2025-07-18-excerpt-attack-16.1",
            "source/ctid/azure-attack-enterprise/2021-06-29-excerpt-attack-8.2")  # fmt: skip
TO_ISO, MEASURES = "source/microsoft-to-iso27002", "source/leaflet-measures-to-iso27002"
SETS = ("microsoft-to-iso27002", "leaflet-measures-to-iso27002")
P = "microsoft/"


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The leaflet with all that we state of Microsoft's products since."""
    root = tmp_path_factory.mktemp("microsoft") / "home"
    folders = [files("kakehashi.data") / name for name in FOLDERS]
    sets = [files("kakehashi.sets") / f"{name}.sssom.tsv" for name in SETS]
    report = load(maker_at(root), [*folders, *sets])
    assert {one.outcome for one in report.sources} == {Outcome.LOADED}
    assert report.dangling == 0
    return snapshot_of(root)


def out(snapshot: Snapshot, subject: str, predicate: str) -> list[str]:
    """The objects that a predicate leads to."""
    return [one.object for one in snapshot.outgoing.get(subject, ()) if one.predicate == predicate and one.object]


def value(snapshot: Snapshot, subject: str, predicate: str) -> str | None:
    return next((one.value.text for one in snapshot.outgoing[subject] if one.predicate == predicate and one.value), None)


def of_source(snapshot: Snapshot, *sources: str) -> Iterator[Statement]:
    return (one for one in snapshot.statements.values() if one.source in sources)


def held(snapshot: Snapshot, *things: str) -> set[str]:
    view = View(authorities=frozenset(Authority), as_of=date(2026, 11, 24))
    return set(hold(snapshot.index, Given(things=frozenset(things)), view).things)


def test_how_much_there_is(known: Snapshot) -> None:
    kinds = Counter(one.kind for one in known.records.resources if one.source in {f"source/{name}" for name in OURS})
    wanted = {"licence-plan": 18, "ca-condition": 9, "ca-grant-control": 10, "ca-session-control": 8, "risk-event-type": 27}
    assert wanted.items() <= kinds.items()
    assert [sum(1 for one in of_source(known, source) if one.mapping) for source in EXCERPTS] == [326, 69]
    assert sum(1 for one in of_source(known, TO_ISO) if one.mapping) == 102


def test_every_name_is_there_in_both_languages(known: Snapshot) -> None:
    sources = {f"source/{name}" for name in OURS}
    for one in known.records.resources:
        if one.source in sources:
            assert {label.language for label in known.resources[one.id].labels} >= set(LANGUAGES), one.id


def test_every_statement_says_where_it_stands_and_how_sure_it_is(known: Snapshot) -> None:
    authorities = {
        "source/microsoft-since-2020": {Authority.VENDOR, Authority.INFERRED},
        "source/microsoft-unverified": {Authority.INFERRED},
        "source/ctid-m365-capabilities": {Authority.THIRD_PARTY, Authority.INFERRED},
    }
    for source, wanted in authorities.items():
        found = list(of_source(known, source))
        assert {one.authority for one in found} <= wanted
        assert all(one.section for one in found)
        # what nobody read, and what is our own reading, stands on our word alone
        unread = {Certainty.UNVERIFIED, Certainty.INFERRED}
        assert all(one.authority is Authority.INFERRED for one in found if one.certainty in unread)
        assert all(one.note for one in found if one.object)
    assert {one.certainty for one in of_source(known, "source/microsoft-unverified")} == {Certainty.UNVERIFIED}


def test_what_was_verified_names_what_was_read(known: Snapshot) -> None:
    cited = {one.notation for one in known.records.resources if one.kind == "citation"}
    for one in of_source(known, "source/microsoft-since-2020", "source/ctid-m365-capabilities"):
        if one.object and one.certainty is Certainty.VERIFIED:
            keys = re.findall(r"\[([^]]+)\]", one.note or "")
            assert keys, one
            assert {key for found in keys for key in found.split(", ")} <= cited, one


def test_a_history_of_names_has_no_hole_and_ends_in_the_name_of_today(known: Snapshot) -> None:
    products = {one.subject for one in known.statements.values() if one.predicate == "has-name"}
    assert len(products) == 25
    for product in products:
        names = sorted(out(known, product, "has-name"), key=lambda one: int(value(known, one, "order") or 0))
        for former, later in pairwise(names):
            assert value(known, former, "valid-to") == value(known, later, "valid-from") is not None
        assert value(known, names[-1], "valid-to") is None


def test_every_product_of_the_leaflet_that_was_renamed_leads_to_its_present_self(known: Snapshot) -> None:
    renamed = {one.subject: one.object for one in known.statements.values() if one.predicate == "renamed-to"}
    assert renamed == {
        "azure-ad": P + "entra-id", "azure-ad-identity-protection": P + "entra-id-protection",
        "azure-ad-conditional-access": P + "entra-conditional-access", "windows-defender-atp": P + "defender-for-endpoint",
        "windows-defender": P + "defender-antivirus", "office-365-atp": P + "defender-for-office-365",
        "cloud-app-security": P + "defender-for-cloud-apps",
        "azure-information-protection": P + "purview-information-protection",
    }  # fmt: skip
    assert out(known, "windows-ti", "renamed-to") == []
    assert set(out(known, "windows-ti", "continued-as")) >= {P + "cap/threat-analytics"}
    assert value(known, P + "event/windows-10-end-of-support", "date") == "2025-10-14"
    assert out(known, P + "event/windows-10-end-of-support", "dates") == ["windows-10"]


def test_the_other_five_risk_events_are_detected_today(known: Snapshot) -> None:
    today = {
        "risk-leaked-credentials": {"leakedCredentials"},
        "risk-impossible-travel": {"unlikelyTravel", "mcasImpossibleTravel"},
        "risk-anonymous-ip": {"anonymizedIPAddress", "riskyIPAddress"},
        "risk-suspicious-ip": {"maliciousIPAddress", "passwordSpray"},
        "risk-unfamiliar-location": {"unfamiliarFeatures", "newCountry"},
    }
    for event, wanted in today.items():
        assert {target.rpartition("/")[2] for target in out(known, event, "detected-today-as")} == wanted


def test_the_25_detections_have_timing_scope_and_plan(known: Snapshot) -> None:
    events = out(known, P + "entra-id-protection", "detects")
    assert len(set(events)) == 25
    scopes = Counter(
        one.value.text for event in events for one in known.outgoing[event] if one.predicate == "detection-scope" and one.value
    )
    assert scopes == {"sign-in": 18, "user": 10}
    timings = {value(known, event, "detection-timing") for event in events}
    assert timings == {"real-time", "offline", "real-time or offline"}
    plans = Counter(plan for event in events for plan in out(known, event, "needs-plan"))
    assert plans == {P + "plan/entra-id-p2": 20, P + "plan/entra-id-free": 5}


def test_every_measure_has_a_way_to_the_frameworks_that_iso_27002_is_mapped_to(known: Snapshot) -> None:
    rows = [one for one in of_source(known, MEASURES) if one.mapping]
    measures = {one.id for one in known.records.resources if one.kind == "measure"}
    assert {one.subject for one in rows} == measures
    assert {one.predicate for one in rows} == {"intersects-with"}
    assert {one.authority for one in rows} == {Authority.INFERRED}


def test_a_plan_brings_its_capabilities_and_no_other(known: Snapshot) -> None:
    a3, a5 = held(known, P + "plan/m365-a3"), held(known, P + "plan/m365-a5")
    assert a3 < a5 | {P + "plan/m365-a3"}
    assert P + "entra-conditional-access" in a3
    assert {P + "cap/risk-detection", P + "cap/privileged-identity-management"}.isdisjoint(a3)
    assert {P + "cap/risk-detection", P + "cap/safe-links", "cap-o365atp-links", "ctid-m365/DEF-SLNK-E3"} <= a5
    assert P + "cap/threat-explorer" in held(known, P + "plan/defender-for-office-365-p2")
    assert P + "cap/threat-explorer" not in held(known, P + "plan/defender-for-office-365-p1")


def test_what_the_leaflet_names_is_had_under_its_present_name(known: Snapshot) -> None:
    assert {P + "defender-for-office-365", P + "cap/safe-links", "ctid-m365/DEF-ZHAP-E3"} <= held(known, "office-365-atp")


def test_links_to_threats_never_are_coverage(known: Snapshot) -> None:
    threats = {one.predicate for source in EXCERPTS for one in of_source(known, source) if one.mapping}
    assert threats == {"protects-against", "detects-technique", "responds-to-technique"}
    accepted = {row.origin for rows in known.index.acceptance.accepted.values() for row in rows}
    assert accepted.isdisjoint(EXCERPTS)


def test_our_mappings_say_that_they_are_drafts_and_never_that_a_control_is_met(known: Snapshot) -> None:
    rows = [one for one in of_source(known, TO_ISO) if one.mapping]
    assert {one.predicate for one in rows} == {"satisfies-in-part"}
    assert {one.authority for one in rows} == {Authority.INFERRED}
    for one in rows:
        assert one.mapping is not None
        assert one.object is not None
        assert one.mapping.status == "draft"
        assert {label.language for label in one.mapping.rationale} == set(LANGUAGES)
        assert one.object.startswith("iso-27001/2022/a.")
        assert known.classes[one.subject] in {"Product", "Capability"}
