"""Prowler's compliance files, of one provider or of all: which of its automated checks belong to which requirement.

That a check belongs to a requirement does not say that passing it satisfies the requirement; one without checks is for people.
"""

from typing import Final

from kakehashi.records.located import Place
from kakehashi.sources.files import File, UnreadableError, bundle_sha256, mapping_or_empty
from kakehashi.sources.format import Bundle, Format, Reading
from kakehashi.sources.prowler.edition import NAME, VERSION, About
from kakehashi.sources.prowler.records import Writer
from kakehashi.sources.prowler.schema import AnyDocument, Document, ProviderDocument
from kakehashi.sources.typed import leave_unread, typed
from kakehashi.vocabulary.text import Text

__all__ = ["FORMAT"]


def recognises(file: File) -> bool:
    """A JSON file with a framework and its requirements, in the keys of either schema."""
    if file.suffix != ".json":
        return False
    try:
        document = mapping_or_empty(file.document)
    except UnreadableError:
        return False
    if isinstance(document.get("Framework"), str):
        return "Requirements" in document or "Provider" in document
    return isinstance(document.get("framework"), str) and "requirements" in document


def read(bundle: Bundle) -> Reading:
    """The requirements as Prowler gives them, its checks, and which check belongs to which."""
    (file,) = bundle
    reading = Reading()
    document: AnyDocument | None
    if "Framework" in mapping_or_empty(file.document):
        document = typed(file.document, ProviderDocument, file.name, "", reading)
    else:
        document = typed(file.document, Document, file.name, "", reading)
    if document is not None:
        leave_unread(file.document, type(document), Place(file.name), reading)
        Writer(About(document, bundle_sha256(bundle)), file.name, reading).write()
    return reading


FORMAT: Final = Format(
    name=NAME,
    version=VERSION,
    title=Text("Prowler のコンプライアンス定義(JSON)", "Prowler compliance definition (JSON)"),
    recognises=recognises,
    read=read,
)
