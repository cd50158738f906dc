"""Full-text search over a release in Japanese and English (docs/decisions/0022-search.md).

What is written without spaces is indexed by each two letters that follow one another, everything else by words. Only names,
numbers and the texts of sources that may be passed on are in the index, so that nothing else can be found or guessed by it.
"""

import re
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from kakehashi.records.model import Label, Resource
from kakehashi.snapshot.folding import aligned, search_form
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

MAX_TEXT: Final = 200
MAX_TERMS: Final = 16
LEAST_STEM: Final = 4
AROUND: Final = 60
"""How many letters of a text are shown before what was found in it, and how many after."""

_UNSPACED: Final = "\u3005\u3007\u3040-\u309f\u30a0-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN: Final = re.compile(f"[{_UNSPACED}]+")
_TERM: Final = re.compile(f"{_RUN.pattern}|[^\\W_{_UNSPACED}]+")
_SOUGHT: Final = re.compile(rf"[a-z0-9]+(?:[-._/()~]+[a-z0-9]+)+|{_TERM.pattern}")
"""What is searched for as one: a number or code of several parts (A.5.1, multi-factor), a run without spaces, or a word."""
_ENDINGS: Final = ("ations", "ation", "ings", "ions", "ies", "ing", "ion", "ed", "es", "s", "y")
"""Endings of English words that a search looks past, the longest first: `policies` finds what begins with `polic`."""

TOO_LONG = Text("検索の語は{letters}文字、{terms}語までです。", "A search takes at most {letters} letters and {terms} words.")
NOTHING_TO_FIND = Text(
    "「{text}」には検索できる文字がありません。文字か数字を含めてください。",
    "There is nothing to search for in '{text}'. Give letters or digits.",
)


class Found(StrEnum):
    """Where a search finds its words, best first."""

    EXACT = "exact"
    """The whole text is the id or the number."""
    NAME = "name"
    """All words are in the names, the id and the number."""
    TEXT = "text"
    """Some are in the publisher's text alone."""


_RANKS: Final = {found: rank for rank, found in enumerate(Found)}


class Hit(NamedTuple):
    """A resource that was found. `distance` is the less the better it fits; it compares within one release only."""

    resource: str
    found: Found
    distance: float

    @property
    def sort_key(self) -> tuple[int, float, str]:
        """The best first; alike, by id."""
        return (_RANKS[self.found], self.distance, self.resource)


class Fragment(NamedTuple):
    """A piece of a text around what was found in it; `marks` are where, as pairs of places in the piece."""

    text: str
    marks: tuple[tuple[int, int], ...]


class Searched(NamedTuple):
    """What of a resource is searched: the names, and those texts of it that may be passed on."""

    resource: Resource
    texts: tuple[Label, ...]


class SearchIndex:
    """The words of one release, in a database in memory that threads ask one after the other."""

    def __init__(self, searched: Iterable[Searched]) -> None:
        self._lock = threading.Lock()
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.execute(
            "CREATE VIRTUAL TABLE words USING fts5(code, name, body, content='', prefix='1 2', "
            'tokenize="unicode61 remove_diacritics 2")'
        )
        self._ids: list[str] = []
        self._exact: dict[str, list[str]] = {}
        self._database.executemany("INSERT INTO words(rowid, code, name, body) VALUES (?, ?, ?, ?)", map(self._row, searched))
        self._database.execute("INSERT INTO words(words) VALUES ('optimize')")

    def find(self, text: str) -> Sequence[Hit]:
        """What holds all the words of a text, best first; an error where there is nothing to search for."""
        wanted = _query(text)
        exact = dict.fromkeys(self._exact.get(search_form(text).strip(), ()))
        named = dict(self._ask(f"{{code name}} : ({wanted})"))
        everywhere = self._ask(wanted)
        hits = [Hit(one, Found.EXACT, 0.0) for one in exact]
        hits += [Hit(one, Found.NAME, rank) for one, rank in named.items() if one not in exact]
        hits += [Hit(one, Found.TEXT, rank) for one, rank in everywhere if one not in exact and one not in named]
        return sorted(hits, key=lambda hit: hit.sort_key)

    def _ask(self, query: str) -> list[tuple[str, float]]:
        with self._lock:
            rows = self._database.execute("SELECT rowid, bm25(words, 10, 5, 1) FROM words WHERE words MATCH ?", (query,))
            return [(self._ids[row], round(rank, 6)) for row, rank in rows]

    def _row(self, one: Searched) -> tuple[int, str, str, str]:
        record = one.resource
        self._ids.append(record.id)
        for name in {record.id, record.notation or record.id}:
            self._exact.setdefault(search_form(name), []).append(record.id)
        code = f"{record.id}\n{record.notation or ''}"
        return len(self._ids) - 1, _indexed(code), _indexed(_joined(record.labels)), _indexed(_joined(one.texts))


