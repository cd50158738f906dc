"""What became of the provisions of an edition in another edition of the same framework, as far as anybody publishes it.

Correspondences between editions are ordinary rows. What they prove of a pair is what the view's network knows of it, whatever it
passes. A pair of which no overlap is proved is a counterpart only where rows from edition to edition link it, for through other
works nearly everything is linked with everything. Equal numbers are no correspondence: they are shown as unstated, and never
believed. Nor is silence a word: a provision is withdrawn, or new, only where something published says so.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Final

from kakehashi.crosswalk.algebra import ALL, DR, EQ, OVERLAP, PP, PPI
from kakehashi.crosswalk.chains import Chain
from kakehashi.crosswalk.network import Network
from kakehashi.crosswalk.rows import Pair, Row
from kakehashi.vocabulary.text import Text

SUCCESSIONS: Final = frozenset({"incorporated-into", "moved-to"})
"""The predicates by which a publisher says where a provision went: evidence to show, and no set relations."""
NAMED: Final = 5


class Fate(StrEnum):
    """What became of a provision."""

    SAME = "same"
    MOVED = "moved"
    SHARED = "shared"
    SPLIT = "split"
    MERGED = "merged"
    CHANGED = "changed"
    RELATED = "related"
    UNSTATED = "unstated"
    WITHDRAWN = "withdrawn"
    ONLY_IN_OLD = "only-in-old"
    NEW = "new"
    ONLY_IN_NEW = "only-in-new"


class Fit(StrEnum):
    """How an old provision lies to a new one, as far as it is known."""

    EQUAL = "equal"
    INSIDE = "inside"
    CONTAINS = "contains"
    OVERLAPS = "overlaps"
    LINKED = "linked"


_FITS: Final = ((EQ, Fit.EQUAL), (EQ | PP, Fit.INSIDE), (EQ | PPI, Fit.CONTAINS), (OVERLAP, Fit.OVERLAPS), (ALL, Fit.LINKED))
"""The first of these sets that takes in all that is possible says how the two lie."""
_WITHIN: Final = frozenset({Fit.EQUAL, Fit.INSIDE})


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A provision of the new edition that an old one has to do with; the relation is read from old to new."""

    old: str
    new: str
    relations: int

    @property
    def fit(self) -> Fit:
        """How the old one lies to the new one."""
        return next(fit for possible, fit in _FITS if not self.relations & ~possible)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """How a provision stands in its edition: its number, that of its parent, and its wording."""

    notation: str | None = None
    parent: str | None = None
    wording: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[str | None, str | None]:
        """Where it stands."""
        return self.notation, self.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The provisions of an edition in its order: those that ask for something, and those that are out of use."""

    provisions: tuple[str, ...]
    out_of_use: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[str, ...]:
        """All of them, those in use first."""
        return (*self.provisions, *self.out_of_use)


@dataclass(frozen=True, slots=True)
class Unstated:
    """A provision of the same number that nobody relates; `same_wording` where its name and text are the same too."""

    provision: str
    same_wording: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of an old provision, or how a new one came to be (`of_new`).

    `beside` are the other old provisions that went into the same new one; `went` are the new ones that a statement of
    succession says an old one went into, or the old ones that it says went into a new one; `left_out_by` are the tables that
    have no row for it, where that is why it is withdrawn or new.
    """

    provision: str
    fate: Fate
    of_new: bool = False
    counterparts: tuple[Counterpart, ...] = ()
    beside: tuple[str, ...] = ()
    unstated: tuple[Unstated, ...] = ()
    out_of_use: bool = False
    went: tuple[str, ...] = ()
    left_out_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """What a mapping set has between two editions: the provisions of either for which it has a row from one to the other."""

    mapping_set: str
    provisions: frozenset[str]

    def is_about(self, contents: Contents) -> bool:
        """Whether it lists half of an edition or more: of what a handful of rows leaves out they say nothing."""
        return 2 * sum(one in self.provisions for one in contents.provisions) >= len(contents.provisions)


@dataclass(frozen=True, slots=True)
class Told:
    """What is published of two editions, whatever is believed: the tables between them, and what a publisher says went where."""

    tables: tuple[Table, ...] = ()
    went: tuple[Pair, ...] = ()
    """Old provisions with the new ones that statements of succession say they went into."""


