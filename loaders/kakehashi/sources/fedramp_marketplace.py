"""FedRAMP's marketplace data: cloud offerings, who authorised them, who reuses that, who assessed them, what builds on what.

What the file tells twice is stated once: agencies and assessors repeat lists that offerings hold. `leveraged_systems` names the
systems that leverage the offering (AWS lists 201 and is in no other's list), and `agency_reuse` the agencies that use those.
Ways to reach people are never kept, nor mail addresses within texts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Final, TypeVar

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from kakehashi.records.located import Place
from kakehashi.records.model import Label, Literal, Resource, Source
from kakehashi.records.values import Authority, Redistribution
from kakehashi.sources.files import File, UnreadableError, bundle_sha256, mapping_or_empty
from kakehashi.sources.format import Bundle, Format, Reading
from kakehashi.sources.naming import publisher_called
from kakehashi.sources.spelling import escaped
from kakehashi.sources.stating import StatementWriter
from kakehashi.sources.typed import UNREAD, escaped_key, typed
from kakehashi.vocabulary.text import Text

NAME: Final = "fedramp-marketplace"
VERSION: Final = "1"
LANGUAGE: Final = "en"
PUBLISHER: Final = "FedRAMP"
RIGHTS: Final = "not stated"
_T = TypeVar("_T", bound=Struct)

LISTS: Final = ("Products", "AtoMapping", "ReuseMapping")

BAD_DATE = Text(
    "last_change「{value}」は日時ではありません。YYYY-MM-DDで始まる日時を書いてください。",
    "The last_change '{value}' is no time. It must begin with YYYY-MM-DD.",
)
TWICE = Text("識別子「{id}」が {place} で既に使われています。", "The id '{id}' is already used at {place}.")

CONTACT = Text("連絡先 {key}。個人に関する情報なので保存しない。", "Contact data ({key}), which is never kept.")
MAIL = Text("文中のメールアドレス。保存しない。", "A mail address within a text, which is not kept.")
RESTATED = Text("{key} のうち、他の項目と同じことを述べるもの。", "What {key} says and other fields say as well.")
FOLLOWS = Text(
    "agency_reuse。leveraged_systems のサービスを認可した機関の一覧であり、そこから導かれる。",
    "agency_reuse: the agencies that authorised the leveraged_systems, which follows from those.",
)
NOT_A_DATE = Text("日付ではなく語などが入っている {key}。", "The field {key}, where it holds no date but a word or the like.")
EMPTY = Text("{key} の空の項目。", "An empty entry of {key}.")
SPACED = Text("前後の空白を除いて読んだ識別子。", "An id that was read without the spaces around it.")
OTHER_NAME = Text("同じ団体の別の表記の名称。", "Another spelling of an organisation's name.")

_CONTACTS: Final = frozenset({"sales_email", "security_email", "email", "poc"})
_MAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,63}")
_MAIL_LEFT_OUT: Final = "[…]"
_NOTHING: Final = frozenset({"", "N/A"})
_DAY: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9:.]+Z")

Named = Annotated[str, Meta(pattern=r"\S")]


class Changed(Struct, frozen=True, kw_only=True):
    """When and by whom the file was made."""

    last_change: str
    produced_by: str = ""


class Reference(Struct, frozen=True, kw_only=True):
    """An offering as other entries repeat it."""

    id: Named


class Product(Struct, frozen=True, kw_only=True):
    """A cloud offering. `name`, `service_offering` and `fedramp_auth` repeat the fields beside them."""

    id: Named
    csp: Named
    cso: Named
    status: Named
    impact_level: str = ""
    service_model: list[str] = []
    deployment_model: str = ""
    auth_date: str = ""
    independent_assessor: str = ""
    leveraged_systems: list[Reference] = []
    agency_authorizations: list[str] = []
    agency_reuse: list[str] = []
    service_desc: str = ""
    fedramp_msg: str = ""
    website: str = ""


class Agency(Struct, frozen=True, kw_only=True):
    """An agency, or a part of one (`sub`)."""

    id: Named
    parent: Named
    sub: str = ""
    website: str = ""
    auths: list[Reference] = []


class Assessor(Struct, frozen=True, kw_only=True):
    """An assessment organisation."""

    name: Named
    desc: str = ""
    clients: list[Reference] = []


class Authorisation(Struct, frozen=True, kw_only=True):
    """The first authorisation of an offering by an agency."""

    id: Named
    agency_id: str = ""
    parent: str = ""
    sub: str = ""
    ato_date: str = ""
    auth_date: str = ""
    exp_date: str = ""


class Reuse(Struct, frozen=True, kw_only=True):
    """That an agency reuses the authorisation of an offering."""

    id: Named
    agency_id: str = ""
    sub_id: str = ""
    parent: str = ""
    sub: str = ""
    ato_date: str = ""
    auth_date: str = ""
    exp_date: str = ""


class Lists(Struct, frozen=True, kw_only=True):
    """The lists of the file; their entries are read one by one, so that each wrong one is told."""

    products: list[Any] = msgspec.field(name="Products")
    agencies: list[Any] = msgspec.field(name="Agencies")
    assessors: list[Any] = msgspec.field(name="Assessors")
    authorisations: list[Any] = msgspec.field(name="AtoMapping")
    reuses: list[Any] = msgspec.field(name="ReuseMapping")


class Document(Struct, frozen=True, kw_only=True):
    """A whole file."""

    meta: Changed
    data: Lists


def recognises(file: File) -> bool:
    """A JSON file with the marketplace's lists; one that is cut off is known by a field that only its offerings have."""
    if file.suffix != ".json" or b'"Products"' not in file.content:
        return False
    try:
        return mapping_or_empty(mapping_or_empty(file.document).get("data")).keys() >= set(LISTS)
    except UnreadableError:
        return b'"leveraged_systems"' in file.content


