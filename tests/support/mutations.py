"""Every way to spoil one place of a small document, and what must hold of whatever is read from it."""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any, Final

from kakehashi.records.identity import canonical
from kakehashi.records.model import Resource, Source, Statement
from kakehashi.sources.files import File, UnreadableError
from kakehashi.sources.format import Format, Reading

HOSTILE: Final[tuple[Any, ...]] = (
    None, True, 7, -1.5, "", " ", "x", "\x00", "../../etc\n", "é" * 500, "{0.__class__}", [], [None], [[]], {}, {"": None}, [{}],
)  # fmt: skip
ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~()-]*(/[A-Za-z0-9._~()-]+)*")

Step = str | int


def places(document: Any, above: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """The way to every value of a document, the document itself first."""
    yield above
    inner = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    for step, value in inner:
        yield from places(value, (*above, step))


def spoiled(document: Any) -> Iterator[Any]:
    """The document with one place left out, and with one place hostile."""
    for way in places(document):
        for value in HOSTILE:
            yield _with(document, way, value)
        if way and isinstance(way[-1], str):
            changed = copy.deepcopy(document)
            del _inside(changed, way[:-1])[way[-1]]
            yield changed


def _with(document: Any, way: tuple[Step, ...], value: Any) -> Any:
    if not way:
        return copy.deepcopy(value)
    changed = copy.deepcopy(document)
    _inside(changed, way[:-1])[way[-1]] = copy.deepcopy(value)
    return changed


def _inside(document: Any, way: tuple[Step, ...]) -> Any:
    for step in way:
        document = document[step]
    return document


def read_spoiled(source: Format, document: Any) -> Reading | None:
    """What is read of a spoiled document; None where it is not recognised or not read at all."""
    file = File("spoiled.json", json.dumps(document).encode())
    if not source.recognises(file):
        return None
    try:
        return source.read((file,))
    except UnreadableError:
        return None


def check(reading: Reading) -> None:
    """A reading is refused with faults in both languages and with their places, or holds sound records of one source."""
    for fault in reading.faults:
        assert fault.place.file == "spoiled.json"
        assert fault.text.ja
        assert fault.text.en
        assert "{" not in fault.text.en.replace("{0.__class__}", "")
    if not reading.faults:
        assert sum(isinstance(one, Source) for one in reading.records) == 1
        made = [one.id for one in reading.records if isinstance(one, Statement)]
        assert len(set(made)) == len(made)
        assert all(any(label.text.strip() for label in one.labels) for one in reading.records if isinstance(one, Resource))
    for record in reading.records:
        assert ID.fullmatch(record.id), record.id
        assert len(record.id) <= 200
        assert canonical(record)
