"""OSCAL component definitions: which controls a component has to do with, on its publisher's word.

How far a status goes. OSCAL lists a control under a component to say how the component helps with it; the description says
how far, in prose. So a listed control is read as "lists the control", never as satisfied. `implemented` is no more than that: a
component that is said to have implemented a control has done its share of it, and what is left to whoever runs it stands
nowhere; the word is kept. `partial` does say something of the extent: part of it, and not all. `planned`, `not-applicable` and
`alternative` state no coverage at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from kakehashi.records.model import Label, MappingDetail, MappingSet, Resource
from kakehashi.records.values import Authority, MappingStatus, Nature, StatedAs
from kakehashi.sources.naming import Work
from kakehashi.sources.oscal.document import EMPTY, MAX_SHOWN, Document, short_version
from kakehashi.sources.oscal.model import (
    Component,
    ComponentDefinition,
    ControlImplementation,
    ImplementedRequirement,
    ImplementedStatement,
    Parameter,
    Prop,
    plain,
    told,
)
from kakehashi.sources.oscal.parameters import state_set
from kakehashi.sources.oscal.references import References, provision_of
from kakehashi.sources.spelling import escaped, slug
from kakehashi.vocabulary.iris import SEMAPV
from kakehashi.vocabulary.text import Text

REPEATED_UUID = Text(
    "UUID「{uuid}」が {first} でも使われています。別のUUIDを付けてください。",
    "The UUID '{uuid}' is used at {first} too. Give each object a UUID of its own.",
)
UNKNOWN_STATUS = Text(
    "実装の状況「{value}」は使えません。使えるのは {known} です。",
    "'{value}' is no implementation status. Known: {known}.",
)
DETAILS = Text(
    "構成要素と実装の属性・リンク・役割・通信手順は記録にしません。",
    "Properties, links, roles and protocols of components and of what they implement make no record.",
)
RULES = Text(
    "検査のない規則と、規則のパラメーターは記録にしません。",
    "Rules without a check, and the parameters of rules, make no record.",
)
IMPORTS = Text(
    "ほかのコンポーネント定義の取込みは、この文書の記録になりません。そのファイルも読み込んでください。",
    "Imports of other component definitions make no record here. Load those files too.",
)

STATUS: Final = "implementation-status"
_PREDICATES: Final = {
    "implemented": "lists-the-control", "partial": "satisfies-in-part", "planned": "planned-for",
    "not-applicable": "not-applicable-to", "alternative": "alternative-for",
}  # fmt: skip
_LISTS: Final = "lists-the-control"
# What holds of a control and, where nothing else is said, of its statements too; part of a control is not part of each.
_INHERITED: Final = frozenset({"planned", "not-applicable", "alternative"})
_JUSTIFICATION: Final = SEMAPV + "UnspecifiedMatching"

_Implementation = tuple[ControlImplementation, Any, str, Work]


@dataclass(slots=True)
class _Thing:
    """A component or capability with what it implements."""

    shape: Component
    raw: Any
    pointer: str
    kind: str
    name: str
    implementations: list[_Implementation] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The UUID tells components apart and stays from version to version; the name is for people."""
        space = "component" if self.kind == "component" else "capability"
        return f"{space}/{slug(self.name)}/{slug(plain(self.shape.uuid))}"


