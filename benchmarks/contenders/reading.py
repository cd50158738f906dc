"""The floor, first part: the files of a folder read with the fastest parser of each format, and no more."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Final

import orjson
import pyoxigraph
import yaml_rs
from python_calamine import CalamineError, CalamineWorkbook

from benchmarks.contenders import Facts, files_below


def run(folder: str) -> Facts:
    """Parse every file; what its parser refuses is counted, and took its time."""
    paths = files_below(Path(folder))
    contents = [(path.suffix.lower(), path.read_bytes()) for path in paths]
    read = sum(_parsed(PARSERS.get(suffix, len), content) for suffix, content in contents)
    return {"files": len(paths), "parsed": read, "bytes": sum(len(content) for _, content in contents)}


def _parsed(parse: Callable[[bytes], object], content: bytes) -> bool:
    try:
        parse(content)
    except (CalamineError, SyntaxError, ValueError):  # orjson's and yaml_rs's errors are ValueErrors
        return False
    return True


def _yaml(content: bytes) -> object:
    return yaml_rs.loads(content.decode(), parse_datetime=False)


def _turtle(content: bytes) -> int:
    return sum(1 for _ in pyoxigraph.parse(input=content, format=pyoxigraph.RdfFormat.TURTLE))


def _table(content: bytes) -> int:
    return sum(1 for _ in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter="\t"))


def _workbook(content: bytes) -> int:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


PARSERS: Final[dict[str, Callable[[bytes], object]]] = {
    ".json": orjson.loads, ".yaml": _yaml, ".yml": _yaml, ".ttl": _turtle, ".tsv": _table, ".xlsx": _workbook,
}  # fmt: skip
