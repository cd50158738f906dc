"""SSSOM/TSV 1.1 (https://w3id.org/sssom/): a table of mappings, with its metadata in `#` lines above it or in a file beside it.

A set whose mapping_set_id is one of ours is held to our own rules; any other is read as published, however early its version.
"""

import re
from typing import Final

from kakehashi.sources.files import File
from kakehashi.sources.format import Bundle, Format, Reading
from kakehashi.sources.sssom.document import document
from kakehashi.sources.sssom.own import is_own, read_own
from kakehashi.sources.sssom.published import read_published
from kakehashi.sources.sssom.slots import LOADER, LOADER_VERSION
from kakehashi.vocabulary.text import Text

_SUFFIXES: Final = (".sssom.tsv", ".sssom.yml", ".sssom.yaml", ".tsv", ".yml", ".yaml")
_METADATA: Final = re.compile(rb"^(?:mapping_set_id|curie_map)[ \t]*:", re.MULTILINE)
_METADATA_ABOVE: Final = re.compile(rb"^#[ \t]*(?:mapping_set_id|curie_map)[ \t]*:", re.MULTILINE)
_COLUMNS: Final = (b"predicate_id",), (b"subject_id", b"subject_label"), (b"object_id", b"object_label")


def _recognises(file: File) -> bool:
    """By its name, or by what every such table or metadata block has."""
    if file.base.lower().endswith(_SUFFIXES[:3]):
        return True
    if file.suffix in {".yml", ".yaml"}:
        return bool(_METADATA.search(file.content))
    return file.suffix == ".tsv" and _is_table(file.content)


def _is_table(content: bytes) -> bool:
    start = end = 3 if content.startswith(b"\xef\xbb\xbf") else 0
    while content.startswith(b"#", end):
        end = content.find(b"\n", end) + 1 or len(content)
    columns = {cell.strip(b' \r"') for cell in content[end:].partition(b"\n")[0].split(b"\t")}
    return all(not columns.isdisjoint(names) for names in _COLUMNS) or bool(_METADATA_ABOVE.search(content[start:end]))


def _together(file: File) -> str:
    """The name without what tells a table from the metadata beside it."""
    ending = next((suffix for suffix in _SUFFIXES if file.name.lower().endswith(suffix)), "")
    return file.name[: len(file.name) - len(ending)]


def _read(bundle: Bundle) -> Reading:
    reading = Reading()
    read = document(bundle, reading)
    if read is not None:
        (read_own if is_own(read) else read_published)(read, reading)
    return reading


FORMAT: Final = Format(
    name=LOADER,
    version=LOADER_VERSION,
    title=Text("SSSOMの対応付け(TSV)", "SSSOM mapping sets (TSV)"),
    recognises=_recognises,
    read=_read,
    together=_together,
)
