"""Small random releases with licence plans, two editions of one standard, successors, and things that end."""

from collections.abc import Sequence
from datetime import date
from itertools import count

from hypothesis import strategies as st

from kakehashi.crosswalk.given import Certificate, Given, View
from kakehashi.crosswalk.index import Index, build_index
from kakehashi.crosswalk.standing import World
from kakehashi.records.model import Edition, Literal, Statement
from kakehashi.records.values import Authority, Certainty, Nature
from tests.support import small_worlds
from tests.support.small_worlds import AUTHORITIES, FORMS, RELATING, SCHEMES, THINGS, TODAY

PLANS = ("l1", "l2", "l3")
CLASSES = small_worlds.CLASSES | dict.fromkeys(PLANS, "Product")
EVERY_THING = (*THINGS, *PLANS)
EDITION = {"r1": "e1", "r2": "e1", "r3": "e2"}
EDITIONS = {
    "e1": Edition(id="e1", framework="f1", source="source/x", provisions=("r1", "r2")),
    "e2": Edition(id="e2", framework="f1", source="source/x", provisions=("r3",), replaces="e1"),
}
ALL_THERE_IS = Given(things=frozenset(EVERY_THING), certificates=tuple(Certificate(scheme=scheme) for scheme in SCHEMES))

THING = st.sampled_from(EVERY_THING)
BRINGING = st.one_of(
    st.tuples(st.sampled_from(PLANS), st.just("plan-includes"), THING),
    st.tuples(THING, st.sampled_from(("has-capability", "renamed-to")), THING),
    st.sampled_from([("l2", "plan-includes", "l1"), ("l3", "plan-includes", "l2"), ("l1", "plan-includes", "c1")]),
)
SUCCEEDING = st.tuples(THING, st.sampled_from(("superseded-by", "continued-as")), THING)
BETWEEN_EDITIONS = st.tuples(st.sampled_from(("r1", "r2")), RELATING, st.just("r3"))
OF_ONE = st.one_of(
    st.tuples(THING, RELATING, st.just("r1")),
    st.tuples(st.just("r1"), st.sampled_from(("accepts-any-of", "recommends-certification")), st.sampled_from(SCHEMES)),
    BRINGING,
    BETWEEN_EDITIONS,
    SUCCEEDING,
)

DAYS = st.sampled_from(("2020-01-01", "2026-11-22", "2026-11-23", "2026-11", "2026", "2025", "2030-01-01", "soon"))
CERTAIN = st.sampled_from(tuple(Certainty))
ENDS = st.tuples(st.sampled_from((*EVERY_THING, *SCHEMES)), st.just("valid-to"), DAYS, CERTAIN)
LAPSES = st.tuples(st.sampled_from(("e1", "e2")), st.just("certificates-lapse-on"), DAYS, CERTAIN)


def timed(numbered: Sequence[tuple[str, str, str, Certainty]], authority: Authority) -> list[Statement]:
    return [
        Statement(
            id=f"t{place}", subject=subject, predicate=predicate, value=Literal(text=day), source="source/x",
            certainty=certainty, authority=authority, nature=Nature.REPORT,
        )
        for place, (subject, predicate, day, certainty) in zip(count(), numbered, strict=False)
    ]  # fmt: skip


STATED = st.one_of(
    small_worlds.releases(st.one_of(FORMS, FORMS, BRINGING, SUCCEEDING, BETWEEN_EDITIONS), 14),
    small_worlds.releases(OF_ONE, 9),
)
TIMES = st.builds(timed, st.lists(st.one_of(ENDS, ENDS, LAPSES), max_size=4), AUTHORITIES)
STATEMENTS: st.SearchStrategy[list[Statement]] = st.builds(lambda rows, times: [*rows, *times], STATED, TIMES)

