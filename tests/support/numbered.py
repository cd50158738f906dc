"""Releases that can be told apart by every value in them, and a question whose answer tells whether it mixed two."""

from pathlib import Path
from typing import Any, Final

from kakehashi.pipeline.build import build
from kakehashi.pipeline.inputs import packaged
from kakehashi.pipeline.making import Maker
from tests.support.making import maker_at

THINGS: Final = 100
SOURCE = """id: source/numbered
ja: 番号の例
en: A numbered example
authority: curated
redistribution: open
rights: Apache-2.0
"""
ENTITY: Final = "- {{id: thing-{i:03}, kind: product, ja: 番号{i}, en: numbered thing of {number}, ours: [ja, en]}}\n"
HEADINGS: Final = "subject\tpredicate\tobject\tsection\tcertainty\tnature\tconfidence\tnote\n"
QUESTION: Final = """
query Whole {
  first: release { id }
  begin: resource(id: "thing-000") { prefLabel(lang: ["en"]) { value } }
  all: resources(kind: ["product"], text: "numbered thing", first: 100) { nodes { id prefLabel(lang: ["en"]) { value } } }
  end: resource(id: "thing-099") { prefLabel(lang: ["en"]) { value } }
  last: release { id }
}"""


def release(root: Path, work: Path, number: int) -> str:
    """Build and serve the release of a number in a home; its id."""
    return built(maker_at(root), work, number)


def built(maker: Maker, work: Path, number: int) -> str:
    """The same, wherever the maker keeps releases; the packaged data stands beside."""
    folder = work / "numbered"
    (folder / "entities").mkdir(parents=True, exist_ok=True)
    (folder / "source.yaml").write_text(SOURCE, "utf-8")
    entities = "".join(ENTITY.format(i=i, number=number) for i in range(THINGS))
    (folder / "entities" / "all.yaml").write_text(entities, "utf-8")
    (folder / "relations.tsv").write_text(HEADINGS, "utf-8")
    return build(maker, [*packaged(), folder]).release.id


def told(data: dict[str, Any]) -> tuple[str, int]:
    """The one release that an answer comes from, and its number; fails where the answer mixes two."""
    ids = {data["first"]["id"], data["last"]["id"]}
    names = {data[end]["prefLabel"]["value"] for end in ("begin", "end")}
    names |= {node["prefLabel"]["value"] for node in data["all"]["nodes"]}
    assert len(data["all"]["nodes"]) == THINGS
    assert len(ids) == len(names) == 1, (ids, names)
    return ids.pop(), int(names.pop().rpartition(" ")[2])
