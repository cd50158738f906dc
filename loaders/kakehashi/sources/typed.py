"""Parts of a document as typed records: what does not fit is a fault that says where, and what was wanted."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import msgspec

from kakehashi.records.located import Place
from kakehashi.sources.format import Reading
from kakehashi.sources.yaml_events import Entry
from kakehashi.vocabulary.text import Text

_T = TypeVar("_T")

MISSING = Text("必須のキー「{first}」がありません。", "The required key '{first}' is missing.")
UNLIKE = Text("{first} であるべきところが {second} です。", "Expected {first}, found {second}.")
EMPTY = Text("空です。値を書いてください。", "This is empty. Write a value.")
MALFORMED = Text("形が違います: {first}。", "This is not of the right form: {first}.")

UNREAD = Text("読み込まないキー「{key}」。", "A key that is not read: '{key}'.")

MAX_POINTER: Final = 300
MAX_KEY: Final = 40
_STEP: Final = re.compile(r"\.([^.\[]+)|\[([0-9]+|\.\.\.)\]")
_FORMS: Final = (
    (re.compile(r"Expected `str` (?:of length >= 1|matching regex '\\\\S')"), EMPTY),
    (re.compile(r"Object missing required field `(?P<first>[^`]*)`"), MISSING),
    (re.compile(r"Expected (?P<first>`[^`]*`.*), got (?P<second>`[^`]*`)"), UNLIKE),
)


def typed(value: Any, kind: type[_T], file: str, pointer: str, reading: Reading) -> _T | None:  # noqa: ANN401 - it can be anything
    """The value as a record of a kind; None and a fault at its pointer where it is none.

    In YAML the fault is told at the line of the innermost mapping.
    """
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `")
        line = _line(value, path)
        place = Place(file, line) if line else Place(file, pointer=(pointer + _pointer(path.rstrip("`")))[:MAX_POINTER])
        reading.fault(place, _text(message))
        return None


def leave_unread(value: Mapping[str, Any], kind: type[msgspec.Struct], place: Place, reading: Reading) -> None:
    """Count the keys of an object that its kind does not have."""
    for key in sorted(value.keys() - set(kind.__struct_encode_fields__)):
        reading.leave(UNREAD(key=key[:MAX_KEY]), place)


def escaped_key(key: str) -> str:
    """A key as a step of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def _pointer(path: str) -> str:
    """`$.a[0].b` as /a/0/b; a step that msgspec does not name (`[...]`) ends it, for the place is then the whole above it."""
    steps = []
    for found in _STEP.finditer(path):
        if found[2] == "...":
            break
        steps.append("/" + escaped_key(found[1] or found[2]))
    return "".join(steps)


def _line(value: Any, path: str) -> int:  # noqa: ANN401 - see `typed`
    """The line of the innermost YAML mapping on the way to a value; 0 where there is none, as in JSON."""
    line = value.line if isinstance(value, Entry) else 0
    for found in _STEP.finditer(path):
        try:
            value = value[found[1] or int(found[2])]
        except (KeyError, IndexError, TypeError, ValueError):
            break
        line = value.line if isinstance(value, Entry) else line
    return line


def _text(message: str) -> Text:
    fill: Callable[..., Text]
    for form, fill in _FORMS:
        found = form.fullmatch(message)
        if found is not None:
            return fill(**found.groupdict())
    return MALFORMED(first=message)
