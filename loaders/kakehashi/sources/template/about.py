"""The `source` sheet: keys in the first column, values in the second, remarks for people in the rest."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from kakehashi.records.located import Place
from kakehashi.records.model import Label, Source
from kakehashi.records.values import Authority, MappingStatus, ParentLink, Redistribution
from kakehashi.sources.documents import known_document
from kakehashi.sources.files import bundle_sha256
from kakehashi.sources.format import Bundle, Format, Reading, choice
from kakehashi.sources.naming import UNDECLARED, Publisher, Work, publisher_called, registered
from kakehashi.sources.spelling import slug
from kakehashi.sources.tables import Row, Table, header
from kakehashi.sources.template.sheets import SOURCE_KEYS, Tables
from kakehashi.vocabulary.text import LANGUAGES, Text

_ID: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")
_EDITION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~()-]*(/[A-Za-z0-9][A-Za-z0-9._~()-]*)+")
_DATE: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_KEY: Final = frozenset({"key", "キー", "項目"})
_JAPANESE: Final = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_CURRENT: Final = "current"
_NOWHERE: Final = Work(edition="nowhere/nowhere", framework="nowhere", labels=(), framework_labels=())
"""Stands for an edition that was not given, so that the rest can be checked."""

UNKNOWN_KEY = Text("キー「{key}」は使えません。使えるのは {known} です。", "The key '{key}' is not known. Known keys: {known}.")
TWICE = Text("キー「{key}」が二度書かれています。", "The key '{key}' is written twice.")
MISSING = Text("「{key}」がありません。", "'{key}' is missing.")
NO_TITLE = Text("title_ja と title_en のどちらかを書いてください。", "Write a title_ja or a title_en.")
BAD_ID = Text(
    "id「{value}」は使えません。小文字の英数字と . - で60文字以内にしてください(例: acme-security-policy)。",
    "'{value}' is no id. Use up to 60 lower-case letters, digits and . - (such as acme-security-policy).",
)
BAD_EDITION = Text(
    "{key}の値「{value}」は版ではありません。版のid(例: iso-27001/2022)か、知られた文書名(例: ISO/IEC 27001:2022)を"
    "書いてください。",
    "'{value}' under {key} is no edition. Give its id (iso-27001/2022) or a known name (ISO/IEC 27001:2022).",
)
BAD_DATE = Text(
    "日付「{value}」は使えません。2024-04-01 のように書いてください。", "'{value}' is no date. Write it like 2024-04-01."
)
NO_REASON = Text(
    "parent_link が grouping 以外のときは、その理由を parent_link_reason_ja と parent_link_reason_en に書いてください。",
    "A parent_link other than grouping needs a parent_link_reason_ja and a parent_link_reason_en.",
)
FIXED_LINK = Text(
    "「{edition}」の親子関係の意味は既に登録されています。parent_link を消してください。",
    "What the parent link of '{edition}' means is registered already. Remove parent_link.",
)

BASELINE = Text(
    "「{edition}」は他の版の条項を採用した基準線として登録されています。別の id か version にしてください。",
    "'{edition}' is registered as a baseline that takes up provisions of another edition. Choose another id or version.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a source says of itself: the edition of its own framework, and the editions that its mapping relates."""

    source: Source
    publisher: Publisher | None
    own: Work
    subject: Work
    target: Work
    status: MappingStatus
    language: str
    """The language of what has none of its own."""
    named: bool
    """Whether it says which source it is; if not, the rest is read for its faults alone."""


