"""Runs the lint queries, one quality question each, over the ontology."""

from dataclasses import dataclass
from typing import Final

from kakehashi.vocabulary.files import TERM_FILES, graph, lint_queries
from kakehashi.vocabulary.text import Text

LINTED: Final = (*TERM_FILES, "shapes.ttl")


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation of a rule: what the query's row holds."""

    rule: str
    question: Text
    violation: str


def findings() -> list[Finding]:
    """Everything that the lint queries find; empty where all is well."""
    terms = graph(*LINTED)
    return [
        Finding(rule, _question(query), ", ".join(str(term) for term in row.values()))
        for rule, query in lint_queries().items()
        for row in terms.query(query).bindings
    ]


def _question(query: str) -> Text:
    """The question that a query's first two lines put in words."""
    english, japanese = query.splitlines()[:2]
    return Text(ja=japanese.removeprefix("# ja: "), en=english.removeprefix("# en: "))