class Succession:
    """Two editions of one framework in a view, and which of their provisions correspond.

    `framework` are the provisions of all its editions: what links the two may pass a third edition of it.
    """

    def __init__(
        self, network: Network, old: Contents, new: Contents, framework: Collection[str], told: Told | None = None
    ) -> None:  # fmt: skip
        self.network, self.old, self.new, self._told = network, old, new, told or Told()
        self._in_old, self._in_new = frozenset(old.every), frozenset(new.every)
        every = frozenset(framework) | self._in_old | self._in_new
        among = [row for row in network.rows if row.subject in every and row.object in every]
        self._between = Network([row for row in among if not self._inside_one(row)], network.hops)

    @cached_property
    def of_old(self) -> Mapping[str, tuple[Counterpart, ...]]:
        """The counterparts of each old provision that has any, in the order of the new edition."""
        return _grouped(self._counterparts(), lambda one: one.old)

    @cached_property
    def of_new(self) -> Mapping[str, tuple[Counterpart, ...]]:
        """The counterparts that succeed old provisions, by the new one, in the order of the old edition."""
        found = (one for group in self.of_old.values() for one in group)
        return _grouped((one for one in found if self.succeeds(one)), lambda one: one.new)

    @property
    def stated(self) -> bool:
        """Whether the two have anything in common, or the view holds any correspondence between them."""
        return bool(self.of_new)

    def went(self, provision: str) -> tuple[str, ...]:
        """The new provisions that an old one is said to have gone into, or the old ones that are said to be in a new one."""
        ends = ((new if old == provision else old) for old, new in self._told.went if provision in {old, new})
        return tuple(dict.fromkeys(ends))

    def left_out(self, provision: str) -> tuple[str, ...]:
        """The tables about its edition and the other that have no row for a provision; none where any table has one."""
        if any(provision in table.provisions for table in self._told.tables):
            return ()
        return self._about_old if provision in self._in_old else self._about_new

    @cached_property
    def _about_old(self) -> tuple[str, ...]:
        return tuple(table.mapping_set for table in self._told.tables if table.is_about(self.old))

    @cached_property
    def _about_new(self) -> tuple[str, ...]:
        return tuple(table.mapping_set for table in self._told.tables if table.is_about(self.new))

    def succeeds(self, one: Counterpart) -> bool:
        """Whether a counterpart can be what became of the old provision: not if it was there already, or the old one stays."""
        return one.old == one.new or not (one.old in self._in_new or one.new in self._in_old)

    def chains(self, one: Counterpart) -> tuple[Chain, ...]:
        """The chains from old to new that prove what is known of them, or else link them; none for one and the same."""
        if one.old == one.new:
            return ()
        network = self._between if one.relations == ALL else self.network
        return network.chains(one.old, one.new)

    def _counterparts(self) -> Iterator[Counterpart]:
        old, new = ({provision: place for place, provision in enumerate(one.every)} for one in (self.old, self.new))
        proved = {(a, b): relations for a, b, relations in self.network.determined([*old], [*new])}
        pairs = {pair for pair, relations in proved.items() if not relations & DR}
        pairs |= self._linked()
        pairs |= {(provision, provision) for provision in old if provision in new}
        for a, b in sorted(pairs, key=lambda pair: (old[pair[0]], new[pair[1]])):
            relations = EQ if a == b else proved.get((a, b), ALL)
            if relations != DR:
                yield Counterpart(a, b, relations)

    def _linked(self) -> set[Pair]:
        """The old provisions with the new ones that rows lead to, by way of third editions alone: one walk from all at once."""
        beyond: dict[str, set[str]] = defaultdict(set)
        for row in self._between.rows:
            beyond[row.subject].add(row.object)
            beyond[row.object].add(row.subject)
        found: set[Pair] = set()
        seen = reached = {(provision, provision) for provision in self.old.every if provision in beyond}
        for _ in range(self.network.hops):
            reached = {(start, other) for start, end in reached for other in beyond[end]} - seen
            seen = seen | reached
            found |= {pair for pair in reached if pair[1] in self._in_new}
            reached = {pair for pair in reached if pair[1] not in self._in_old and pair[1] not in self._in_new}
        return found

    def _inside_one(self, row: Row) -> bool:
        return any(row.subject in edition and row.object in edition for edition in (self._in_old, self._in_new))