def read_about(bundle: Bundle, tables: Tables, loader: Format, reading: Reading) -> About:
    """What the source sheet says; where there is none, what is read then is wrong already and only checked."""
    if tables.source is not None:
        keys = Keys(rows_of(tables.source, reading), Place(tables.source.where), reading)
    else:
        keys = Keys({}, Place(bundle[0].name), Reading())
    name = _Name(identity_of(keys), keys.notation("version"), titles_of(keys))
    own = _own(keys, name)
    subject, target = _ends(keys, own, tables)
    status = choice(MappingStatus, "status", keys.text("status") or "published", keys.place("status"), keys.reading)
    return About(
        source=_source(keys, name, bundle, loader), publisher=_publisher(keys), own=own, subject=subject, target=target,
        status=status or MappingStatus.PUBLISHED, language=next((one.language for one in name.titles), "en"),
        named=bool(name.id),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Name:
    id: str
    version: str
    titles: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a source sheet with their rows; `sheet` is the place of what is not there."""

    rows: Mapping[str, Row]
    sheet: Place
    reading: Reading

    def text(self, key: str) -> str:
        """The value as text; empty where there is none."""
        return self.rows[key].text(key) if key in self.rows else ""

    def notation(self, key: str) -> str:
        """The value as a number or an id; empty where there is none, or Excel made a fraction or a date of it."""
        return (self.rows[key].notation(key, self.reading) or "") if key in self.rows else ""

    def place(self, key: str) -> Place:
        """Where the key stands; the sheet where it does not."""
        return self.rows[key].place if key in self.rows else self.sheet

    def fault(self, key: str, text: Text) -> None:
        """Keep a fault of a key."""
        self.reading.fault(self.place(key), text)


def rows_of(table: Table, reading: Reading, known: Collection[str] = SOURCE_KEYS) -> Mapping[str, Row]:
    """The rows of a source sheet by their keys; a fault for each key that is not known, or written twice."""
    found: dict[str, Row] = {}
    for line, cells in table.lines:
        key = header(cells[0]) if cells else ""
        place = Place(table.where, line)
        if not key or key in _KEY:
            continue
        if key not in known:
            reading.fault(place, UNKNOWN_KEY(key=key[:80], known=", ".join(sorted(known))))
        elif key in found:
            reading.fault(place, TWICE(key=key))
        else:
            found[key] = Row(place, {key: cells[1] if len(cells) > 1 else ""})
    return found


def identity_of(keys: Keys) -> str:
    """The id that a source gives itself; empty and a fault where it gives none that can be used."""
    identity = keys.notation("id")
    if identity and _ID.fullmatch(identity):
        return identity
    keys.fault("id", BAD_ID(value=identity[:80]) if identity else MISSING(key="id"))
    return ""


def titles_of(keys: Keys) -> tuple[Label, ...]:
    """Its titles; a fault where it has none."""
    titles = [(language, keys.text(f"title_{language}")) for language in LANGUAGES]
    found = tuple(Label(language=language, text=text) for language, text in titles if text)
    if not found:
        keys.reading.fault(keys.sheet, NO_TITLE)
    return found


def _publisher(keys: Keys) -> Publisher | None:
    name = keys.text("publisher")
    if not name:
        return None
    known = publisher_called(name)
    stranger = not any(label.ours for label in known.labels)
    return replace(known, labels=(Label(language="ja", text=name),)) if stranger and _JAPANESE.search(name) else known


def _source(keys: Keys, name: _Name, bundle: Bundle, loader: Format) -> Source:
    authority = choice(Authority, "authority", keys.text("authority") or "curated", keys.place("authority"), keys.reading)
    publisher, may = _publisher(keys), keys.text("redistribution") or "local-only"
    redistribution = choice(Redistribution, "redistribution", may, keys.place("redistribution"), keys.reading)
    return Source(
        id="/".join(("source/template", name.id or "x", *([slug(name.version)] if name.version else []))), labels=name.titles,
        authority=authority or Authority.CURATED, redistribution=redistribution or Redistribution.LOCAL_ONLY,
        rights=keys.text("rights") or "not stated", sha256=bundle_sha256(bundle), loader=loader.name,
        loader_version=loader.version, publisher=publisher.id if publisher else None, version=name.version or None,
    )  # fmt: skip


def _own(keys: Keys, name: _Name) -> Work:
    """The edition whose provisions the framework sheet lists: one that we know, to which it adds, or one of its own."""
    framework, issued = name.id or "x", _issued(keys)
    edition = f"{framework}/{slug(name.version) if name.version else _CURRENT}"
    known = registered(edition)
    if known is not None:
        if keys.text("parent_link"):
            keys.fault("parent_link", FIXED_LINK(edition=edition))
        if known.takes_from is not None:
            keys.fault("id", BASELINE(edition=edition))
        return known
    link, reasons = _parent_link(keys)
    publisher = _publisher(keys)
    return Work(
        edition=edition, framework=framework, framework_labels=name.titles, parent_link=link, reasons=reasons, issued=issued,
        labels=tuple(Label(language=one.language, text=f"{one.text} {name.version}".strip()) for one in name.titles),
        version=name.version or None, publisher=publisher.id if publisher else None,
    )  # fmt: skip


def _parent_link(keys: Keys) -> tuple[ParentLink, tuple[Label, ...]]:
    word = keys.text("parent_link") or "grouping"
    link = choice(ParentLink, "parent_link", word, keys.place("parent_link"), keys.reading) or ParentLink.GROUPING
    reasons = [(language, keys.text(f"parent_link_reason_{language}")) for language in LANGUAGES]
    if all(text for _, text in reasons):
        return link, tuple(Label(language=language, text=text) for language, text in reasons)
    if link is not ParentLink.GROUPING:
        keys.fault("parent_link", NO_REASON)
    return link, UNDECLARED


def _issued(keys: Keys) -> date | None:
    text = keys.text("issued")
    found = day_of(text)
    if text and found is None:
        keys.fault("issued", BAD_DATE(value=text[:80]))
    return found


def day_of(text: str) -> date | None:
    """The day that a text writes, as 2024-04-01, 2024/4/1 or 2024年4月1日 in any width; None where it writes none."""
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", text))
    try:
        return None if found is None else date(*map(int, found.groups()))
    except ValueError:
        return None


def _ends(keys: Keys, own: Work, tables: Tables) -> tuple[Work, Work]:
    """The editions of the two sides of the mapping; without a word the subjects are the framework's own provisions."""
    if tables.mapping is None:
        return own, own
    subject = _edition(keys, "source_edition", own, required=tables.framework is None)
    return subject, _edition(keys, "target_edition", own, required=True)


def _edition(keys: Keys, key: str, own: Work, *, required: bool) -> Work:
    name = keys.notation(key)
    if not name:
        if required:
            keys.fault(key, MISSING(key=key))
        return _NOWHERE if required else own
    if name == own.edition:
        return own
    known = known_document(name)
    if known is None and not _EDITION.fullmatch(name):
        keys.fault(key, BAD_EDITION(key=key, value=name[:80]))
        return _NOWHERE
    return known or Work(edition=name, framework=name.partition("/")[0], labels=(), framework_labels=())
