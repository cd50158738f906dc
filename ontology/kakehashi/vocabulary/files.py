"""The ontology's files, as they are packaged."""

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rdflib import Graph

TERM_FILES: Final = ("core.ttl", "values.ttl", "kinds.ttl", "predicates.ttl")


def folder() -> Traversable:
    """The folder that holds the Turtle files, the JSON-LD context and the lint queries."""
    return files(__package__)


def graph(*names: str) -> "Graph":
    """The named Turtle files, parsed into one graph."""
    from rdflib import Graph  # noqa: PLC0415 - a served instance never parses Turtle, and the import is slow

    parsed = Graph()
    for name in names:
        parsed.parse(data=(folder() / name).read_bytes(), format="turtle")
    return parsed


@cache
def terms_sha256() -> str:
    """The checksum of all term files together: part of a release's identity."""
    digest = hashlib.sha256()
    for name in TERM_FILES:
        digest.update((folder() / name).read_bytes())
    return digest.hexdigest()


def lint_queries() -> dict[str, str]:
    """The lint queries by name, one quality question each; a query's rows are what is wrong."""
    rules = sorted((folder() / "lint").iterdir(), key=lambda rule: rule.name)
    return {rule.name.removesuffix(".rq"): rule.read_text("utf-8") for rule in rules if rule.name.endswith(".rq")}