def compare(succession: Succession, printed: Mapping[str, Printed]) -> tuple[Change, ...]:
    """What became of each old provision, in its edition's order; then the new ones that come from none, in theirs."""
    by_number = _Numbers(succession, printed)
    of_old = [_change(one, succession, printed, by_number) for one in succession.old.every]
    of_new = [_arrival(one, succession, by_number) for one in succession.new.every if one not in succession.of_new]
    return (*of_old, *of_new)


def _change(old: str, succession: Succession, printed: Mapping[str, Printed], numbers: "_Numbers") -> Change:
    found = succession.of_old.get(old, ())
    heirs = [one for one in found if succession.succeeds(one)]
    if old in succession.old.out_of_use or not heirs:
        return replace(_departure(old, succession, numbers), counterparts=found)
    fate, beside = _fate(old, heirs, succession, printed)
    return Change(provision=old, fate=fate, counterparts=found, beside=beside)


def _departure(old: str, succession: Succession, numbers: "_Numbers") -> Change:
    """An old provision that nothing succeeds: withdrawn where that is published, one way or another."""
    if old in succession.old.out_of_use:
        return Change(provision=old, fate=Fate.WITHDRAWN, out_of_use=True)
    unstated, went = numbers.alike(old, succession.new, succession.of_new), succession.went(old)
    if went:
        return Change(provision=old, fate=Fate.WITHDRAWN, unstated=unstated, went=went)
    if unstated or not succession.stated:
        return Change(provision=old, fate=Fate.UNSTATED, unstated=unstated)
    left_out = succession.left_out(old)
    return Change(provision=old, fate=Fate.WITHDRAWN if left_out else Fate.ONLY_IN_OLD, left_out_by=left_out)


def _arrival(new: str, succession: Succession, numbers: "_Numbers") -> Change:
    """A new provision that succeeds nothing: new where a table that lists the others has no row for it."""
    unstated, went = numbers.alike(new, succession.old, succession.of_old), succession.went(new)
    if new in succession.new.out_of_use:
        return Change(provision=new, fate=Fate.WITHDRAWN, of_new=True, unstated=unstated, out_of_use=True)
    if unstated or went or not succession.stated:
        return Change(provision=new, fate=Fate.UNSTATED, of_new=True, unstated=unstated, went=went)
    left_out = succession.left_out(new)
    return Change(provision=new, fate=Fate.NEW if left_out else Fate.ONLY_IN_NEW, of_new=True, left_out_by=left_out)


def _fate(
    old: str, found: Sequence[Counterpart], succession: Succession, printed: Mapping[str, Printed]
) -> tuple[Fate, tuple[str, ...]]:
    """What became of an old provision that has counterparts, and what else went the same way: the closest fit says."""
    by_fit = _grouped(found, lambda one: one.fit)
    equal, inside, contains = (by_fit.get(fit, ()) for fit in (Fit.EQUAL, Fit.INSIDE, Fit.CONTAINS))
    if any(one.new == old for one in found):
        return Fate.SHARED, ()
    if len(equal) > 1:
        return Fate.SPLIT, ()
    if equal:
        twins = _beside(equal, succession, frozenset({Fit.EQUAL}))
        stays = printed[old].place == printed[equal[0].new].place
        return (Fate.MERGED, twins) if twins else (Fate.SAME if stays else Fate.MOVED, ())
    if inside:
        beside = _beside(inside, succession, _WITHIN)
        return (Fate.MERGED, beside) if beside else (Fate.CHANGED, ())
    if contains:
        certain = [one for one in found if not one.relations & DR]
        return (Fate.SPLIT if len(certain) > 1 else Fate.CHANGED), ()
    return Fate.RELATED, ()


def _beside(found: Iterable[Counterpart], succession: Succession, fits: frozenset[Fit]) -> tuple[str, ...]:
    """The other old provisions that lie so to the same new ones."""
    others = [other for one in found for other in succession.of_new[one.new] if other.fit in fits and other.old != one.old]
    return tuple(dict.fromkeys(other.old for other in others))


