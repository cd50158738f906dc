"""A sample of hard facts of each section of what was read: each is stated in the packaged data, as sure as it was read."""

from typing import Final

import pytest

from kakehashi.records.values import Authority, Certainty
from kakehashi.snapshot.model import Snapshot

V, V2, MEMORY, OURS = Certainty.VERIFIED, Certainty.SECONDARY, Certainty.UNVERIFIED, Certainty.INFERRED
M: Final = "microsoft/"
S: Final = "since-2020/"

FACTS: Final = {
    "1 the guideline": [
        ("guideline-r3-5", "revises", "guideline-r1-12", V), ("guideline-r7-3", "date", "2025-03-25", V),
        ("guideline-h29/issued", "date", "2017-10-18", V), ("guideline-r4-3", "date", "2022-03-03", V),
        ("information/original-school-records", "classified-as", "guideline-r7-3/asset-class-i", V),
        ("guideline-r7-3/asset-class-i", "judged-by", "cia-c", V), ("guideline", "latest-known-edition", "guideline-r7-3", OURS),
        ("guideline-r3-5", "has-revision", "guideline-r3-5/revision/mfa", V), ("guideline", "based-on", "mic-guideline", MEMORY),
        ("school-affairs-dx-guidebook", "date", "2025-03", V),
    ],
    "2 schemes of Japan": [
        ("cloud-assessment-scheme", "became", "ismap", V), (f"{S}ismap-framework", "date", "2020-01-30", V),
        (f"{S}ismap-liu-started", "date", "2022-11-01", V), ("ismap-control-criteria", "number", "1159", V2),
        ("ismap", "administered-by", "digital-agency", V), ("nco", "valid-from", "2025-07", MEMORY),
        ("cloud-policy-2022", "date", "2022-12-28", MEMORY), ("ipa-threats-2026/vulnerabilities", "order", "4", V),
        ("ipa-threats-2026/bec", "see-also", "threat-bec", V),
    ],
    "3 the ISO/IEC 27000 family": [
        ("iso-27001/2013", "certificates-lapse-on", "2025-10-31", V), ("iso-27001/2022", "date", "2022-10-25", V),
        ("jis-q-27001/2023", "national-version-of", "iso-27001/2022", V), ("iso-27018/2025", "based-on", "iso-27002/2022", V),
        ("iso-27706/2025", "replaces", "iso-27006/2021-part-2", V), ("iso-27110/2021", "replaces", "iso-27101", MEMORY),
        ("iso-27001/2013", "number", "114", V), ("iso-27002/2022", "number", "11", V),
        ("iso-27002/2022/5.23", "new-in", "iso-27002/2022", V), (f"{S}iso-27701-2025", "date", "2025-10", V),
    ],
    "4 other frameworks": [
        (f"{S}nist-csf-2.0", "date", "2024-02-26", V), ("cis-controls/8.1", "number", "56", V),
        (f"{S}privacy-shield-invalid", "date", "2020-07-16", V), (f"{S}dpf-upheld", "date", "2025-09-03", V),
        (f"{S}fips-140-2-historical", "date", "2026-09-21", V), (f"{S}pci-dss-3.2.1-retired", "date", "2024-03-31", V2),
        (f"{S}fedramp-certification", "date", "2026-05-04", V2), ("arc-ampe", "replaces", "off-mars-e", V),
        (f"{S}lopd-replaced", "date", "2018-12", MEMORY),
    ],
    "5 personal information": [
        (f"{S}appi-2021-local", "date", "2023-04-01", V), ("appi-qa-5-33", "renumbered-as", "appi-qa-7-53", V),
        ("appi/before-2022/art-23", "renumbered-as", "appi/since-2022/art-27", V),
        ("appi/before-2022/art-20", "renumbered-as", "appi/since-2022/art-23", MEMORY),
        ("appi/chapter-5", "applies-to-sector", "sector/public-school-board", V),
        ("ppc-alert-2024-06-17", "date", "2024-06-17", MEMORY),
    ],
    "6 Microsoft": [
        ("azure-ad", "renamed-to", f"{M}entra-id", V), (f"{M}event/windows-10-end-of-support", "date", "2025-10-14", V),
        (f"{M}event/aip-add-in-retired", "date", "2024-04-11", V),
        ("risk-leaked-credentials", "detected-today-as", f"{M}risk-event/leakedCredentials", OURS),
        (f"{M}risk-event/anonymizedIPAddress", "detection-timing", "real-time", V),
        ("ca-sig-location", "realised-by", f"{M}ca/condition/locations", OURS),
        (f"{M}event/docs-to-learn", "date", "2022", MEMORY),
    ],
    "7 ATT&CK, D3FEND, CSF": [
        ("kc-05", "in-tactic", "mitre-attack/16.1/TA0011", OURS), ("kc-09", "in-tactic", "mitre-attack/16.1/TA0008", OURS),
        ("ms-11-a", "related-match", "d3fend/rolling/D3-MFA", OURS),
        ("d3fend/rolling/D3-CCSA", "counters", "risk-leaked-credentials", OURS),
        ("cap-o365atp-links", "counterpart-capability", "ctid-m365/DEF-SLNK-E3", OURS),
        ("ms-30", "serves-function", "nist-csf/2.0/pr", OURS),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("subject", "predicate", "target", "certainty"), [fact for facts in FACTS.values() for fact in facts])
def test_a_fact_is_stated_and_as_sure_as_it_was_read(
    snapshot: Snapshot, subject: str, predicate: str, target: str, certainty: Certainty
) -> None:
    found = [
        one
        for one in snapshot.outgoing[subject]
        if one.predicate == predicate and target in {one.object, one.value.text if one.value else None}
    ]
    assert {one.certainty for one in found} == {certainty}
    assert certainty not in {MEMORY, OURS} or {one.authority for one in found} == {Authority.INFERRED}
