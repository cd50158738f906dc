"""The files that sources are read from: bounded in size, depth and expansion, and parsed once however many ask."""

import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NoReturn

from kakehashi.records.located import Fault, Place
from kakehashi.sources.yaml_events import MAX_DIGITS, YamlRefusedError, parse_yaml
from kakehashi.vocabulary.text import Text

MAX_FILE_BYTES: Final = 64 * 1024 * 1024
MAX_VALUES: Final = 5_000_000

TOO_LARGE = Text(
    "ファイルが{size}バイトあり、上限の{limit}バイトを超えています。",
    "The file has {size} bytes, more than the limit of {limit}.",
)
NOT_UTF8 = Text(
    "UTF-8として読めないバイトがあります(位置{offset})。UTF-8で保存してください。",
    "There is a byte that is not UTF-8 (offset {offset}). Save the file as UTF-8.",
)
BAD_JSON = Text("JSONとして読めません: {problem}。", "This is not JSON: {problem}.")
DEEP_JSON = Text("JSONの入れ子が深すぎます。", "The JSON is nested too deep.")
MANY_VALUES = Text(
    "JSONの値が上限の{limit}個を超えています。ファイルを分けてください。",
    "The JSON holds more than {limit} values. Split the file.",
)
DUPLICATE_KEY = Text("キー「{key}」が同じ対象に二度書かれています。", "The key '{key}' is written twice in one object.")
NOT_A_NUMBER = Text("{value} はJSONの数ではありません。", "{value} is no number of JSON.")
NOT_TEXT = Text(
    "対にならないサロゲート({escape})があり、文字として書き出せません。",
    "There is half a surrogate pair ({escape}), which is no text.",
)

# Every escape of a JSON text in turn: a pair of surrogates, half a pair, or any other.
_ESCAPE: Final = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)")


class UnreadableError(Exception):
    """A file cannot be read at all; `fault` says where and why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault.place))
        self.fault = fault


@dataclass(frozen=True)
class File:
    """One file as it was given: `name` is what people are told, relative to what was named; with / between folders."""

    name: str
    content: bytes

    @property
    def folder(self) -> str:
        """The name of the folder that it lies in; empty where it was given alone."""
        return self.name.rpartition("/")[0]

    @property
    def base(self) -> str:
        """Its name without the folder."""
        return self.name.rpartition("/")[2]

    @property
    def suffix(self) -> str:
        """What follows the last dot of its name, lower case and with the dot; empty where there is none."""
        stem, dot, suffix = self.base.rpartition(".")
        return f".{suffix.lower()}" if dot and stem else ""

    @cached_property
    def sha256(self) -> str:
        """The checksum of its bytes."""
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def text(self) -> str:
        """Its text without a byte order mark; UnreadableError where it is not UTF-8."""
        try:
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = self.content.count(b"\n", 0, error.start) + 1
            raise UnreadableError(Fault(Place(self.name, line), NOT_UTF8(offset=error.start))) from error

    @property
    def document(self) -> Any:  # noqa: ANN401 - a parsed document can be anything
        """The JSON or YAML document that it holds, by its name; None for other files.

        YAML scalars stay text, except plain integers, true, false and null: dates and versions are read as written. Raises
        UnreadableError for what is malformed, too deep, repeats a key, or uses an alias.
        """
        if isinstance(self._parsed, Fault):
            raise UnreadableError(self._parsed)
        return self._parsed

    @cached_property
    def _parsed(self) -> Any:  # noqa: ANN401 - see `document`
        """The document, or what is wrong with it: every format asks, and it is parsed once."""
        try:
            if self.suffix == ".json":
                return parse_json(self)
            return _parse_yaml(self) if self.suffix in {".yaml", ".yml"} else None
        except UnreadableError as error:
            return error.fault

    def forget(self) -> None:
        """Let go of text and document, which take many times the room of the bytes; who asks again has them made again."""
        for name in ("text", "_parsed"):
            self.__dict__.pop(name, None)


def check_size(name: str, size: int) -> None:
    """Refuse what is too large, before it is read."""
    if size > MAX_FILE_BYTES:
        raise UnreadableError(Fault(Place(name), TOO_LARGE(size=size, limit=MAX_FILE_BYTES)))


def bundle_sha256(files: Iterable[File]) -> str:
    """The checksum of a bundle: of the file itself where it is one, else over the names and checksums of all."""
    members = sorted(files, key=lambda file: file.base)
    if len(members) == 1:
        return members[0].sha256
    digest = hashlib.sha256()
    for file in members:
        digest.update(f"{file.base}\0{file.sha256}\n".encode())
    return digest.hexdigest()


class _RepeatedKeyError(ValueError):
    pass


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        counted = Counter(key for key, _ in pairs)
        raise _RepeatedKeyError(next(key for key, times in counted.items() if times > 1))
    return found


def _no_constant(word: str) -> NoReturn:
    raise _NotANumberError(word)


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise _NotANumberError(digits[:MAX_DIGITS])
    return number


class _NotANumberError(ValueError):
    pass


def parse_json(file: File) -> Any:  # noqa: ANN401 - see `File.document`
    """The JSON document, whatever the file's name; UnreadableError where it is none."""
    _check_surrogates(file)
    if sum(map(file.content.count, (b",", b"[", b"{"))) > MAX_VALUES:  # each begins a value, unless it stands in a text
        raise UnreadableError(Fault(Place(file.name), MANY_VALUES(limit=MAX_VALUES)))
    try:
        return json.loads(file.text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        fault = Fault(Place(file.name, error.lineno), BAD_JSON(problem=error.msg))
    except _RepeatedKeyError as error:
        fault = Fault(Place(file.name), DUPLICATE_KEY(key=error))
    except _NotANumberError as error:
        fault = Fault(Place(file.name), NOT_A_NUMBER(value=error))
    except RecursionError:
        fault = Fault(Place(file.name), DEEP_JSON)
    except ValueError as error:  # an integer of thousands of digits
        fault = Fault(Place(file.name), BAD_JSON(problem=error))
    raise UnreadableError(fault)


def _check_surrogates(file: File) -> None:
    """Refuse half a pair: JSON can write it, but no text can hold it."""
    if "\\ud" not in file.text and "\\uD" not in file.text:
        return
    half = next((found[1] for found in _ESCAPE.finditer(file.text) if found[1]), None)
    if half is not None:
        raise UnreadableError(Fault(Place(file.name), NOT_TEXT(escape="\\" + half)))


def _parse_yaml(file: File) -> object:
    try:
        return parse_yaml(file.text)
    except YamlRefusedError as refused:
        raise UnreadableError(Fault(Place(file.name, refused.line), refused.text)) from refused


def mapping_or_empty(document: object) -> Mapping[str, Any]:
    """The document, where it is a mapping; else an empty one."""
    return document if isinstance(document, dict) else {}