def fragment(text: str, sought: str) -> Fragment | None:
    """The piece of a text around the first of the words sought, with all of them that are in the piece; None without any."""
    form, places = aligned(text)
    pattern = re.compile("|".join(map(_marked, sorted(_terms(sought), key=len, reverse=True))))
    spans = [(places[found.start()], places[found.end()]) for found in pattern.finditer(form)]
    if not spans:
        return None
    start, end = max(0, spans[0][0] - AROUND), min(len(text), spans[0][1] + AROUND)
    inside = tuple((first - start, last - start) for first, last in spans if last <= end)
    return Fragment(("…" if start else "") + text[start:end] + ("…" if end < len(text) else ""), _moved(inside, int(start > 0)))


def _moved(spans: tuple[tuple[int, int], ...], by: int) -> tuple[tuple[int, int], ...]:
    return tuple((first + by, last + by) for first, last in spans)


def _joined(labels: Iterable[Label]) -> str:
    return "\n".join(label.text for label in labels)


def _indexed(text: str) -> str:
    """A text as the index is given it, which parts words itself; each two letters of what has no spaces become words."""
    return _RUN.sub(_paired, search_form(text))


def _paired(run: re.Match[str]) -> str:
    """Each two letters that follow one another, and the last letter, which a search for one letter finds."""
    return f" {' '.join(run[0][place : place + 2] for place in range(len(run[0])))} "


def _query(text: str) -> str:
    """What FTS5 is asked: all words must be there, those of a run one after the other."""
    return " AND ".join(_asked(term) for term in _terms(text))


def _terms(text: str) -> Sequence[str]:
    found = list(dict.fromkeys(_SOUGHT.findall(search_form(text)))) if len(text) <= MAX_TEXT else None
    if found is None or len(found) > MAX_TERMS:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, TOO_LONG(letters=MAX_TEXT, terms=MAX_TERMS))
    if not found:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, NOTHING_TO_FIND(text=text[:MAX_TEXT]))
    return found


def _asked(term: str) -> str:
    if not _RUN.match(term):
        return f'"{" ".join(_TERM.findall(term)) if _is_code(term) else _stem(term)}"*'
    pairs = [term[place : place + 2] for place in range(len(term) - 1)]
    return f'"{" ".join(pairs)}"' if pairs else f'"{term}"*'


def _stem(word: str) -> str:
    """A word less an ending of English, where enough is left to search for; numbers have none."""
    if not word.isascii() or not word.isalpha():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= LEAST_STEM:
            return word.removesuffix(ending)
    return word


def _marked(term: str) -> str:
    """What is marked of a text: the run itself, or the whole of each word that begins so."""
    if _RUN.match(term):
        return re.escape(term)
    begins = r"[\W_]+".join(_TERM.findall(term)) if _is_code(term) else re.escape(_stem(term))
    return rf"(?<![^\W_]){begins}[^\W_{_UNSPACED}]*"


def _is_code(term: str) -> bool:
    return not term.isalnum()
