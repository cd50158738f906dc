"""A catalogue and mapping sets with faults planted in them, for tests of the quality gates from files to answers."""

from pathlib import Path

SOURCE = """id: source/rules
ja: 規則
en: Rules
authority: third-party
redistribution: open
rights: Apache-2.0
"""
RULES = tuple(f"rule-{number}" for number in range(1, 9))
ENTITY = "- {{id: {id}, kind: {kind}, ja: {id}の名前, en: Name of {id}, ours: [ja, en]}}\n"
ENTITIES = "".join(
    ENTITY.format(id=identifier, kind=kind)
    for identifier, kind in (
        ("tool", "product"), ("rules", "framework"), ("rules/2026", "edition"), ("chapter", "heading"),
        *((rule, "recommendation") for rule in RULES),
    )
)  # fmt: skip
FRAMEWORKS = f"""- id: rules
  parent_link: grouping
  reason_ja: 親子関係はない。
  reason_en: There are no parents.
  editions:
  - {{id: rules/2026, version: "2026", issued: "2026-01-01", provisions: [chapter, {", ".join(RULES)}]}}
"""
RELATIONS = """subject\tpredicate\tobject\tsection\tcertainty\tnature\tconfidence\tnote
tool\tsatisfies\trule-1\t1\tprinted\treport\t\t
"""
SETS = "https://example.org/sets/"
HEADER = """#mapping_set_id: {id}
#mapping_set_title: The set {name}
#license: https://creativecommons.org/publicdomain/zero/1.0/
#curie_map:
#  id: https://w3id.org/kakehashi/id/
#  kkp: https://w3id.org/kakehashi/predicate/
subject_id\tpredicate_id\tobject_id\tmapping_justification
"""
ROW = "id:{}\tkkp:{}\tid:{}\tsemapv:ManualMappingCuration\n"

Rows = tuple[tuple[str, str, str], ...]
SOUND: Rows = (("rule-1", "subset-of", "rule-2"), ("rule-3", "intersects-with", "rule-4"))
FAULTY: dict[str, tuple[str, str, Rows]] = {
    "contradiction": (
        "contradiction", "error", (("rule-5", "equal", "rule-6"), ("rule-5", "no-relationship", "rule-6")),
    ),
    "circle": ("circular-inclusion", "error", (("rule-5", "subset-of", "rule-6"), ("rule-6", "subset-of", "rule-5"))),
    "dangling": ("dangling-end", "error", (("rule-5", "equal", "rule-99"),)),
    "heading": ("on-heading", "warning", (("rule-5", "intersects-with", "chapter"),)),
    "self": ("self-mapping", "warning", (("rule-5", "equal", "rule-5"),)),
}  # fmt: skip
"""Sets with one fault each: its kind and severity."""

DRAFT = """#sssom_version: "1.1"
#curie_map:
#  kkid: https://w3id.org/kakehashi/id/
#  predicate: https://w3id.org/kakehashi/predicate/
#  semapv: https://w3id.org/semapv/vocab/
#mapping_set_id: kkid:mapping-set/drafts
#mapping_set_version: "0.1.0"
#mapping_set_title: Drafts
#mapping_set_title_ja: 草案
#license: https://www.apache.org/licenses/LICENSE-2.0
"""
DRAFT_ROW = {
    "record_id": "kkid:mapping/drafts/1", "subject_id": "kkid:rule-1", "predicate_id": "predicate:equal",
    "object_id": "kkid:rule-1", "mapping_justification": "semapv:ManualMappingCuration", "confidence": "0.5",
    "mapping_status": "draft", "rationale_kind": "semantic", "rationale_ja": "同じ。", "rationale_en": "The same.",
}  # fmt: skip


def set_id(name: str) -> str:
    """The id that a set of a name has in a release."""
    return f"mapping-set/example.org-sets-{name}"


def write_rules(folder: Path) -> Path:
    """Write the catalogue of the rules, in which nothing is wrong."""
    (folder / "entities").mkdir(parents=True)
    for name, text in {
        "source.yaml": SOURCE, "entities/all.yaml": ENTITIES, "frameworks.yaml": FRAMEWORKS, "relations.tsv": RELATIONS,
    }.items():  # fmt: skip
        (folder / name).write_text(text, "utf-8")
    return folder


def write_draft(folder: Path) -> Path:
    """Write a mapping set of our own, which nobody has confirmed, with a row that maps a rule to itself."""
    file = folder / "drafts.sssom.tsv"
    file.write_text(DRAFT + "".join("\t".join(line) + "\n" for line in (DRAFT_ROW, DRAFT_ROW.values())), "utf-8")
    return file


def write_set(folder: Path, name: str, rows: Rows) -> Path:
    """Write a mapping set."""
    file = folder / f"{name}.sssom.tsv"
    text = HEADER.format(id=SETS + name, name=name) + "".join(ROW.format(*row) for row in rows)
    file.write_text(text, "utf-8")
    return file