@dataclass(slots=True)
class _Reader:
    """Reads one component definition."""

    document: Document
    references: References
    things: list[_Thing] = field(default_factory=list)
    _uuids: dict[str, str] = field(default_factory=dict)

    def find(self, definition: ComponentDefinition) -> None:
        """The components and capabilities, each with the works that its implementations speak of."""
        body = self.document.body
        for key, kind, found in (
            ("components", "component", definition.components),
            ("capabilities", "product-capability", definition.capabilities),
        ):
            for shape, raw, here in self.document.each(found, Component, f"/{self.document.model}/{key}", body):
                self.document.reading.count(key)
                thing = _Thing(shape, raw, here, kind, told(shape.title) or told(shape.name))
                if not thing.name:
                    self.document.reading.fault(self.document.place(raw, here), EMPTY(key="title"))
                self._own(shape.uuid, raw, here)
                self._implementations(thing)
                self.things.append(thing)

    def _implementations(self, thing: _Thing) -> None:
        here = f"{thing.pointer}/control-implementations"
        for one, raw, pointer in self.document.each(thing.shape.control_implementations, ControlImplementation, here, thing.raw):
            self.document.reading.count("control implementations")
            self._own(one.uuid, raw, pointer)
            work = self.references.work(plain(one.source), raw, f"{pointer}/source", tuple(one.props))
            if work is not None:
                thing.implementations.append((one, raw, pointer, work))

    def _own(self, uuid: object, raw: object, pointer: str) -> None:
        """A UUID is used once. Those of statements are not looked at: NIST's own example repeats one."""
        text = uuid.strip().lower() if isinstance(uuid, str) else ""
        place = self.document.place(raw, pointer)
        if not text:
            self.document.reading.fault(place, EMPTY(key="uuid"))
        elif text in self._uuids:
            self.document.reading.fault(place, REPEATED_UUID(uuid=text[:MAX_SHOWN], first=self._uuids[text]))
        self._uuids.setdefault(text, str(place))

    @property
    def identity(self) -> str:
        """Title and what is implemented: tools give the definitions of one product for several catalogues one title."""
        editions = {work.edition for thing in self.things for *_, work in thing.implementations}
        return " ".join((self.document.title, *sorted(editions)))

    def keep(self) -> None:
        """The records of everything that was found."""
        for thing in self.things:
            shape, document = thing.shape, self.document
            place = document.place(thing.raw, thing.pointer)
            text = "\n\n".join(text for text in (told(shape.description), told(shape.purpose)) if text)
            document.add(
                Resource(
                    id=thing.id, kind=thing.kind, source=document.source.id, labels=(document.label(thing.name),),
                    texts=(document.label(text),) if text else (),
                ), place,
            )  # fmt: skip
            details = (shape.links, shape.responsible_roles, shape.protocols, shape.incorporates_components)
            self.leave(DETAILS, thing.raw, thing.pointer, sum(map(len, details)))
            checks = self._checks(thing)
            for implementation in thing.implementations:
                self._implementation(thing, implementation, checks)

    def leave(self, why: Text, raw: object, pointer: str, number: int) -> None:
        """Count what makes no record, where there is any."""
        if number:
            self.document.reading.leave(why, self.document.place(raw, pointer), number)

    def _checks(self, thing: _Thing) -> dict[str, str]:
        """The checks of a component by the rule that they check. A rule is spread over properties with one remark each."""
        sets: dict[str, dict[str, str]] = {}
        for prop in thing.shape.props:
            sets.setdefault(plain(prop.remarks), {}).setdefault(plain(prop.name), told(prop.value))
        found: dict[str, str] = {}
        used = 0
        for rule in sets.values():
            if rule.get("Rule_Id") and rule.get("Check_Id"):
                found[rule["Rule_Id"]] = self._check(thing, rule)
                used += 2 + ("Check_Description" in rule)
        rules = sum("Rule_Id" in rule for rule in sets.values())
        if rules:
            self.document.reading.count("rules", rules)
        self.leave(RULES if rules else DETAILS, thing.raw, thing.pointer, len(thing.shape.props) - used)
        return found

    def _check(self, thing: _Thing, rule: dict[str, str]) -> str:
        document, name = self.document, rule["Check_Id"]
        check = f"check/{slug(thing.name)}/{escaped(name)}"
        label = rule.get("Check_Description") or name
        place = document.place(thing.raw, thing.pointer)
        document.add(
            Resource(id=check, kind="check", source=document.source.id, labels=(document.label(label),), notation=name), place
        )
        document.reading.count("checks")
        document.state(thing.id, "has-capability", check, place)
        return check

    def _implementation(self, thing: _Thing, implementation: _Implementation, checks: dict[str, str]) -> None:
        one, raw, pointer, work = implementation
        document = self.document
        document.add_named(work)
        mapping_set = self._mapping_set(thing, implementation)
        self.leave(DETAILS, raw, pointer, len(one.props) + len(one.links))
        state_set(document, document.each(one.set_parameters, Parameter, f"{pointer}/set-parameters", raw), thing.id)
        writer = _Claims(self, thing.id, work, mapping_set, checks)
        here = f"{pointer}/implemented-requirements"
        for requirement, of, at in document.each(one.implemented_requirements, ImplementedRequirement, here, raw):
            document.reading.count("implemented requirements")
            self._own(requirement.uuid, of, at)
            writer.requirement(requirement, of, at)

    def _mapping_set(self, thing: _Thing, implementation: _Implementation) -> str:
        """What one component says of one catalogue is a set of its own: the batch in which its publisher gave it."""
        one, raw, pointer, work = implementation
        document = self.document
        version = f"/{short_version(document.version)}" if document.version else ""
        identifier = f"mapping-set/oscal/{slug(thing.name)}{version}/{slug(plain(one.uuid))}"
        name = f"{thing.name}: {told(one.description) or work.edition}"
        place = document.place(raw, pointer)
        document.add(
            Resource(id=identifier, kind="mapping-set", source=document.source.id, labels=(document.label(name, ours=True),)),
            place,
        )
        document.add(
            MappingSet(
                id=identifier, source=document.source.id, stated_as=StatedAs.SOURCE_TO_TARGET,
                rows=len(one.implemented_requirements), object_edition=work.takes_from or work.edition,
            ), place,
        )  # fmt: skip
        if work.takes_from is not None:
            document.state(identifier, "about", work.edition, place)
        return identifier


