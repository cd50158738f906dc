"""OSIB trees, which OpenCRE's repository holds an example of: known, and not taken up."""

from typing import Final

from kakehashi.records.located import Place
from kakehashi.sources.files import File
from kakehashi.sources.format import Reading
from kakehashi.sources.yaml_events import Entry
from kakehashi.vocabulary.text import Text

REFUSED: Final = Text(
    "OSIB({schema})の木構造です。名前とURLの索引の草案であって、要求事項の本文も規格間の対応も含まないため取り込みません。"
    "OpenCREのCREのファイルを使ってください。",
    "This is an OSIB tree ({schema}): a draft index of names and addresses. It holds neither what a requirement says nor "
    "what it maps to, and is not taken up. Use OpenCRE's CRE files.",
)


def read_osib(file: File) -> Reading:
    """A refusal with its reason."""
    reading = Reading()
    document = file.document
    line, schema = (document.line, document.get("schema")) if isinstance(document, Entry) else (1, None)
    reading.fault(Place(file.name, line), REFUSED(schema=str(schema or "?")[:20]))
    return reading
