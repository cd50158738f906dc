"""A snapshot as a file: JSON, written once by the build and validated when it is loaded."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import orjson
from pydantic import TypeAdapter

from kakehashi.records.model import Records
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.model import Manifest, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class _Saved:
    manifest: Manifest
    records: Records


@cache
def _adapter() -> TypeAdapter[_Saved]:
    return TypeAdapter(_Saved)


def save(snapshot: Snapshot, file: Path) -> None:
    """Write the snapshot."""
    file.write_bytes(orjson.dumps(_Saved(manifest=snapshot.manifest, records=snapshot.records)))


def load(file: Path) -> Snapshot:
    """Read a snapshot; a ValueError where the file is not one."""
    saved = _adapter().validate_json(file.read_bytes())
    return Snapshot(saved.manifest, saved.records)


def load_current(home: Home) -> Snapshot:
    """The snapshot of the served release."""
    return load(home.snapshot(home.require_current()))