@dataclass(frozen=True, slots=True)
class _Claims:
    """Writes what one component says of one catalogue."""

    reader: _Reader
    component: str
    work: Work
    mapping_set: str
    checks: dict[str, str]

    def requirement(self, one: ImplementedRequirement, raw: object, pointer: str) -> None:
        """What the component says of one control, and of the statements of it."""
        document, control = self.reader.document, plain(one.control_id)
        place = document.place(raw, pointer)
        if not control:
            document.reading.fault(place, EMPTY(key="control-id"))
            return
        provision = self.work.provision(control)
        words = self._statuses(one.props, raw, pointer)
        for word, remarks in words or (("", ""),):
            detail = self._detail(word or "implemented-requirement", (told(one.description), remarks))
            document.state(self.component, _predicate(word), provision, place, mapping=detail)
        self._rules(one.props, {word.lower() for word, _ in words}, provision, raw, pointer)
        self.reader.leave(DETAILS, raw, pointer, len(one.links) + len(one.responsible_roles))
        settings = document.each(one.set_parameters, Parameter, f"{pointer}/set-parameters", raw)
        state_set(document, settings, self.component, control)
        inherited = next((word for word, _ in words if word.lower() in _INHERITED), "")
        for statement, of, here in document.each(one.statements, ImplementedStatement, f"{pointer}/statements", raw):
            document.reading.count("statements")
            self._statement(statement, of, here, inherited)

    def _statement(self, one: ImplementedStatement, raw: object, pointer: str, inherited: str) -> None:
        document, reference = self.reader.document, plain(one.statement_id)
        place = document.place(raw, pointer)
        if not reference:
            document.reading.fault(place, EMPTY(key="statement-id"))
            return
        words = self._statuses(one.props, raw, pointer) or [(inherited, "")]
        self.reader.leave(DETAILS, raw, pointer, sum(prop.name != STATUS for prop in one.props))
        settings = document.each(one.set_parameters, Parameter, f"{pointer}/set-parameters", raw)
        state_set(document, settings, self.component, reference)
        for word, remarks in words:
            detail = self._detail(word or "statement", (told(one.description), remarks))
            document.state(
                self.component, _predicate(word), provision_of(self.work, reference), place, section=reference, mapping=detail
            )  # fmt: skip

    def _statuses(self, props: Iterable[Prop], raw: object, pointer: str) -> list[tuple[str, str]]:
        """The statuses as published, with their remarks; a fault for a word that OSCAL does not have."""
        found = [(told(prop.value), told(prop.remarks)) for prop in props if prop.name == STATUS]
        for word, _ in found:
            if word.lower() not in _PREDICATES:
                document = self.reader.document
                text = UNKNOWN_STATUS(value=word[:MAX_SHOWN], known=", ".join(_PREDICATES))
                document.reading.fault(document.place(raw, pointer), text)
        return found

    def _rules(self, props: list[Prop], words: set[str], provision: str, raw: object, pointer: str) -> None:
        """A rule that is listed for a control brings its check to it, unless the component says that it does not cover it."""
        document, rest = self.reader.document, 0
        for prop in props:
            check = self.checks.get(plain(prop.value)) if prop.name == "Rule_Id" else None
            if check is not None and not words & _INHERITED:
                place = document.place(raw, pointer)
                document.state(check, _LISTS, provision, place, mapping=self._detail("Rule_Id", ()))
            elif prop.name != STATUS:
                rest += 1
        self.reader.leave(DETAILS, raw, pointer, rest)

    def _detail(self, verbatim: str, texts: tuple[str, ...]) -> MappingDetail:
        rationale = "\n\n".join(text for text in texts if text)
        labels: tuple[Label, ...] = (self.reader.document.label(rationale),) if rationale else ()
        return MappingDetail(
            mapping_set=self.mapping_set, verbatim=verbatim, justification=_JUSTIFICATION, status=MappingStatus.PUBLISHED,
            rationale=labels,
        )  # fmt: skip


def _predicate(word: str) -> str:
    """How a status is read; a control without one is listed."""
    return _PREDICATES.get(word.lower(), _LISTS)


def read_component_definition(document: Document) -> None:
    """Read a component definition."""
    definition = document.typed(document.body, ComponentDefinition, f"/{document.model}")
    reader = _Reader(document, References(document))
    if definition is not None:
        reader.find(definition)
    document.begin(Authority.VENDOR, reader.identity, Nature.CLAIM)
    if definition is None:
        return
    if definition.import_component_definitions:
        place = document.place(document.body, f"/{document.model}/import-component-definitions")
        document.reading.leave(IMPORTS, place, len(definition.import_component_definitions))
    reader.keep()
