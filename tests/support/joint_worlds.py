"""Small random releases with n:m mappings and parents that are the whole of their children."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

from hypothesis import strategies as st
from msgspec.structs import replace

from kakehashi.crosswalk.algebra import EQ, PP
from kakehashi.crosswalk.given import View
from kakehashi.crosswalk.index import Index, build_index
from kakehashi.crosswalk.rows import Row
from kakehashi.crosswalk.standing import Standing, World
from kakehashi.records.model import Group, MappingDetail, Statement
from kakehashi.records.values import Authority, Certainty, MappingStatus, RationaleKind
from kakehashi.sources.wording import of_pair
from tests.property.test_algebra import related
from tests.support import small_worlds
from tests.support.plain_coverage import BITS, READ
from tests.support.small_worlds import AUTHORITIES, THING, THINGS, TODAY, statement

REQUIREMENTS = ("r1", "r2", "r3", "r4", "r5")
HEADING, WITHDRAWN = "h1", "w1"
CLASSES = {
    **small_worlds.CLASSES, **dict.fromkeys((*REQUIREMENTS, WITHDRAWN), "Requirement"), HEADING: "Heading",
}  # fmt: skip
EDITION = dict.fromkeys(REQUIREMENTS, "e1")
REVERSE = "set/reverse"
WORLD = World(CLASSES, out_of_use=frozenset({WITHDRAWN}), not_evidence={REVERSE: Standing.REVERSE})

Sets = dict[str, frozenset[int]]
Ends = tuple[str, ...]


@dataclass(frozen=True)
class Release:
    """Statements, n:m mappings, parent links, and of which parents the children are the whole."""

    statements: tuple[Statement, ...] = ()
    groups: tuple[Group, ...] = ()
    links: tuple[Row, ...] = ()
    wholes: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def index(self) -> Index:
        return build_index(self.statements, WORLD, self.links, self.groups, self.wholes)


def group(
    identifier: str,
    subjects: Ends,
    predicate: str,
    objects: Ends,
    authority: Authority = Authority.OFFICIAL,
    *,
    kind: RationaleKind | None = None,
    mapping_set: str = "set/x",
) -> tuple[Group, tuple[Statement, ...]]:
    """An n:m mapping with its pairs, as every loader writes them."""
    detail = MappingDetail(
        mapping_set=mapping_set, verbatim=predicate, justification="x", status=MappingStatus.PUBLISHED, rationale_kind=kind
    )
    found = Group(
        id=identifier, source="source/x", authority=authority, certainty=Certainty.PRINTED, subjects=subjects,
        predicate=predicate, objects=objects, mapping=detail,
    )  # fmt: skip
    word = of_pair(predicate, len(subjects), len(objects))
    ends = product(subjects, objects)
    pairs = (statement(f"{identifier}-{place}", one, word, other, authority) for place, (one, other) in enumerate(ends))
    in_group = replace(detail, group=identifier)
    return found, tuple(replace(pair, mapping=in_group) for pair in pairs)


def link(child: str, parent: str, authority: Authority = Authority.OFFICIAL) -> Row:
    return Row(statement=child, subject=child, object=parent, relations=EQ | PP, authority=authority, parent_link=True)


PROVISION = st.sampled_from(REQUIREMENTS)
SIDES = st.lists(PROVISION, min_size=1, max_size=3, unique=True).map(tuple)
RELATING = sorted(READ)
WIDE_VIEWS = st.builds(View, st.just(frozenset(Authority)), st.just(TODAY), st.integers(2, 4))
VIEWS = st.one_of(
    st.builds(View, st.just(frozenset(Authority)), st.just(TODAY), st.integers(2, 3)),
    st.builds(View, st.frozensets(AUTHORITIES, min_size=1), st.just(TODAY), st.integers(1, 3)),
)
KINDS = st.sampled_from((None, None, None, RationaleKind.SYNTACTIC))
MAPPING_SETS = st.sampled_from(("set/x", "set/x", "set/x", REVERSE))
OTHER_ENDS = st.sampled_from((HEADING, WITHDRAWN, "c1"))


def words(truth: int | None, among: Sequence[str]) -> list[str]:
    """The words that are true where the truth is known; all of them where it is not asked for."""
    return [word for word in among if truth is None or truth in {BITS[one] for one in READ[word]}]


# Most releases hold most of this: two unions, one within the other, and things that meet their parts.
CLAIMED = (("c1", "r2"), ("c2", "r3"), ("c2", "r4"), ("c3", "r5"))
UNITED: tuple[tuple[Ends, Ends], ...] = (
    (("r1",), ("r2", "r3")),
    (("r3",), ("r4", "r5")),
    (("r2", "r3"), ("r1",)),
    (("r4", "r5"), ("r3",)),
)
WHOLES = (("r1", "r2", "r3"), ("r3", "r4", "r5"))
MOSTLY = st.integers(0, 4).map(bool)


@st.composite
def releases(draw: st.DrawFn, sets: Sets | None = None) -> Release:
    """A release; where the sets are given, one of which every statement is true."""
    statements = [*_claims(draw, sets), *_rows(draw, sets)]
    sides = [one for one in UNITED if draw(MOSTLY)][: draw(st.integers(0, 3))]
    sides += draw(st.lists(st.tuples(SIDES, SIDES), max_size=2))
    found = [_group(draw, sets, f"g{place}", *some) for place, some in enumerate(sides)]
    links, wholes = _partition(draw, sets)
    pairs = (pair for _, some in found for pair in some)
    return Release((*statements, *pairs), tuple(one for one, _ in found), links, wholes)


def _claims(draw: st.DrawFn, sets: Sets | None) -> list[Statement]:
    """What is claimed of things, mostly that they satisfy."""
    ends = [one for one in CLAIMED if draw(MOSTLY)] + draw(st.lists(st.tuples(THING, PROVISION), max_size=3))
    found = []
    for place, (thing, requirement) in enumerate(ends):
        truth = None if sets is None else related(sets[thing], sets[requirement])
        among = words(truth, ("satisfies", "equal", "superset-of")) if draw(MOSTLY) else []
        word = draw(st.sampled_from(among or words(truth, RELATING)))
        found.append(statement(f"c{place}", thing, word, requirement, draw(AUTHORITIES)))
    return found


def _rows(draw: st.DrawFn, sets: Sets | None) -> list[Statement]:
    found = []
    for place in range(draw(st.integers(0, 3))):
        one, other = draw(st.lists(PROVISION, min_size=2, max_size=2, unique=True))
        among = words(None if sets is None else related(sets[one], sets[other]), RELATING)
        found.append(statement(f"s{place}", one, draw(st.sampled_from(among)), other, draw(AUTHORITIES)))
    return found


def _group(draw: st.DrawFn, sets: Sets | None, name: str, subjects: Ends, objects: Ends) -> tuple[Group, tuple[Statement, ...]]:
    truth = None if sets is None else related(_united(sets, subjects), _united(sets, objects))
    inside = ("subset-of", "broad-match", "equal") if len(objects) > 1 else ("superset-of", "narrow-match", "exact-match")
    among = words(truth, inside) if draw(MOSTLY) else []
    word = draw(st.sampled_from(among or words(truth, RELATING)))
    if sets is None and not draw(MOSTLY):
        objects += (draw(OTHER_ENDS),)
    return group(name, subjects, word, objects, draw(AUTHORITIES), kind=draw(KINDS), mapping_set=draw(MAPPING_SETS))


def _partition(draw: st.DrawFn, sets: Sets | None) -> tuple[tuple[Row, ...], Mapping[str, Sequence[str]]]:
    """One parent at most, with its children; where sets are given, only one that is the union of them."""
    some = st.lists(PROVISION, min_size=2, max_size=4, unique=True).map(tuple)
    parent, *children = draw(st.one_of(st.sampled_from(WHOLES), some))
    if (sets is not None and sets[parent] != _united(sets, children)) or draw(st.booleans()):
        return (), {}
    linked = [one for one in children if sets is not None or draw(MOSTLY)]
    return tuple(link(one, parent, draw(AUTHORITIES)) for one in linked), {parent: tuple(children)}


def _united(sets: Sets, ends: Sequence[str]) -> frozenset[int]:
    return frozenset[int]().union(*(sets[one] for one in ends))


@st.composite
def worlds(draw: st.DrawFn) -> Sets:
    """Real sets of things and provisions, mostly such that what most releases hold is true."""
    some = st.frozensets(st.integers(0, 4), min_size=1)
    sets = {end: draw(some) for end in (*THINGS, *REQUIREMENTS)}
    if draw(MOSTLY):
        sets["r3"] = sets["r4"] | sets["r5"]
        sets["r1"] = sets["r2"] | sets["r3"]
    for thing, requirement in CLAIMED:
        sets[thing] |= sets[requirement] if draw(MOSTLY) else frozenset()
    return sets


@st.composite
def true_releases(draw: st.DrawFn) -> tuple[Sets, Release]:
    """Sets, and a release of which everything is true."""
    sets = draw(worlds())
    return sets, draw(releases(sets))
