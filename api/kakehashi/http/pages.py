"""The pages for people: GraphiQL from our own files, and a page a resource."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from kakehashi.records.model import Label, Statement
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary import iris
from kakehashi.vocabulary.text import Text

# GraphiQL adds one constant <style> when a dialog opens; its hash stands in static/graphiql/VERSIONS.md.
_GRAPHIQL_STYLE: Final = "'sha256-nzTgYzXYDNe6BAHiiI7NNlfK8n/auuOAhh2t92YvuXo='"
_LOCKED: Final = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
GRAPHIQL_CSP: Final = (
    f"default-src 'none'; script-src 'self'; style-src 'self' {_GRAPHIQL_STYLE}; img-src data:; font-src data:; "
    f"connect-src 'self'; {_LOCKED}"
)
PAGE_CSP: Final = f"default-src 'none'; style-src 'self'; {_LOCKED}"

WORDS: Final[Mapping[str, Text]] = {
    "kind": Text("種別", "Kind"),
    "notation": Text("番号・記号", "Notation"),
    "iri": Text("IRI", "IRI"),
    "source": Text("出典", "Source"),
    "edition": Text("版", "Edition"),
    "about": Text("この項目についての記述", "What is stated of it"),
    "naming": Text("この項目を指す記述", "What is stated with it as the object"),
    "predicate": Text("述語", "Predicate"),
    "value": Text("内容", "Value"),
    "subject": Text("主語", "Subject"),
    "section": Text("節", "Section"),
    "certainty": Text("確からしさ", "Certainty"),
    "authority": Text("根拠", "Authority"),
    "ours": Text("(名称は当方の表現)", "(our wording)"),
    "none": Text("なし", "None"),
    "other": Text("English", "日本語"),
    "formats": Text("他の形式", "Other formats"),
    "release": Text("リリース", "Release"),
    "console": Text("GraphQLコンソール", "GraphQL console"),
}


def graphiql() -> HTMLResponse:
    """GraphiQL, without a content delivery network."""
    headers = {
        "Content-Security-Policy": GRAPHIQL_CSP,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
        "Vary": "Accept, Accept-Language",
    }
    return HTMLResponse(_graphiql_page(), headers=headers)


def resource_page(snapshot: Snapshot, identifier: str, language: str) -> HTMLResponse:
    """A resource with its statements in both directions, in one language."""
    record = snapshot.resources[identifier]
    page = (
        _templates()
        .get_template("resource.html")
        .render(
            record=record,
            view=_View(snapshot, language),
            out=snapshot.outgoing.get(identifier, ()),
            incoming=snapshot.incoming.get(identifier, ()),
            edition=snapshot.edition_of.get(identifier),
            language=language,
            other="en" if language == "ja" else "ja",
            words={name: text.in_language(language) for name, text in WORDS.items()},
        )
    )
    headers = {
        "Content-Security-Policy": PAGE_CSP,
        "X-Content-Type-Options": "nosniff",
        "Content-Language": language,
        "Vary": "Accept, Accept-Language",
    }
    return HTMLResponse(page, headers=headers)


class _View:
    """What the template asks of the snapshot."""

    def __init__(self, snapshot: Snapshot, language: str) -> None:
        self._snapshot = snapshot
        self._language = language
        self.release = snapshot.release.id

    def label(self, labels: tuple[Label, ...]) -> Label:
        return next((label for label in labels if label.language == self._language), labels[0])

    def name(self, identifier: str) -> str:
        return self.label(self._snapshot.resources[identifier].labels).text

    def iri(self, identifier: str) -> str:
        return self._snapshot.ids.iri(identifier)

    def source(self, identifier: str) -> str:
        return self.label(self._snapshot.sources[identifier].labels).text

    def kind(self, word: str) -> str:
        return self._term(iris.KIND + word)

    def predicate(self, statement: Statement) -> str:
        return self._term(iris.PREDICATE + statement.predicate)

    def certainty(self, statement: Statement) -> str:
        return self._term(iris.CERTAINTY + statement.certainty)

    def authority(self, statement: Statement) -> str:
        return self._term(iris.AUTHORITY + statement.authority)

    def _term(self, iri: str) -> str:
        return self.label(self._snapshot.terms[iri].labels).text


@cache
def _graphiql_page() -> str:
    return (files(__package__) / "static" / "graphiql" / "index.html").read_text("utf-8")


@cache
def _templates() -> Environment:
    return Environment(loader=PackageLoader(__package__), autoescape=select_autoescape(), undefined=StrictUndefined)
