"""A small valid release of our own that needs every form of proof: converses, several rows for a pair, links, certificates."""

from pathlib import Path

SOURCE = """id: source/{name}
ja: 例「{name}」
en: Example {name}
authority: {name}
redistribution: open
rights: Apache-2.0
"""
KINDS = {
    "product": ("suite", "tool"),
    "product-capability": ("cap-a", "cap-b", "cap-c", "cap-d"),
    "recommendation": ("rule-1", "rule-2", "rule-3", "rule-4", "rule-5", "rule-6"),
    "scheme": ("scheme-x", "scheme-y"),
    "compliance-offering": ("listing-x",),
    "standard": ("standard-y",),
    "framework": ("rules",),
    "edition": ("rules/2026",),
}
FRAMEWORKS = """- id: rules
  parent_link: grouping
  reason_ja: 親子関係はない。
  reason_en: There are no parents.
  editions:
  - {id: rules/2026, version: "2026", provisions: [rule-1, rule-2, rule-3, rule-4, rule-5, rule-6]}
"""
HEADER = "subject\tpredicate\tobject\tsection\tcertainty\tnature\tconfidence\tnote\n"
STATEMENTS = {
    "official": """rule-1 broad-match cap-a
cap-b broad-match rule-2
tool no-relationship rule-3
rule-3 satisfies-in-part cap-c
rule-4 accepts-any-of scheme-x
rule-5 recommends-certification standard-y
suite has-capability cap-a
listing-x refers-to scheme-x
scheme-y certifies-to standard-y""",
    "vendor": """cap-b narrow-match rule-2
cap-b intersects-with rule-2
tool satisfies rule-3
cap-c satisfies-in-part rule-3
cap-c close-match rule-1
suite has-capability cap-b
cap-b has-capability cap-c
cap-d satisfies rule-6""",
    "inferred": """cap-c satisfies rule-1
tool satisfies-in-part rule-4
tool related-match rule-5
tool has-capability cap-d""",
}


def write(folder: Path) -> list[Path]:
    """Write one catalogue for each authority; the names stand in the official one."""
    for name, statements in STATEMENTS.items():
        (folder / name / "entities").mkdir(parents=True)
        (folder / name / "source.yaml").write_text(SOURCE.format(name=name), "utf-8")
        rows = "".join("\t".join(line.split()) + "\t1\tprinted\treport\t\t\n" for line in statements.splitlines())
        (folder / name / "relations.tsv").write_text(HEADER + rows, "utf-8")
    (folder / "official" / "entities" / "all.yaml").write_text("".join(_entities()), "utf-8")
    (folder / "official" / "frameworks.yaml").write_text(FRAMEWORKS, "utf-8")
    return [folder / name for name in STATEMENTS]


def _entities() -> list[str]:
    return [
        f"- {{id: {one}, kind: {kind}, ja: 例{one}, en: Example {one}, ours: [ja, en]}}\n"
        for kind, ids in KINDS.items()
        for one in ids
    ]
