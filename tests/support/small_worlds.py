"""Small random releases for the laws of coverage: things, requirements, schemes, and statements of every authority."""

from datetime import date
from random import Random

from hypothesis import strategies as st

from kakehashi.crosswalk.given import Certificate, Given, View
from kakehashi.records.model import Statement
from kakehashi.records.values import Authority, Certainty, Nature
from tests.property.test_algebra import related
from tests.support.plain_coverage import BITS, READ

TODAY = date(2026, 11, 23)
CLASSES = {
    "p1": "Product", "p2": "Product", "c1": "Capability", "c2": "Capability", "c3": "Capability",
    "r1": "Requirement", "r2": "Requirement", "r3": "Requirement",
    "s1": "CertificationScheme", "s2": "CertificationScheme", "f1": "Framework",
}  # fmt: skip
THINGS = ("p1", "p2", "c1", "c2", "c3")
REQUIREMENTS = ("r1", "r2", "r3")
SCHEMES = ("s1", "s2", "f1")
EDITION = {"r1": "e1", "r2": "e1", "r3": "e2"}
AUTHORITIES = st.sampled_from(tuple(Authority))
ALL_THERE_IS = Given(things=frozenset(THINGS), certificates=tuple(Certificate(scheme=scheme) for scheme in SCHEMES))

World = dict[str, frozenset[int]]
Shuffler = Random
WORLDS: st.SearchStrategy[World] = st.fixed_dictionaries(
    dict.fromkeys(THINGS + REQUIREMENTS, st.frozensets(st.integers(0, 4), min_size=1))
)


def statement(identifier: str, subject: str, predicate: str, target: str, authority: Authority) -> Statement:
    return Statement(
        id=identifier, subject=subject, predicate=predicate, object=target, source="source/x",
        certainty=Certainty.PRINTED, authority=authority, nature=Nature.REPORT,
    )  # fmt: skip


Form = tuple[str, str, str]
RELATING = st.sampled_from(sorted(READ))
THING, REQUIREMENT, SCHEME = st.sampled_from(THINGS), st.sampled_from(REQUIREMENTS), st.sampled_from(SCHEMES)
CLAIMS = st.tuples(THING, RELATING, REQUIREMENT)
FORMS: st.SearchStrategy[Form] = st.one_of(
    CLAIMS,
    CLAIMS,
    st.tuples(REQUIREMENT, RELATING, THING),
    st.tuples(REQUIREMENT, RELATING, REQUIREMENT).filter(lambda form: form[0] != form[2]),
    st.tuples(THING, st.sampled_from(("has-capability", "offers-term")), THING),
    st.tuples(REQUIREMENT, st.sampled_from(("accepts-any-of", "satisfied-by", "recommends-certification")), SCHEME),
    st.tuples(st.sampled_from(("s1", "s2")), st.sampled_from(("refers-to", "certifies-to")), SCHEME),
    # The same words between ends of other classes mean nothing for coverage.
    st.tuples(st.sampled_from(("f1", "c1")), st.sampled_from(("refers-to", "accepts-any-of")), st.sampled_from(("s1", "c2"))),
)


def numbered(forms: list[tuple[Form, Authority]]) -> list[Statement]:
    return [statement(f"s{place}", *form, authority) for place, (form, authority) in enumerate(forms)]


# Releases in which most that is stated leads, by two or three steps, from a thing or a certificate to one requirement.
OF_HAVING: st.SearchStrategy[Form] = st.one_of(
    st.sampled_from([("p1", "has-capability", "c1"), ("c1", "has-capability", "c2"), ("c2", "offers-term", "p1")]),
    st.tuples(st.sampled_from(("c1", "c2")), RELATING, st.just("r1")),
)
OF_CERTIFYING: st.SearchStrategy[Form] = st.one_of(
    st.tuples(st.just("r1"), st.sampled_from(("accepts-any-of", "recommends-certification")), SCHEME),
    st.sampled_from([("s1", "refers-to", "s2"), ("s1", "certifies-to", "f1"), ("s2", "certifies-to", "f1")]),
)


def releases(forms: st.SearchStrategy[Form], most: int) -> st.SearchStrategy[list[Statement]]:
    return st.lists(st.tuples(forms, AUTHORITIES), max_size=most).map(numbered)


STATEMENTS = st.one_of(releases(FORMS, 14), releases(OF_HAVING, 8), releases(OF_CERTIFYING, 6))

LIMITED = st.builds(
    Certificate,
    scheme=SCHEME,
    scope=st.sampled_from([frozenset(), frozenset({"r1"}), frozenset({"r2"}), frozenset({"e1"})]),
    valid_from=st.sampled_from([None, date(2020, 1, 1), TODAY, date(2030, 1, 1)]),
    valid_to=st.sampled_from([None, date(2020, 1, 1), TODAY, date(2030, 1, 1)]),
)
CERTIFICATES = st.one_of(st.builds(Certificate, scheme=SCHEME), LIMITED)
GIVEN = st.builds(Given, things=st.frozensets(THING), certificates=st.lists(CERTIFICATES, max_size=3).map(tuple))
VIEWS = st.builds(View, st.frozensets(AUTHORITIES, min_size=1), st.just(TODAY), st.integers(1, 3))


def is_true(row: Statement, world: World) -> bool:
    """Whether a relating statement, as its word is read, allows what its two sets really are."""
    return bool(row.object) and any(
        BITS[one] == related(world[row.subject], world[row.object or ""]) for one in READ[row.predicate]
    )


@st.composite
def true_statements(draw: st.DrawFn, world: World) -> list[Statement]:
    """Statements that are true of a world, and among them at most one that need not be."""
    forms = []
    for _ in range(draw(st.integers(1, 10))):
        subject, target = draw(st.permutations((draw(THING), draw(REQUIREMENT))))
        truth = related(world[subject], world[target])
        words = sorted(word for word, reading in READ.items() if truth in {BITS[one] for one in reading})
        forms.append(((subject, draw(st.sampled_from(words)), target), draw(AUTHORITIES)))
    return numbered(forms + draw(st.lists(st.tuples(CLAIMS, AUTHORITIES), max_size=1)))
