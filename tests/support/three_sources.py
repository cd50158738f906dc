"""Three small catalogues, one of each `redistribution`, with sentences planted wherever a publisher's words can stand."""

from pathlib import Path

OPEN, CITED, LOCAL = "open", "citation-only", "local-only"

SOURCE = """id: source/{key}
ja: 出典「{key}」の書名
en: Title of the source {key}
authority: official
redistribution: {redistribution}
rights: Terms of {key}
"""
ENTITIES = """- id: {key}
  kind: framework
  ja: 枠組み{key}の名前
  en: The publisher's name of the framework {key}
- id: {key}/2026
  kind: edition
  ja: 版{key}の名前
  en: The publisher's name of the edition {key}
- id: {key}/2026/1
  kind: recommendation
  notation: "1"
  ja: 公表者が付けた{key}の見出し
  en: Our own words for the first of {key}
  ours: [en]
  facts:
  - {{predicate: content, value: "A summary that the publisher of {key} wrote", lang: en, certainty: printed}}
  - {{predicate: year, value: 2019, certainty: printed}}
- id: {key}/2026/2
  kind: recommendation
  ja: 公表者が付けた{key}の第二の見出し
  en: The heading of the second of {key}
- {{id: tool-{key}, kind: product, ja: 道具{key}, en: Tool of {key}}}
"""
RELATIONS = """subject\tpredicate\tobject\tsection\tcertainty\tnature\tconfidence\tnote
tool-{key}\tsatisfies\t{key}/2026/1\t4.6b\tprinted\treport\t\tA note in the words of {key}
tool-{key}\tsatisfies\t{key}/2026/2\tthe section called {key}\tprinted\treport\tlow: as {key} says\t
"""
FRAMEWORKS = """- id: {key}
  parent_link: grouping
  reason_ja: 親子関係はない。
  reason_en: There are no parents.
  editions:
  - {{id: {key}/2026, version: "2026", issued: "2026-01-01", provisions: [{key}/2026/1, {key}/2026/2]}}
"""
FILES = {"source.yaml": SOURCE, "entities/all.yaml": ENTITIES, "relations.tsv": RELATIONS, "frameworks.yaml": FRAMEWORKS}

PLANTED = (
    "枠組み{key}の名前", "The publisher's name of the framework {key}",
    "版{key}の名前", "The publisher's name of the edition {key}",
    "公表者が付けた{key}の見出し", "A summary that the publisher of {key} wrote", "公表者が付けた{key}の第二の見出し",
    "The heading of the second of {key}", "道具{key}", "Tool of {key}", "A note in the words of {key}",
    "the section called {key}", "low: as {key} says",
)  # fmt: skip


def planted(key: str) -> list[str]:
    """What the publisher of one of the catalogues wrote."""
    return [sentence.format(key=key) for sentence in PLANTED]


def write(root: Path) -> list[Path]:
    """Write the three catalogues; each key is its redistribution's first word."""
    return [_write(root / key, key, redistribution) for key, redistribution in KEYS.items()]


KEYS = {"free": OPEN, "cited": CITED, "local": LOCAL}


def _write(folder: Path, key: str, redistribution: str) -> Path:
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.format(key=key, redistribution=redistribution), "utf-8")
    return folder