def read(bundle: Bundle) -> Reading:
    """The marketplace of a day."""
    (file,) = bundle
    reading = Reading()
    document = typed(file.document, Document, file.name, "", reading)
    if document is None:
        return reading
    day = document.meta.last_change[:10]
    if not _is_day(day):
        reading.fault(Place(file.name, pointer="/meta/last_change"), BAD_DATE(value=document.meta.last_change[:40]))
        return reading
    source = _source(day, file, reading)
    _Market(file, StatementWriter(reading, source), reading).read(document.data)
    for key, value in file.document["data"].items():
        if key not in Lists.__struct_encode_fields__:
            reading.count(key[:40], len(value) if isinstance(value, dict | list) else 1)
            reading.leave(UNREAD(key=key[:40]), Place(file.name, pointer=f"/data/{escaped_key(key)}"))
    return reading


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _source(day: str, file: File, reading: Reading) -> Source:
    """The source. The file has no title, so that the name is ours."""
    publisher = publisher_called(PUBLISHER)
    names = (
        Label(language="ja", text=f"FedRAMPマーケットプレイスのデータ({day})", ours=True),
        Label(language="en", text=f"FedRAMP Marketplace data ({day})", ours=True),
    )
    source = Source(
        id=f"source/{NAME}/{day}", labels=names, authority=Authority.OFFICIAL, redistribution=Redistribution.CITATION_ONLY,
        rights=RIGHTS, sha256=bundle_sha256((file,)), loader=NAME, loader_version=VERSION, publisher=publisher.id, version=day,
    )  # fmt: skip
    reading.add(source)
    return source


def _offering(identifier: str) -> str:
    return f"{NAME}/{escaped(identifier.strip())}"


def _agency(identifier: str) -> str:
    return f"{NAME}/agency/{escaped(identifier.strip())}"


def _label(text: str) -> tuple[Label, ...]:
    return (Label(language=LANGUAGE, text=text.strip()),)


