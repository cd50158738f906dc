"""From what GraphQL answers to what a tool gives: flat, bounded, and as text for those that read no JSON."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kakehashi.vocabulary.text import shown

MAX_NAME: Final = 200
MAX_SENTENCE: Final = 1500
MAX_LIST: Final = 10
"""How many of a list within a row are told; how many more there are is told beside it, as `{name}Left`."""

MAX_LINE: Final = 360

CUT: Final = "…"
_INDENT: Final = "  "
_WORD: Final = re.compile(r"[A-Za-z0-9._:/@#+()-]+")
"""What stands without quotation marks: ids, words of the vocabulary, days and cursors."""


def flat(value: Any, name: str = "") -> Any:  # noqa: ANN401 - JSON
    """A value without what is null or empty; an object that was asked for one field is that field, and texts are bounded."""
    if isinstance(value, dict):
        return flat(next(iter(value.values())), name) if len(value) == 1 else _object(value)
    if isinstance(value, list):
        return [flat(item, name) for item in value]
    return _bounded(value, MAX_NAME if name == "label" else MAX_SENTENCE) if isinstance(value, str) else value


def paged(data: Mapping[str, Any]) -> dict[str, Any]:
    """A document's whole answer: the rows of its page beside what the page is part of, and the cursor to go on with."""
    told = dict(data)
    told |= told.pop("answer", {})
    page = told.pop("page")
    more = page["pageInfo"]
    going_on = {"next": more["endCursor"]} if more["hasNextPage"] else {}
    rows = [_object(node) for node in page["nodes"]]
    return {**_object(told), "totalCount": page["totalCount"], "rows": rows, **going_on}


def _object(fields: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, value in fields.items():
        found = flat(value, name)
        if isinstance(found, list) and len(found) > MAX_LIST:
            told[name], told[f"{name}Left"] = found[:MAX_LIST], len(found) - MAX_LIST
        elif found not in (None, [], {}):
            told[name] = found
    return told


def _bounded(text: str, limit: int) -> str:
    """A text as it may be shown: nothing unseen in it that would change how the rest is read, and no longer than the limit."""
    seen = shown(text[: limit + 1])
    return seen if len(seen) <= limit else seen[:limit] + CUT


def outline(answer: Mapping[str, Any]) -> str:
    """The answer as indented lines, each as much as fits. What comes from loaded files stands in quotation marks."""
    return "\n".join(_lines(answer, 0))


def _lines(fields: Mapping[str, Any], depth: int) -> Iterator[str]:
    for name, value in fields.items():
        yield from _told(f"{_INDENT * depth}{name}:", value, depth + 1)


def _items(items: list[Any], depth: int) -> Iterator[str]:
    for item in items:
        yield from _told(f"{_INDENT * depth}-", item, depth + 1)


def _told(head: str, value: Any, depth: int) -> Iterator[str]:  # noqa: ANN401 - JSON
    """A value on the line that its head begins, or below it where that would be too long."""
    line = _inline(value)
    if len(line) <= MAX_LINE or not isinstance(value, list | Mapping) or _is_reference(value):
        yield f"{head} {line}"
        return
    yield head
    yield from _lines(value, depth) if isinstance(value, Mapping) else _items(value, depth)


def _inline(value: Any) -> str:  # noqa: ANN401 - JSON
    if _is_reference(value):
        return " ".join([value["id"], *(json.dumps(label, ensure_ascii=False) for label in (value.get("label"),) if label)])
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_within(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(_within(one) for one in value)
    if isinstance(value, str) and not _WORD.fullmatch(value):
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _within(value: Any) -> str:  # noqa: ANN401 - JSON
    """A value within a line."""
    grouped = isinstance(value, list | Mapping) and not _is_reference(value)
    return f"({_inline(value)})" if grouped else _inline(value)


def _is_reference(value: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(value, Mapping) and "id" in value and value.keys() <= {"id", "label"}
