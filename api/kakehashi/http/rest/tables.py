"""Whole tables, row by row: JSON lines with all that a row has, and CSV with a route's columns."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, Final

import orjson

Pages = Iterator[list[dict[str, Any]]]

JSON_LINES: Final = ("application/x-ndjson", "application/jsonl")
CSV: Final = "text/csv"
TABLE_TYPES: Final = (*JSON_LINES, CSV)

BETWEEN: Final = "; "
"""What stands between the values of one cell."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a cell that a spreadsheet would compute; an apostrophe before them makes it a text (OWASP, CSV injection)."""


def written(pages: Pages, media_type: str, columns: Sequence[str]) -> Iterator[bytes]:
    """The rows as bytes, a piece for each page; a column is a path, its steps parted by dots."""
    return _csv(pages, columns) if media_type == CSV else _json_lines(pages)


def _json_lines(pages: Pages) -> Iterator[bytes]:
    for page in pages:
        yield b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in page)


def _csv(pages: Pages, columns: Sequence[str]) -> Iterator[bytes]:
    yield _lines([columns])
    paths = [column.split(".") for column in columns]
    for page in pages:
        yield _lines([[_cell(row, path) for path in paths] for row in page])


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    """Lines as RFC 4180 has them, in UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _cell(row: dict[str, Any], path: Sequence[str]) -> str:
    text = BETWEEN.join(str(one).lower() if isinstance(one, bool) else str(one) for one in _values(row, path))
    return f"'{text}" if text.startswith(_FORMULA) else text


def _values(value: Any, path: Sequence[str]) -> Iterator[Any]:  # noqa: ANN401 - whatever JSON holds
    """What a path leads to, in each entry of the lists on its way."""
    if isinstance(value, list):
        for one in value:
            yield from _values(one, path)
    elif value is not None and path:
        yield from _values(value[path[0]], path[1:])
    elif value is not None:
        yield value