class _Numbers:
    """Provisions by number, for those that nobody relates."""

    def __init__(self, succession: Succession, printed: Mapping[str, Printed]) -> None:
        self._printed = printed
        self._by_number: dict[str, list[str]] = defaultdict(list)
        for provision in dict.fromkeys((*succession.old.every, *succession.new.every)):
            notation = printed[provision].notation
            if notation:
                self._by_number[notation].append(provision)

    def alike(self, provision: str, contents: Contents, related: Collection[str]) -> tuple[Unstated, ...]:
        """The provisions of some contents that have the same number and, like this one, no counterpart."""
        mine, listed = self._printed[provision], set(contents.every)
        found = [one for one in self._by_number.get(mine.notation or "", ()) if one in listed and one not in related]
        return tuple(
            Unstated(one, bool(mine.wording) and mine.wording == self._printed[one].wording) for one in found if one != provision
        )


def _grouped(found: Iterable[Counterpart], key: Callable[[Counterpart], str]) -> Mapping[str, tuple[Counterpart, ...]]:
    groups: dict[str, list[Counterpart]] = defaultdict(list)
    for one in found:
        groups[key(one)].append(one)
    return {name: tuple(group) for name, group in groups.items()}


Naming = Callable[[str, str], str]
"""What a provision is called in a language."""

_EXPLAINED: Final[Mapping[Fate, Text]] = MappingProxyType(
    {
        Fate.SAME: Text(
            "{old}は相手の版の{new}と等しく、番号も位置も同じです。",
            "{old} equals {new} of the other edition, with the same number and place.",
        ),
        Fate.MOVED: Text(
            "{old}は相手の版の{new}と等しく、番号か位置が変わりました。",
            "{old} equals {new} of the other edition, under another number or parent.",
        ),
        Fate.SHARED: Text(
            "{old}は両方の版が採っている同一の条項です。", "{old} is one and the same provision, which both editions take up."
        ),
        Fate.SPLIT: Text("{old}は{count}つに分かれました: {new}。", "{old} is split into {count}: {new}."),
        Fate.MERGED: Text("{old}は{beside}とともに{new}に統合されました。", "{old} is merged with {beside} into {new}."),
        Fate.CHANGED: Text(
            "{old}に対応するのは{new}ですが、等しいとは言えず、一方が他方を含みます。",
            "{old} corresponds to {new}, not known as its equal: one of the two lies inside the other.",
        ),
        Fate.RELATED: Text(
            "{old}に対応しうるのは{new}ですが、公表された内容からは重なりより確かなことは言えません。",
            "{old} may correspond to {new}, but no more than an overlap follows from what is published.",
        ),
        Fate.UNSTATED: Text(
            "{old}と相手の版との対応は公表されていません。", "No correspondence of {old} with the other edition is published."
        ),
        Fate.WITHDRAWN: Text(
            "二つの版のあいだの公表された対応付け集{tables}に、{old}の行はありません。",
            "What is published as {tables} between the two editions has no row for {old}.",
        ),
        Fate.ONLY_IN_OLD: Text(
            "{old}はこの版だけにあります。公表され、数えられるもののなかに、どうなったかを述べるものはありません。",
            "{old} is in this edition only: nothing published that counts says what became of it.",
        ),
        Fate.NEW: Text(
            "二つの版のあいだの公表された対応付け集{tables}に、{old}のもとになった条項の行はありません。",
            "What is published as {tables} between the two editions has no row that says what {old} comes from.",
        ),
        Fate.ONLY_IN_NEW: Text(
            "{old}はこの版だけにあります。公表され、数えられるもののなかに、何から来たかを述べるものはありません。",
            "{old} is in this edition only: nothing published that counts says what it comes from.",
        ),
    }
)
_OUT_OF_USE: Final = Text("{old}は廃止されています。", "{old} is withdrawn.")
_WENT: Final = Text(
    "{old}は{went}に移されたか取り込まれたと公表されています。", "{old} is published to have moved to, or into, {went}."
)
_CAME: Final = Text(
    "{went}がここに移されたか取り込まれたと公表されていますが、それは集合の関係ではありません。",
    "{went} is published to have moved here, or into it; that is no set relation.",
)
_LINKED_ONLY: Final = Text(
    "{old}と{linked}については、公表された内容からは重なるかどうかも決まりません。",
    "Of {old} and {linked} not even an overlap follows from what is published.",
)
_REMAINS: Final = Text(
    "両方の版にある{stays}とは関係があります。", "It has to do with {stays}, which stand in the other edition as before."
)
_AS_WORDED: Final = Text("{name}(公表の語: {word})", "{name} (as published: {word})")
_SAME_NUMBER: Final = Text(
    "同じ番号の{unstated}がありますが、対応するとは誰も述べていません。",
    "{unstated} has the same number, but nobody says that they correspond.",
)
_NAMED_FITS: Final[Mapping[Fate, frozenset[Fit]]] = MappingProxyType(
    {
        Fate.SAME: frozenset({Fit.EQUAL}),
        Fate.MOVED: frozenset({Fit.EQUAL}),
        Fate.MERGED: _WITHIN,
        Fate.SPLIT: frozenset(Fit) - {Fit.LINKED},
        Fate.CHANGED: frozenset({Fit.INSIDE, Fit.CONTAINS}),
        Fate.RELATED: frozenset({Fit.OVERLAPS}),
    }
)
"""The counterparts that say what became of a provision."""


