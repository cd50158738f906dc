"""Finds the sources of a build and reads each with the module that recognises it."""

from collections.abc import Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable

from kakehashi.records.located import Place
from kakehashi.sources import catalogue, sssom
from kakehashi.sources.reading import Reading
from kakehashi.vocabulary.text import Text

UNRECOGNISED = Text(
    "どの形式とも認識できません。カタログのフォルダ(source.yamlを含む)か、名前が.sssom.tsvで終わるファイルを指定してください。",
    "This is no known format. Name a catalogue folder (one that holds source.yaml) or a file whose name ends in .sssom.tsv.",
)
MISSING = Text("ファイルまたはフォルダがありません。", "There is no such file or folder.")


def packaged() -> tuple[Traversable, ...]:
    """The sources of the default release: the project's own catalogues and mapping sets."""
    found = [*files("kakehashi.data").iterdir(), *files("kakehashi.sets").iterdir()]
    return tuple(sorted((one for one in found if _recognised(one)), key=lambda one: one.name))


def read_all(inputs: Iterable[Traversable]) -> Reading:
    """All records and all faults of all inputs."""
    whole = Reading()
    for one in inputs:
        reading = _read(one)
        whole.records += reading.records
        whole.faults += reading.faults
    return whole


def _recognised(one: Traversable) -> bool:
    return catalogue.recognises(one) or sssom.recognises(one)


def _read(one: Traversable) -> Reading:
    if catalogue.recognises(one):
        return catalogue.read(one)
    if sssom.recognises(one):
        return sssom.read(one)
    reading = Reading()
    exists = one.is_file() or one.is_dir()
    reading.fault(Place(one.name), UNRECOGNISED if exists else MISSING)
    return reading
