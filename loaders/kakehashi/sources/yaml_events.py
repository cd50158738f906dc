"""YAML from libyaml's events in one pass: lines remembered, no aliases, no tags, no repeated keys, bounded depth.

libyaml's parser does not recurse, so nesting cannot exhaust the stack; the faster parsers that were tried crash on it.
"""

import re
from typing import Any, Final

import yaml

from kakehashi.vocabulary.text import Text

MAX_DEPTH: Final = 60
MAX_DIGITS: Final = 18
MAX_VALUES: Final = 2_000_000

MAX_SHOWN: Final = 80

_PARSER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER: Final = re.compile(r"-?(0|[1-9][0-9]*)")
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}

BAD_YAML = Text(
    "YAMLとして読めません: {problem}。途中で切れていないか確かめてください。",
    "This is not YAML: {problem}. Check that the file was not cut off.",
)
ALIAS = Text("YAMLの別名(*)は使えません。値をそのまま書いてください。", "YAML aliases (*) are not accepted. Write the value out.")
DEPTH = Text("YAMLの入れ子が{limit}段を超えています。", "The YAML is nested deeper than {limit} levels.")
MANY_VALUES = Text(
    "YAMLの値が上限の{limit}個を超えています。ファイルを分けてください。",
    "The YAML holds more than {limit} values. Split the file.",
)
TAG = Text("YAMLのタグ「{tag}」は使えません。", "The YAML tag '{tag}' is not accepted.")
DUPLICATE_KEY = Text("キー「{key}」が二度書かれています。", "The key '{key}' is written twice.")
BAD_KEY = Text("キーは文字列でなければなりません。", "A key must be a plain text.")
SECOND_DOCUMENT = Text("一つのファイルに文書は一つだけです。", "A file holds one document only.")


class YamlRefusedError(Exception):
    """YAML that is malformed or not accepted; `line` counts from 1, 0 is unknown."""

    def __init__(self, line: int, text: Text) -> None:
        super().__init__(text.en)
        self.line, self.text = line, text


class Entry(dict[str, Any]):
    """A YAML mapping that knows the line it begins on."""

    line: int = 0


def parse_yaml(text: str, first_line: int = 1, max_depth: int = MAX_DEPTH) -> object:
    """The document, with `Entry` for mappings and text for every scalar but plain integers, booleans and null."""
    try:
        return _Builder(first_line, max_depth).build(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "?"
        raise YamlRefusedError(first_line + mark.line if mark else 0, BAD_YAML(problem=problem)) from error


class _Builder:
    """Puts events together; a stack holds the open collections, each mapping with the key that waits for its value."""

    def __init__(self, first_line: int, max_depth: int) -> None:
        self.first_line, self.max_depth = first_line, max_depth
        self.stack: list[list[Any] | Entry] = []
        self.keys: list[str | None] = []
        self.documents: list[object] = []
        self.left = MAX_VALUES

    def build(self, text: str) -> object:
        for event in yaml.parse(text, Loader=_PARSER):
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._scalar(event)
            elif kind is yaml.MappingStartEvent:
                self._open(event, Entry())
            elif kind is yaml.SequenceStartEvent:
                self._open(event, [])
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self.stack.pop()
                self.keys.pop()
            elif kind is yaml.AliasEvent:
                self._refuse(event, ALIAS)
            elif kind is yaml.DocumentStartEvent and self.documents:
                self._refuse(event, SECOND_DOCUMENT)
        return self.documents[0] if self.documents else None

    def _refuse(self, event: Any, text: Text) -> None:  # noqa: ANN401 - PyYAML's events are untyped
        raise YamlRefusedError(self.first_line + event.start_mark.line, text)

    def _open(self, event: Any, collection: list[Any] | Entry) -> None:  # noqa: ANN401
        if len(self.stack) >= self.max_depth:
            self._refuse(event, DEPTH(limit=self.max_depth))
        if isinstance(collection, Entry):
            collection.line = self.first_line + event.start_mark.line
        if event.tag is not None:
            self._refuse(event, TAG(tag=event.tag[:MAX_SHOWN]))
        self._put(event, collection)
        self.stack.append(collection)
        self.keys.append(None)

    def _scalar(self, event: Any) -> None:  # noqa: ANN401
        if event.tag is not None and event.tag != "!":
            self._refuse(event, TAG(tag=event.tag[:MAX_SHOWN]))
        value = event.value
        if self.stack and self.keys[-1] is None and type(self.stack[-1]) is Entry:
            self._key(event, value)
        else:
            self._put(event, _plain(value) if event.implicit[0] else value)

    def _key(self, event: Any, key: str) -> None:  # noqa: ANN401
        if key in self.stack[-1]:
            self._refuse(event, DUPLICATE_KEY(key=key[:MAX_SHOWN]))
        self.keys[-1] = key

    def _put(self, event: Any, value: object) -> None:  # noqa: ANN401
        self.left -= 1
        if self.left < 0:
            self._refuse(event, MANY_VALUES(limit=MAX_VALUES))
        if not self.stack:
            self.documents.append(value)
            return
        holder = self.stack[-1]
        if isinstance(holder, list):
            holder.append(value)
            return
        key = self.keys[-1]
        if key is None:
            self._refuse(event, BAD_KEY)
            return
        holder[key] = value
        self.keys[-1] = None


def _plain(value: str) -> object:
    """What an unquoted scalar means; a number with a point, a date and all else stay text."""
    if value in _NULLS:
        return None
    if value in _BOOLEANS:
        return _BOOLEANS[value]
    if len(value) <= MAX_DIGITS and _INTEGER.fullmatch(value):
        return int(value)
    return value
