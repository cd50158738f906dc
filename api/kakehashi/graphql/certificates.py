"""Issued certificates as GraphQL types: what is known of a holder, and what to load where nothing can be said."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Final

import strawberry

from kakehashi.crosswalk import certificates as engine
from kakehashi.crosswalk.certificates import Certificates, Outcome
from kakehashi.crosswalk.given import View
from kakehashi.crosswalk.meanings import SCHEME_CLASSES
from kakehashi.graphql.context import Info
from kakehashi.graphql.inputs import ViewInput, view_of
from kakehashi.graphql.resources import (
    Edition,
    Languages,
    LocalizedText,
    Resource,
    Source,
    Statement,
    edition_or_none,
    resource_node,
)
from kakehashi.records.model import Label
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import LANGUAGES, ErrorCode, KakehashiError, Text

HOLDER_CLASSES: Final = frozenset({"Product", "Organization"})

UNKNOWN_HOLDER = Text("「{id}」は製品でも組織でもありません。", "'{id}' is neither a product nor an organisation.")
UNKNOWN_SCHEME = Text("「{id}」は認証制度でも規格でもありません。", "'{id}' is neither a certification scheme nor a standard.")
LISTED = Text(
    "{holder}には、{scheme}の認証又は登録の記録が{count}件あります。",
    "Certificates or registrations of {holder} under {scheme} that are recorded: {count}.",
)
NOT_LISTED = Text("{list}に{holder}は載っていません。", "{holder} is on no list that is loaded: {list}.")
AS_OF = Text("{list}({day}現在)", "{list} (as of {day})")
NOT_LOADED = Text(
    "{scheme}の認証又は登録のすべてが分かる一覧は読み込まれていないため、{holder}が該当するかは答えられません。"
    "次の一覧を読み込んでください: {list}",
    "No list that would tell of all certificates or registrations under {scheme} is loaded, so nobody can say whether {holder} "
    "has one. Load: {list}",
)
NO_LIST = Text("(一覧の所在も記録されていません)", "(no such list is recorded either)")
_WORDS: Final = {Outcome.LISTED: LISTED, Outcome.NOT_LISTED: NOT_LISTED, Outcome.NOT_LOADED: NOT_LOADED}

strawberry.enum(
    Outcome,
    name="CertificationOutcome",
    description="What is known of a holder under a scheme. LISTED: a certificate or registration is known, in force or not. "
    "NOT_LISTED: a whole list of some day is loaded, of the scheme or of each of its listings, and the holder is on none. "
    "NOT_LOADED: no such list is loaded, or not that of every listing, so nobody can say.",
)

Schemes = Annotated[
    list[strawberry.ID] | None,
    strawberry.argument(
        description="The schemes or standards that are meant; else all of which a list is known, and all that the holder has."
    ),
]


@strawberry.type(description="One certificate that was issued, or one registration.")
class IssuedCertificate:
    """A certificate."""

    issued: strawberry.Private[engine.Issued]
    as_of: strawberry.Private[date]

    @strawberry.field(description="The certificate.")
    def resource(self, info: Info) -> Resource:
        """The certificate."""
        return resource_node(info.context.snapshot, self.issued.id)

    @strawberry.field(description="The editions that it certifies conformity to; none where it names none.")
    def editions(self, info: Info) -> list[Edition]:
        """The editions."""
        found = (edition_or_none(info.context.snapshot, one) for one in self.issued.editions)
        return [one for one in found if one is not None]

    @strawberry.field(description="Its first day.")
    def valid_from(self) -> date | None:
        """The first day."""
        return self.issued.valid_from

    @strawberry.field(description="Its own last day.")
    def valid_to(self) -> date | None:
        """The last day."""
        return self.issued.valid_to

    @strawberry.field(description="The day on which all certificates to its edition end.")
    def lapses_on(self) -> date | None:
        """The day of the edition."""
        return self.issued.lapses_on

    @strawberry.field(description="The last day of its scheme, where that ended or is to end.")
    def scheme_ends_on(self) -> date | None:
        """The day of the scheme."""
        return self.issued.scheme_ends_on

    @strawberry.field(description="Whether it is in force on the day asked; null where it began and no last day is stated.")
    def in_force(self) -> bool | None:
        """Whether it is in force."""
        return self.issued.in_force(self.as_of)

    @strawberry.field(description="What is stated of it, each with its source and certainty.")
    def statements(self, info: Info) -> list[Statement]:
        """The statements."""
        return [Statement(record=info.context.snapshot.statements[one]) for one in self.issued.statements]


@strawberry.type(description="A published list of certificates or registrations.")
class CertificateList:
    """A list."""

    found: strawberry.Private[engine.CertificateList]

    @strawberry.field(description="The list.")
    def resource(self, info: Info) -> Resource:
        """The list."""
        return resource_node(info.context.snapshot, self.found.id)

    @strawberry.field(description="The day of the whole list that is loaded; null where none is: this is what to load.")
    def listed_as_of(self) -> date | None:
        """The day."""
        return self.found.listed_as_of

    @strawberry.field(description="The sources that hold it; none where it is not loaded.")
    def sources(self, info: Info) -> list[Source]:
        """The sources."""
        snapshot = info.context.snapshot
        ids = sorted({snapshot.statements[one].source for one in self.found.statements})
        return [Source(record=snapshot.sources[one]) for one in ids]


@strawberry.type(description="What is known of a holder under one scheme.")
class Certification:
    """An answer."""

    holder: strawberry.Private[str]
    found: strawberry.Private[engine.Certification]
    as_of: strawberry.Private[date]

    @strawberry.field(description="The scheme, or the standard that is certified to.")
    def scheme(self, info: Info) -> Resource:
        """The scheme."""
        return resource_node(info.context.snapshot, self.found.scheme)

    @strawberry.field(description="What is known.")
    def outcome(self) -> Outcome:
        """The outcome."""
        return self.found.outcome

    @strawberry.field(description="The same in words; where no list is loaded, which to load.")
    def explanation(self, info: Info, lang: Languages = None) -> LocalizedText | None:
        """The explanation."""
        labels = tuple(self._told(info.context.snapshot, language) for language in LANGUAGES)
        return LocalizedText.of(labels, lang, info)

    @strawberry.field(description="The certificates and registrations, by id.")
    def certificates(self) -> list[IssuedCertificate]:
        """The certificates."""
        return [IssuedCertificate(issued=one, as_of=self.as_of) for one in self.found.issued]

    @strawberry.field(description="The lists that tell of the scheme, by id.")
    def lists(self) -> list[CertificateList]:
        """The lists."""
        return [CertificateList(found=one) for one in self.found.lists]

    def _told(self, snapshot: Snapshot, language: str) -> Label:
        loaded = self.found.outcome is Outcome.NOT_LISTED
        named = [one for one in self.found.lists if (one.listed_as_of is not None) is loaded]
        text = _WORDS[self.found.outcome](
            holder=_name(snapshot, self.holder, language), scheme=_name(snapshot, self.found.scheme, language),
            count=len(self.found.issued), list=_names(snapshot, named, language),
        )  # fmt: skip
        return Label(language=language, text=text.in_language(language), ours=True)


@strawberry.type(description="The questions on certificates.")
class CertificateQueries:
    """The fields of the root that are on certificates."""

    @strawberry.field(
        description="Which certificates and registrations a product or an organisation has, by scheme, under any of its names. "
        "Where the list that would tell is not loaded, the answer says so and names it."
    )
    def certifications(
        self, info: Info, holder: strawberry.ID, schemes: Schemes = None, view: ViewInput | None = None
    ) -> list[Certification]:
        """The certifications of a holder."""
        snapshot, seen = info.context.snapshot, view_of(view, info.context)
        _check(snapshot, [holder], HOLDER_CLASSES, UNKNOWN_HOLDER)
        _check(snapshot, schemes or (), SCHEME_CLASSES, UNKNOWN_SCHEME)
        return [Certification(holder=holder, found=one, as_of=seen.as_of) for one in _found(snapshot, holder, schemes, seen)]


def _found(snapshot: Snapshot, holder: str, schemes: Iterable[str] | None, view: View) -> Iterable[engine.Certification]:
    certificates = Certificates(
        issued=frozenset(one.id for one in snapshot.resources.values() if one.kind == engine.ISSUED),
        outgoing=snapshot.outgoing, incoming=snapshot.incoming, same_scheme=snapshot.index.same_scheme,
        frameworks={one.id: one.framework for one in snapshot.editions.values()}, times=snapshot.index.times,
    )  # fmt: skip
    return certificates.of(holder, schemes, view)


def _check(snapshot: Snapshot, ids: Iterable[str], classes: frozenset[str], wrong: Text) -> None:
    for one in ids:
        if snapshot.classes.get(one) not in classes:
            raise KakehashiError(ErrorCode.BAD_USER_INPUT, wrong(id=one[:80]))


def _names(snapshot: Snapshot, lists: Iterable[engine.CertificateList], language: str) -> str:
    """The names of lists, each with the day that it is of where it is loaded."""
    found = [(_name(snapshot, one.id, language), one.listed_as_of) for one in lists]
    told = [name if day is None else AS_OF(list=name, day=day).in_language(language) for name, day in found]
    return Text("、", ", ").in_language(language).join(told) or NO_LIST.in_language(language)


def _name(snapshot: Snapshot, identifier: str, language: str) -> str:
    labels = {label.language: label.text for label in snapshot.resources[identifier].labels}
    return labels.get(language) or next(iter(labels.values()), identifier)