@dataclass(slots=True)
class _Market:
    file: File
    writer: StatementWriter
    reading: Reading
    used: dict[str, str] = field(default_factory=dict)
    organisations: dict[str, str] = field(default_factory=dict)
    agencies: dict[str, str | None] = field(default_factory=dict)
    """The id of each agency by its name; None where two have the name."""
    stated: set[tuple[str, str, str]] = field(default_factory=set)

    def read(self, lists: Lists) -> None:
        self._organisation(PUBLISHER)
        products = list(self._entries("Products", lists.products, Product))
        agencies = list(self._entries("Agencies", lists.agencies, Agency))
        assessors = list(self._entries("Assessors", lists.assessors, Assessor))
        reuses = list(self._entries("ReuseMapping", lists.reuses, Reuse))
        self._agencies(agencies, reuses)
        for assessor, _ in assessors:
            self._organisation(assessor.name, assessor.desc)
        for product, place in products:
            self._product(product, place)
            self._relations(product, place)
        for authorisation, place in self._entries("AtoMapping", lists.authorisations, Authorisation):
            self._authorisation(authorisation, place)
        for reuse, place in reuses:
            self._reuse(reuse, place)
        self._told_again(agencies, assessors)

    def _entries(self, name: str, entries: list[Any], kind: type[_T]) -> Iterator[tuple[_T, Place]]:
        """The entries of a list; what none of them is read for is counted, and ways to reach people apart."""
        self.reading.count(name, len(entries))
        known = set(kind.__struct_encode_fields__)
        for number, value in enumerate(entries):
            pointer = f"/data/{name}/{number}"
            entry = typed(value, kind, self.file.name, pointer, self.reading)
            if entry is None:
                continue
            place = Place(self.file.name, pointer=pointer)
            yield entry, place
            for key in value:
                if key not in known and value[key] not in ("", [], [""]):
                    self.reading.leave((CONTACT if key in _CONTACTS else UNREAD)(key=key[:40]), place)

    def _once(self, identifier: str, place: Place) -> bool:
        """Whether an id is new; a fault where it is not."""
        first = self.used.setdefault(identifier, place.pointer)
        if first != place.pointer:
            self.reading.fault(place, TWICE(id=identifier[:80], place=first))
        return first == place.pointer

    def _text(self, text: str) -> tuple[Label, ...]:
        """A text without the mail addresses in it."""
        plain, mails = _MAIL.subn(_MAIL_LEFT_OUT, text)
        if mails:
            self.reading.leave(MAIL, Place(self.file.name), mails)
        return _label(plain) if plain.strip() else ()

    def _organisation(self, name: str, description: str = "") -> str:
        """The id of an organisation, which is described once, by the name that comes first."""
        known = publisher_called(name)
        first = self.organisations.get(known.id)
        if first is None:
            self.organisations[known.id] = name.strip()
            self.reading.add(replace(known.record(self.writer.source.id), texts=self._text(description)))
        elif first != name.strip():
            self.reading.leave(OTHER_NAME, Place(self.file.name))
        return known.id

    def _state(self, subject: str, predicate: str, target: str | Literal, place: Place, note: str | None = None) -> None:
        self.stated.add((subject, predicate, target if isinstance(target, str) else target.text))
        self.writer.state(subject, predicate, target, place, note=note)

    def _state_once(self, stated: tuple[str, str, str | Literal], key: str, place: Place) -> None:
        """State what nothing else in the file says, and count what something does."""
        subject, predicate, target = stated
        if (subject, predicate, target if isinstance(target, str) else target.text) in self.stated:
            self.reading.leave(RESTATED(key=key), place)
        else:
            self._state(subject, predicate, target, place)

    def _agencies(self, agencies: list[tuple[Agency, Place]], reuses: list[tuple[Reuse, Place]]) -> None:
        """The agencies, each part of its parent. A parent that is no entry itself is known from the rows on its parts."""
        parents = {agency.parent.strip(): _agency(agency.id) for agency, _ in agencies if not agency.sub.strip()}
        for agency, place in agencies:
            identifier = _agency(agency.id)
            if self._once(identifier, place):
                name = (agency.sub.strip() or agency.parent).strip()
                self.agencies[name] = None if name in self.agencies else identifier
                self._add_agency(identifier, agency.id, name, place)
                if agency.website.strip() not in _NOTHING:
                    self._state(identifier, "url", Literal(text=agency.website.strip()), place)
        for reuse, place in reuses:
            if reuse.sub_id.strip() and reuse.agency_id.strip() and reuse.parent.strip() not in parents:
                parents[reuse.parent.strip()] = _agency(reuse.agency_id)
                self._add_agency(_agency(reuse.agency_id), reuse.agency_id, reuse.parent, place)
        for agency, place in agencies:
            if agency.sub.strip() and agency.parent.strip() in parents:
                self._state(_agency(agency.id), "part-of", parents[agency.parent.strip()], place)

    def _add_agency(self, identifier: str, notation: str, name: str, place: Place) -> None:
        source = self.writer.source.id
        agency = Resource(id=identifier, kind="agency", labels=_label(name), notation=notation.strip(), source=source)
        self.reading.add(agency, place)

    def _agency_named(self, name: str) -> str:
        return self.agencies.get(name.strip()) or _agency(name)

    def _product(self, product: Product, place: Place) -> None:
        identifier = _offering(product.id)
        if not self._once(identifier, place):
            return
        self.reading.add(
            Resource(
                id=identifier, kind="cloud-offering", labels=_label(product.cso), notation=product.id.strip(),
                texts=self._text(product.service_desc), source=self.writer.source.id,
            ),
            place,
        )  # fmt: skip
        facts = [("authorisation-status", product.status), ("impact-level", product.impact_level)]
        facts += [("deployment-model", product.deployment_model), ("url", product.website)]
        facts += [("service-model", model) for model in product.service_model]
        for predicate, text in facts:
            if text.strip() not in _NOTHING:
                self._state(identifier, predicate, Literal(text=text.strip()), place)
        self._date(identifier, "authorised-on", ("auth_date", product.auth_date), place)
        if product.fedramp_msg.strip() not in _NOTHING:
            (message,) = self._text(product.fedramp_msg)
            self._state(identifier, "status", Literal(text=message.text, language=LANGUAGE), place)

    def _date(self, subject: str, predicate: str, stated: tuple[str, str], place: Place) -> None:
        key, text = stated
        day = _DAY.fullmatch(text)
        if day is not None and _is_day(day[1]):
            self._state(subject, predicate, Literal(text=day[1], datatype="date"), place)
        else:
            self.reading.leave(NOT_A_DATE(key=key), place)

    def _relations(self, product: Product, place: Place) -> None:
        identifier = _offering(product.id)
        self._state(identifier, "provided-by", self._organisation(product.csp), place)
        if product.independent_assessor.strip():
            self._state(identifier, "assessed-by", self._organisation(product.independent_assessor), place)
        else:
            self.reading.leave(EMPTY(key="independent_assessor"), place)
        for name in product.agency_authorizations:
            if name.strip():
                self._state(identifier, "authorised-by", self._agency_named(name), place)
            else:
                self.reading.leave(EMPTY(key="agency_authorizations"), place)
        for system in product.leveraged_systems:
            self._state(_offering(system.id), "leverages", identifier, place)
        reuse = sum(bool(agency.strip()) for agency in product.agency_reuse)
        if reuse:
            self.reading.leave(FOLLOWS, place, reuse)

    def _authorisation(self, row: Authorisation, place: Place) -> None:
        identifier = f"{NAME}/authorisation/{escaped(row.id.strip())}"
        if not self._once(identifier, place):
            return
        notation, source = row.id.strip(), self.writer.source.id
        self.reading.add(
            Resource(id=identifier, kind="authorisation", labels=_label(notation), notation=notation, source=source), place
        )
        self._state(identifier, "authorises", _offering(row.id), place)
        name = row.sub.strip() or row.parent.strip()
        if row.agency_id.strip() or name:
            agency = _agency(row.agency_id) if row.agency_id.strip() else self._agency_named(name)
            self._state(identifier, "authorised-by", agency, place)
        else:
            self.reading.leave(EMPTY(key="agency_id"), place)
        self._date(identifier, "authorised-on", ("ato_date", row.ato_date), place)
        if row.exp_date.strip():
            self._date(identifier, "expires-on", ("exp_date", row.exp_date), place)
        day = _DAY.fullmatch(row.auth_date)
        if day is not None and _is_day(day[1]):
            date_of = Literal(text=day[1], datatype="date")
            self._state_once((_offering(row.id), "authorised-on", date_of), "auth_date of AtoMapping", place)

    def _reuse(self, row: Reuse, place: Place) -> None:
        """One row; an agency may reuse an authorisation for several systems, each with dates of its own."""
        if row.id != row.id.strip():
            self.reading.leave(SPACED, place)
        agency = row.sub_id.strip() or row.agency_id.strip()
        if not agency:
            self.reading.leave(EMPTY(key="agency_id"), place)
            return
        dates = {"ato_date": row.ato_date, "auth_date": row.auth_date, "exp_date": row.exp_date}
        note = "; ".join(f"{key} {_DAY.sub(_first, text.strip())}" for key, text in dates.items() if text.strip())
        self._state(_offering(row.id), "reused-by", _agency(agency), place, note or None)

    def _told_again(self, agencies: list[tuple[Agency, Place]], assessors: list[tuple[Assessor, Place]]) -> None:
        for agency, place in agencies:
            for one in agency.auths:
                self._state_once((_offering(one.id), "authorised-by", _agency(agency.id)), "auths", place)
        for assessor, place in assessors:
            for one in assessor.clients:
                self._state_once((_offering(one.id), "assessed-by", self._organisation(assessor.name)), "clients", place)


def _first(found: re.Match[str]) -> str:
    return found[1]


FORMAT: Final = Format(
    name=NAME,
    version=VERSION,
    title=Text("FedRAMPマーケットプレイス(JSON)", "FedRAMP Marketplace (JSON)"),
    recognises=recognises,
    read=read,
)