CERTIFICATES = st.builds(
    Certificate,
    scheme=st.sampled_from(SCHEMES),
    edition=st.sampled_from((None, None, "e1", "e2")),
    scope=st.sampled_from([frozenset(), frozenset({"r1"}), frozenset({"e2"})]),
    valid_to=st.sampled_from([None, None, date(2020, 1, 1), TODAY]),
)
GIVEN = st.builds(Given, things=st.frozensets(THING), certificates=st.lists(CERTIFICATES, max_size=3).map(tuple))
VIEWS = st.builds(View, st.frozensets(AUTHORITIES, min_size=1), st.just(TODAY), st.integers(1, 2))
Case = tuple[list[Statement], Given, View]

# Most random releases hold none of what needs four statements to fit. Here all speak of one requirement, on few words.
SATISFIES = st.sampled_from(("satisfies", "satisfies-in-part"))
CLAIMED = st.tuples(st.sampled_from(("c1", "c2", "l3", "p2")), SATISFIES, st.just("r1"))
OF_PLANS: st.SearchStrategy[small_worlds.Form] = st.one_of(
    CLAIMED,
    st.sampled_from([("l2", "plan-includes", "l1"), ("l3", "plan-includes", "l2"), ("l3", "plan-includes", "l1")]),
    st.tuples(st.sampled_from(PLANS), st.just("plan-includes"), st.sampled_from(("c1", "c2", "c3"))),
)
LATER = st.sampled_from(("p2", "l3", "c3"))
OF_ENDS: st.SearchStrategy[small_worlds.Form] = st.one_of(
    CLAIMED,
    CLAIMED,
    st.sampled_from([("p1", "renamed-to", "p2"), ("c1", "has-capability", "c2"), ("c1", "satisfies", "r1")]),
    st.tuples(st.sampled_from(("p1", "c1")), st.sampled_from(("superseded-by", "continued-as")), LATER),
    st.sampled_from([("p1", "superseded-by", "p2"), ("c1", "continued-as", "c2")]),
    st.tuples(st.sampled_from(("p2", "l3")), st.just("has-capability"), st.sampled_from(("c1", "c2", "c3"))),
    st.just(("r1", "accepts-any-of", "s1")),
)
P1_HAS_C1 = (("p1", "has-capability", "c1"), Authority.OFFICIAL)
FEW_WORDS = st.sampled_from((Authority.OFFICIAL, Authority.OFFICIAL, Authority.OFFICIAL, Authority.VENDOR))
PAST = st.sampled_from(("2020", "2026-11-22", "2026-11"))
MOSTLY_READ = st.one_of(st.just(Certainty.VERIFIED), CERTAIN)
OVER = st.tuples(
    st.sampled_from(("p1", "p1", "c1", "p2", "s1")), st.just("valid-to"), PAST, st.one_of(st.just(Certainty.VERIFIED), CERTAIN)
)
AUTHORITY_SETS = st.sampled_from([frozenset(Authority), frozenset({Authority.OFFICIAL})])
WIDE = st.builds(View, AUTHORITY_SETS, st.just(TODAY), st.integers(1, 2))


def _few(forms: st.SearchStrategy[small_worlds.Form], ends: int) -> st.SearchStrategy[list[Statement]]:
    stated = st.lists(st.tuples(forms, FEW_WORDS), min_size=3, max_size=9, unique=True)
    numbered = stated.map(lambda found: small_worlds.numbered([P1_HAS_C1, *found]))
    times = st.builds(timed, st.lists(OVER, min_size=min(ends, 1), max_size=ends), FEW_WORDS)
    return st.builds(lambda rows, over: [*rows, *over], numbered, times)


def _having(*things: str) -> st.SearchStrategy[Given]:
    bare = st.lists(st.just(Certificate(scheme="s1")), max_size=1).map(tuple)
    return st.builds(Given, things=st.frozensets(st.sampled_from(things), min_size=1), certificates=bare)


CASES: st.SearchStrategy[Case] = st.one_of(
    st.tuples(STATEMENTS, GIVEN, VIEWS),
    st.tuples(_few(OF_PLANS, 1), _having("l1", "l2"), WIDE),
    st.tuples(_few(OF_ENDS, 3), _having("p1", "c1"), WIDE),
)


def index_of(rows: Sequence[Statement]) -> Index:
    return build_index(rows, World(CLASSES, editions=EDITIONS))
