"""Parameters as literals: what each stands for, and what a baseline or component sets."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

from kakehashi.records.model import Literal
from kakehashi.sources.oscal.document import Document
from kakehashi.sources.oscal.model import Parameter, plain, told
from kakehashi.sources.oscal.prose import Prose
from kakehashi.vocabulary.text import Text

PREDICATE: Final = "parameter"

Settings: TypeAlias = tuple[Parameter, Any, str]
"""A parameter with the object that it was read from and its pointer."""

GUIDELINES = Text("パラメーターの決め方の指針は記録にしません。", "Guidelines on how to fill in parameters make no record.")
NOTHING_SET = Text(
    "値も制約も持たないパラメーターの設定は記録にしません。",
    "Settings of parameters without a value or constraint make no record.",
)


def defined(document: Document, params: list[Any], pointer: str, near: object, prose: Prose) -> Iterator[Settings]:
    """The parameters that a catalogue, group or control defines, each learnt by the texts."""
    for parameter, raw, here in document.each(params, Parameter, f"{pointer}/params", near):
        prose.learn(parameter)
        yield parameter, raw, here


def state_defined(document: Document, found: list[Settings], subject: str, setter: str, prose: Prose) -> None:
    """What the parameters of a provision stand for; what is set of them is stated of `setter`, the baseline that sets it."""
    for parameter, raw, pointer in found:
        document.reading.count("parameters")
        place = document.place(raw, pointer)
        if meaning := prose.meaning(parameter):
            document.state(subject, PREDICATE, Literal(text=f"{plain(parameter.id)}: {meaning}"), place)
        if value := _set(parameter):
            document.state(setter, PREDICATE, Literal(text=f"{plain(parameter.id)} = {value}"), place)
        if parameter.guidelines:
            document.reading.leave(GUIDELINES, place, len(parameter.guidelines))


def state_set(document: Document, settings: Iterable[Settings], subject: str, section: str | None = None) -> None:
    """The parameters that a profile or component sets, as "id = value"."""
    for parameter, raw, pointer in settings:
        document.reading.count("set parameters")
        place = document.place(raw, pointer)
        if value := _set(parameter):
            document.state(subject, PREDICATE, Literal(text=f"{plain(parameter.param_id)} = {value}"), place, section=section)
        else:
            document.reading.leave(NOTHING_SET, place)


def _set(parameter: Parameter) -> str:
    """Values and constraints, joined; a constraint is what a baseline demands of the value that is still to be chosen."""
    values = [plain(value) for value in parameter.values]
    return "; ".join(text for text in (*values, *(told(one.description) for one in parameter.constraints)) if text)
