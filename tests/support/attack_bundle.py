"""A small ATT&CK bundle in STIX 2.1, as attack-stix-data writes it: the corpus has only one in 2.0."""

import json
from collections.abc import Iterable
from typing import Any, Final

from kakehashi.sources.files import File

MITRE: Final = "identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5"
MARKING: Final = "marking-definition--fa42a846-8d90-4e51-bc29-71d5b4802168"
COPYRIGHT: Final = "Copyright 2015-2025, The MITRE Corporation."


def stix_id(kind: str, number: int) -> str:
    return f"{kind}--00000000-0000-4000-8000-{number:012}"


def stix(kind: str, number: int, **more: Any) -> dict[str, Any]:
    """An object with what every object of STIX 2.1 has."""
    return {
        "type": kind, "id": stix_id(kind, number), "spec_version": "2.1", "created": "2024-01-01T00:00:00.000Z",
        "modified": "2025-04-01T00:00:00.000Z", "created_by_ref": MITRE, "object_marking_refs": [MARKING],
        "x_mitre_domains": ["enterprise-attack"], "x_mitre_version": "1.0", "x_mitre_attack_spec_version": "3.2.0", **more,
    }  # fmt: skip


def called(external_id: str, *others: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"source_name": "mitre-attack", "external_id": external_id, "url": f"https://attack.mitre.org/{external_id}"},
        *others,
    ]


def phases(*names: str, chain: str = "mitre-attack") -> list[dict[str, str]]:
    return [{"kill_chain_name": chain, "phase_name": name} for name in names]


def related(number: int, kind: str, source: str, target: str, **more: Any) -> dict[str, Any]:
    return stix("relationship", number, relationship_type=kind, source_ref=source, target_ref=target, **more)


PHISHING: Final = stix_id("attack-pattern", 1)
ATTACHMENT: Final = stix_id("attack-pattern", 2)
OLD: Final = stix_id("attack-pattern", 3)
TRAINING: Final = stix_id("course-of-action", 11)


def objects() -> list[dict[str, Any]]:
    """All objects of the sample, anew at each call, so that a test may change them."""
    return [
        stix(
            "x-mitre-collection", 90, name="Enterprise ATT&CK", x_mitre_version="17.0", description="Everything.",
            external_references=[], x_mitre_contents=[{"object_ref": PHISHING, "object_modified": "2025-04-01T00:00:00.000Z"}],
        ),
        {"type": "identity", "id": MITRE, "spec_version": "2.1", "name": "The MITRE Corporation",
         "identity_class": "organization"},
        {"type": "marking-definition", "id": MARKING, "spec_version": "2.1", "definition_type": "statement",
         "definition": {"statement": COPYRIGHT}},
        stix("x-mitre-matrix", 80, name="Enterprise ATT&CK", external_references=called("enterprise-attack"),
             tactic_refs=[stix_id("x-mitre-tactic", 71), stix_id("x-mitre-tactic", 70)]),
        stix("x-mitre-tactic", 70, name="Execution", x_mitre_shortname="execution", external_references=called("TA0002")),
        stix("x-mitre-tactic", 71, name="Initial Access", x_mitre_shortname="initial-access",
             external_references=called("TA0001"), description="The adversary is trying to get into your network."),
        stix("attack-pattern", 1, name="Phishing", description="Messages that look right.", revoked=False,
             external_references=called("T1566", {"source_name": "capec", "external_id": "CAPEC-98"}),
             kill_chain_phases=phases("initial-access"), x_mitre_platforms=["Linux", "Windows"],
             x_mitre_is_subtechnique=False, x_mitre_detection="Look at mail."),
        stix("attack-pattern", 2, name="Spearphishing Attachment", external_references=called("T1566.001"),
             kill_chain_phases=phases("initial-access", "execution"), x_mitre_platforms=["Windows"],
             x_mitre_is_subtechnique=True),
        stix("attack-pattern", 3, name="Spearphishing", revoked=True, external_references=called("T1193"),
             kill_chain_phases=phases("initial-access"), x_mitre_is_subtechnique=False),
        stix("course-of-action", 11, name="User Training", external_references=called("M1017")),
        stix("course-of-action", 12, name="Phishing Mitigation", external_references=called("T1566"),
             x_mitre_deprecated=True),
        stix("malware", 60, name="Emotet", is_family=True, external_references=called("S0367")),
        related(51, "subtechnique-of", ATTACHMENT, PHISHING),
        related(52, "revoked-by", OLD, ATTACHMENT),
        related(53, "mitigates", TRAINING, PHISHING, description="Users can be trained.",
                external_references=[{"source_name": "A paper", "description": "By somebody."}]),
        related(54, "uses", stix_id("malware", 60), PHISHING),
        related(55, "mitigates", TRAINING, ATTACHMENT, x_mitre_deprecated=True),
    ]  # fmt: skip


def bundle(found: Iterable[dict[str, Any]], name: str = "enterprise-attack.json", **more: Any) -> File:
    """The objects as the file that is published."""
    document = {"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000000", "objects": list(found), **more}
    return File(name, json.dumps(document).encode())
