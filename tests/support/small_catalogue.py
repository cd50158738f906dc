"""A tiny valid catalogue of our own, for tests that build often."""

from pathlib import Path

SOURCE = """id: source/small
ja: 小さな例
en: A small example
authority: curated
redistribution: open
rights: Apache-2.0
"""
ENTITIES = """- {id: tool, kind: product, ja: 道具, en: NAME, ours: [ja, en]}
- {id: rule-1, kind: recommendation, ja: 規則1, en: Rule 1, ours: [ja, en]}
- {id: rules, kind: framework, ja: 規則集, en: Rules, ours: [ja, en]}
- {id: rules/2026, kind: edition, ja: 規則集2026, en: Rules 2026, ours: [ja, en]}
"""
RELATIONS = """subject\tpredicate\tobject\tsection\tcertainty\tnature\tconfidence\tnote
tool\tsatisfies\trule-1\t1\tprinted\treport\t\t
"""
FRAMEWORKS = """- id: rules
  parent_link: grouping
  reason_ja: 親子関係はない。
  reason_en: There are no parents.
  editions:
  - {id: rules/2026, version: "2026", issued: "2026-01-01", provisions: [rule-1]}
"""


def write(folder: Path, name: str = "Tool") -> Path:
    """Write the catalogue; another `name` of its tool makes another release."""
    (folder / "entities").mkdir(parents=True, exist_ok=True)
    (folder / "source.yaml").write_text(SOURCE, "utf-8")
    (folder / "entities" / "all.yaml").write_text(ENTITIES.replace("NAME", name), "utf-8")
    (folder / "relations.tsv").write_text(RELATIONS, "utf-8")
    (folder / "frameworks.yaml").write_text(FRAMEWORKS, "utf-8")
    return folder
