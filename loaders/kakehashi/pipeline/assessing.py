"""What assessments refer to, looked up in the public release: editions, provisions and controls, by id or by name.

Looking up goes one way: the private source learns ids of the release, and the release learns nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace as altered

from kakehashi.crosswalk.meanings import SATISFYING_CLASSES
from kakehashi.pipeline.check import Checked, faults_together
from kakehashi.pipeline.reading import ReadSource
from kakehashi.records.canonical import plain
from kakehashi.records.identity import assessment_id, content_digest
from kakehashi.records.located import Fault, Place
from kakehashi.records.model import Assessment
from kakehashi.snapshot.model import Snapshot
from kakehashi.sources.documents import known_document
from kakehashi.sources.format import MAX_FAULTS, Reading
from kakehashi.sources.naming import registered
from kakehashi.vocabulary.text import Text

ID_MARK: Final = "id:"
LISTED: Final = 5
HEADING: Final = "Heading"
TOKYO: Final = ZoneInfo("Asia/Tokyo")

UNKNOWN_EDITION = Text(
    "列「edition」の「{name}」という版はリリースにありません。版のid(例: iso-27001/2022)か名称を書いてください。",
    "The column 'edition' names '{name}', which the release does not have. Give an edition's id (iso-27001/2022) or name.",
)
UNKNOWN_PROVISION = Text(
    "列「provision」の「{name}」は、版「{edition}」の条項にありません。番号か、id: に続けてidを書いてください。",
    "The column 'provision' names '{name}', which is no provision of '{edition}'. Give its number, or id: and its id.",
)
MANY_PROVISIONS = Text(
    "列「provision」の「{name}」は一つに決まりません({ids})。id: に続けてidを書いてください。",
    "The column 'provision' names '{name}', which can be several ({ids}). Write id: and the id.",
)
ON_HEADING = Text(
    "列「provision」の「{name}」は見出しです。見出しは何も求めないので、評価できません。",
    "The column 'provision' names '{name}', a heading. A heading asks for nothing, and cannot be assessed.",
)
UNKNOWN_CONTROL = Text(
    "列「control」の「{name}」という製品や働きはリリースにありません。idか名称を書いてください。",
    "The column 'control' names '{name}', no product or capability of the release. Give its id or its name.",
)
MANY_CONTROLS = Text(
    "列「control」の「{name}」は一つに決まりません({ids})。idを書いてください。",
    "The column 'control' names '{name}', which can be several ({ids}). Give the id.",
)
FUTURE = Text(
    "列「date」の {date} はまだ来ていない日です。その日までは数えられないので、評価した日を書いてください。",
    "The column 'date' holds {date}, which is still to come. Nothing would count until then: give the day of the assessment.",
)
SAID_TWICE = Text("同じ評価の繰り返し。", "The same assessment again.")
NO_RELEASE = Text(
    "評価の対象となる版がまだありません。先に「kakehashi build」や「kakehashi load」で版を読み込んでください。",
    "There is no edition yet that could be assessed. Load editions first, with 'kakehashi build' or 'kakehashi load'.",
)


def looked_up(read: ReadSource, snapshot: Snapshot | None) -> ReadSource:
    """A source whose assessments name ids of the release; a fault for each that names what is not there, all at once.

    So are the faults of its reading: the rows that could be read are looked up beside the others.
    """
    if snapshot is None:
        return replace(read, faults=(*read.faults, Fault(Place(read.files[0]), NO_RELEASE)), digest="")
    today = datetime.now(TOKYO).date()
    fresh, names, said = Reading(found=read.reading.found, left_out=read.reading.left_out), _Names(snapshot), set[Assessment]()
    for record, place in read.checked.placed():
        if not isinstance(record, Assessment):
            fresh.add(record, place)
            continue
        texts, found = names.resolved(record)
        texts += [FUTURE(date=record.assessed_on)] if record.assessed_on > today else []
        fresh.faults += [Fault(place, text) for text in texts]
        if found in said:
            fresh.leave(SAID_TWICE, place)
            continue
        said.add(found)
        fresh.add(found, place)
    records = tuple(fresh.records)
    together = faults_together([Checked(records, fresh.places, Place(read.files[0]), own=False)])
    faults = (*read.faults, *fresh.faults, *together)[:MAX_FAULTS]
    return replace(read, reading=fresh, records=records, faults=faults, digest="" if faults else content_digest(records))


class _Names:
    """The names by which the release's things can be meant."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._numbers: dict[str, Mapping[str, list[str]]] = {}

    def resolved(self, one: Assessment) -> tuple[list[Text], Assessment]:
        """The assessment with ids as far as they are found, and what is wrong with the rest."""
        faults: list[Text] = []
        edition, provision, control = self._edition(one.edition), "", None
        if edition is None:
            faults.append(UNKNOWN_EDITION(name=one.edition[:80]))
        else:
            provision = self._one(self._provisions(edition, one.provision), one.provision, MANY_PROVISIONS, faults)
            if not provision:
                faults += [UNKNOWN_PROVISION(name=one.provision[:80], edition=edition)] if not faults else []
            elif self._snapshot.classes[provision] == HEADING:
                faults.append(ON_HEADING(name=one.provision[:80]))
        if one.control is not None:
            before = len(faults)
            control = self._one(self._controls(one.control), one.control, MANY_CONTROLS, faults)
            if not control and len(faults) == before:
                faults.append(UNKNOWN_CONTROL(name=one.control[:80]))
        found = altered(one, edition=edition or one.edition, provision=provision or one.provision, control=control or None)
        return faults, altered(found, id=assessment_id(one.source, found.subject, one.assessed_on))

    @staticmethod
    def _one(found: list[str], name: str, many: Text, faults: list[Text]) -> str:
        if len(found) > 1:
            faults.append(many(name=name[:80], ids=", ".join(found[:LISTED])))
        return found[0] if len(found) == 1 else ""

    def _edition(self, name: str) -> str | None:
        editions = self._snapshot.editions
        known = known_document(name)
        called = self._editions_called.get(_folded(name), [])
        for identifier in (name, *([known.edition] if known else []), *(called if len(called) == 1 else [])):
            if identifier in editions:
                return identifier
        return None

    def _provisions(self, edition: str, name: str) -> list[str]:
        """By id, else by number, else by the number in another spelling that the framework's sort of numbers has."""
        members = self._members(edition)
        identifier, work = name.removeprefix(ID_MARK).strip(), registered(edition)
        if identifier in members:
            return [identifier]
        found = self._by_number(edition).get(_folded(name), [])
        spelled = [] if work is None or name.startswith(ID_MARK) else [work.provision(name)]
        return found or [one for one in spelled if one in members]

    def _members(self, edition: str) -> Mapping[str, None]:
        found = self._snapshot.editions[edition]
        return dict.fromkeys((*found.provisions, *found.selected))

    def _by_number(self, edition: str) -> Mapping[str, list[str]]:
        if edition not in self._numbers:
            members = self._members(edition)
            numbers = ((self._snapshot.resources[one].notation or "", one) for one in members)
            self._numbers[edition] = _grouped((number, one) for number, one in numbers if number)
        return self._numbers[edition]

    def _controls(self, name: str) -> list[str]:
        identifier = name.removeprefix(ID_MARK).strip()
        if self._snapshot.classes.get(identifier) in SATISFYING_CLASSES:
            return [identifier]
        return self._controls_called.get(_folded(name), [])

    @cached_property
    def _editions_called(self) -> Mapping[str, list[str]]:
        return self._called(one for one in self._snapshot.editions if one in self._snapshot.resources)

    @cached_property
    def _controls_called(self) -> Mapping[str, list[str]]:
        return self._called(one for one, core in self._snapshot.classes.items() if core in SATISFYING_CLASSES)

    def _called(self, ids: Iterable[str]) -> Mapping[str, list[str]]:
        return _grouped((label.text, one) for one in ids for label in self._snapshot.resources[one].labels)


def _grouped(named: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for name, identifier in named:
        found[_folded(name)][identifier] = None
    return {name: list(ids) for name, ids in found.items()}


def _folded(name: str) -> str:
    return plain(name).casefold()