def explain(change: Change, name: Naming, words: Mapping[str, str] = MappingProxyType({})) -> Text:
    """What became of a provision in a few sentences, with the provisions named.

    `words` are the published words for new provisions with which it is only linked: they help a person to decide.
    """
    by_fit = _grouped(change.counterparts, lambda one: one.fit)
    new = [one.new for fit in Fit if fit in _NAMED_FITS.get(change.fate, ()) for one in by_fit.get(fit, ())]
    linked = [one.new for one in by_fit.get(Fit.LINKED, ())]
    lists = {
        "old": [change.provision], "new": new, "beside": change.beside, "linked": linked,
        "stays": [one.new for one in change.counterparts if one.fit is not Fit.LINKED],
        "unstated": [one.provision for one in change.unstated], "went": change.went, "tables": change.left_out_by,
    }  # fmt: skip
    return worded(joined([*_sentences(change, new, linked)]), _with_words(name, words), **lists)


def _sentences(change: Change, new: Sequence[str], linked: Sequence[str]) -> Iterator[Text]:
    if change.out_of_use:
        yield _OUT_OF_USE
    elif change.went and not change.of_new:
        yield _WENT
    elif change.fate is not Fate.RELATED or new:
        yield _EXPLAINED[change.fate]
    if change.went and change.of_new:
        yield _CAME
    if change.fate in {Fate.WITHDRAWN, Fate.ONLY_IN_OLD} and len(change.counterparts) > len(linked):
        yield _REMAINS
    if linked:
        yield _LINKED_ONLY
    if change.unstated:
        yield _SAME_NUMBER


def _with_words(name: Naming, words: Mapping[str, str]) -> Naming:
    def named(provision: str, language: str) -> str:
        plain = name(provision, language)
        return _AS_WORDED(name=plain, word=words[provision]).in_language(language) if provision in words else plain

    return named


def joined(sentences: Sequence[Text]) -> Text:
    """Sentences one after the other."""
    return Text("".join(one.ja for one in sentences), " ".join(one.en for one in sentences))


def worded(text: Text, name: Naming, **provisions: Sequence[str]) -> Text:
    """A message with lists of provisions filled in, each by its name in that language; `count` is that of the new ones."""
    count = len(provisions.get("new", ()))
    by_language = {
        language: {slot: _listed(found, name, language) for slot, found in provisions.items()} for language in ("ja", "en")
    }
    return Text(text.ja.format(count=count, **by_language["ja"]), text.en.format(count=count, **by_language["en"]))


def _listed(provisions: Sequence[str], name: Naming, language: str) -> str:
    names = [name(one, language) for one in provisions[:NAMED]]
    rest = len(provisions) - len(names)
    if language == "ja":
        return "、".join(f"「{one}」" for one in names) + (f"、ほか{rest}件" if rest else "")
    return ", ".join(f"'{one}'" for one in names) + (f" and {rest} more" if rest else "")
