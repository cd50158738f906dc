"""OSCAL (NIST): catalogues, profiles, component definitions and mapping collections, in JSON and YAML.

Which of the four a document is, its root key says; all versions 1.x are one format here, since what is read of them is the same.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from kakehashi.records.located import Place
from kakehashi.sources.files import File, UnreadableError, mapping_or_empty
from kakehashi.sources.format import Bundle, Format, Reading
from kakehashi.sources.oscal.catalogue import read_catalogue
from kakehashi.sources.oscal.component import read_component_definition
from kakehashi.sources.oscal.document import NAME, NOT_AN_OBJECT, VERSION, Document, open_document
from kakehashi.sources.oscal.mapping import read_mapping_collection
from kakehashi.sources.oscal.profile import read_profile
from kakehashi.sources.yaml_events import Entry
from kakehashi.vocabulary.text import Text

_HEAD: Final = 65_536

OPEN_CONTROL = Text(
    "これはOSCALの前身であるOpenControlの構成要素です。OSCALのコンポーネント定義に変換してください(例えば compliance-trestle)。",
    "This is a component of OpenControl, which came before OSCAL. Convert it to an OSCAL component definition "
    "(with compliance-trestle, for one).",
)
OTHER_MODEL = Text(
    "OSCALの「{model}」は読みません。読めるのは {known} です。", "The OSCAL model '{model}' is not read. Known: {known}."
)
XML = Text(
    "OSCALのXMLは読みません。同じ文書のJSON又はYAMLを読み込んでください。",
    "OSCAL in XML is not read. Load the same document in JSON or YAML.",
)
TWO_MODELS = Text(
    "一つのファイルにOSCALの文書が二つあります({models})。分けてください。",
    "One file holds two OSCAL documents ({models}). Split it.",
)

_READERS: Final[Mapping[str, Callable[[Document], None]]] = {
    "catalog": read_catalogue, "profile": read_profile, "component-definition": read_component_definition,
    "mapping-collection": read_mapping_collection,
}  # fmt: skip
_OTHER_MODELS: Final = (
    "system-security-plan", "assessment-plan", "assessment-results", "plan-of-action-and-milestones",
)  # fmt: skip
_MODELS: Final = (*_READERS, *_OTHER_MODELS)
# "catalog" and "profile" are everybody's words: they are OSCAL's where their value begins as OSCAL's documents do.
_OWN_WORDS: Final = frozenset(_MODELS) - {"catalog", "profile"}
_CONTENTS: Final = ("metadata", "uuid")
_OPEN_CONTROL_KEYS: Final = frozenset({"satisfies", "schema_version"})
_OPENING: Final = re.compile(
    rb"(?:\xef\xbb\xbf|#[^\n]*\n|---[^\n]*\n|[\s{])*[\"']?(?:" + "|".join(_MODELS).encode() + rb")[\"']?\s*:"
)


def recognises(file: File) -> bool:
    """Whether a file is OSCAL, or so like it that it is ours to refuse: of another model, cut off, or OpenControl."""
    head = file.content[:_HEAD]
    if file.suffix == ".xml":
        return b"csrc.nist.gov/ns/oscal/1.0" in head
    try:
        document = mapping_or_empty(file.document)
    except UnreadableError:
        return _OPENING.match(head) is not None and b"oscal-version" in head
    return any(_is_oscal(key, document[key]) for key in _MODELS if key in document) or _is_open_control(document)


def _is_oscal(key: str, value: object) -> bool:
    return key in _OWN_WORDS or any(word in mapping_or_empty(value) for word in _CONTENTS)


def _is_open_control(document: Mapping[str, Any]) -> bool:
    return document.keys() >= _OPEN_CONTROL_KEYS


def read(bundle: Bundle) -> Reading:
    """What an OSCAL document says."""
    reading, file = Reading(), bundle[0]
    root = mapping_or_empty(file.document)
    line = root.line if isinstance(root, Entry) else 0
    place = Place(file.name, line)
    models = [key for key in _MODELS if key in root]
    if len(models) != 1:
        reading.fault(place, TWO_MODELS(models=", ".join(models)) if models else XML if file.suffix == ".xml" else OPEN_CONTROL)
        return reading
    (model,) = models
    body = root[model]
    if model not in _READERS:
        reading.fault(place, OTHER_MODEL(model=model, known=", ".join(_READERS)))
    elif not isinstance(body, dict):
        reading.fault(Place(file.name, line) if line else Place(file.name, pointer=f"/{model}"), NOT_AN_OBJECT(key=model))
    else:
        document = open_document(file, reading, model, body)
        if document is not None:
            _READERS[model](document)
    return reading


FORMAT: Final = Format(
    name=NAME,
    version=VERSION,
    title=Text(
        "OSCAL(カタログ、プロファイル、コンポーネント定義、対応付け集)",
        "OSCAL (catalogues, profiles, component definitions, mapping collections)",
    ),
    recognises=recognises,
    read=read,
)
