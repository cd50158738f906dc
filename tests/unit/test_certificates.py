"""Issued certificates: what is known under which scheme, what a whole list rules out, and what is in force when."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.crosswalk.certificates import Certificates, Certification, Outcome
from kakehashi.crosswalk.given import Certificate, View
from kakehashi.crosswalk.index import Link
from kakehashi.crosswalk.validity import times_of
from kakehashi.records.model import Literal, Statement
from kakehashi.records.values import Authority, Certainty, Nature
from kakehashi.snapshot.model import Snapshot

DAY: Final = date(2026, 11, 24)
VIEW: Final = View(frozenset(Authority) - {Authority.INFERRED}, DAY)


def stated(
    subject: str, predicate: str, target: str | Literal, authority: Authority = Authority.CURATED,
    certainty: Certainty = Certainty.PRINTED,
) -> Statement:  # fmt: skip
    value = target if isinstance(target, Literal) else None
    return Statement(
        id=f"statement/{subject}-{predicate}-{target}", subject=subject, predicate=predicate, value=value,
        object=target if isinstance(target, str) else None, source="source/s", certainty=certainty,
        authority=authority, nature=Nature.REPORT,
    )  # fmt: skip


def day(text: str) -> Literal:
    return Literal(text=text, datatype="date")


def same_scheme(*listings: tuple[str, str]) -> dict[str, list[Link]]:
    """What the index holds of listings and what they are of."""
    found: dict[str, list[Link]] = defaultdict(list)
    for listing, of in listings:
        found[listing].append(Link(statement="statement/x", source=listing, target=of, authority=Authority.OFFICIAL))
        found[of].append(Link(statement="statement/x", source=of, target=listing, authority=Authority.OFFICIAL, reverse=True))
    return found


LISTS: Final = (
    stated("list", "lists-certificates-of", "scheme", Authority.INFERRED),
    stated("other-list", "lists-certificates-of", "standard", Authority.INFERRED),
)
ISSUED: Final = (stated("cert", "granted-to", "tool"), stated("cert", "granted-under", "scheme"))
LINKS: Final = same_scheme(("standard-cert", "standard"), ("first", "forked"), ("second", "forked"))
NARROW: Final = View(frozenset({Authority.OFFICIAL}), DAY)


def certificates(*statements: Statement) -> Certificates:
    outgoing, incoming = defaultdict(list), defaultdict(list)
    for one in (*LISTS, *statements):
        outgoing[one.subject].append(one)
        incoming[one.object or ""].append(one)
    return Certificates(
        issued=frozenset({"cert"}), outgoing=outgoing, incoming=incoming, same_scheme=LINKS,
        frameworks={"standard/2015": "standard", "standard/2026": "standard"}, times=times_of((*LISTS, *statements)),
    )  # fmt: skip


def answers(
    *statements: Statement, holder: str = "tool", schemes: Iterable[str] | None = None, view: View = VIEW
) -> dict[str, Certification]:
    return {one.scheme: one for one in certificates(*statements).of(holder, schemes, view)}


def test_without_a_list_nobody_can_say_and_the_lists_are_named_whoever_names_them() -> None:
    found = answers()
    assert {scheme: one.outcome for scheme, one in found.items()} == dict.fromkeys(("scheme", "standard"), Outcome.NOT_LOADED)
    assert [one.id for one in found["scheme"].lists] == ["list"]


def test_one_certificate_of_another_does_not_make_a_list_whole() -> None:
    assert answers(*ISSUED, holder="other")["scheme"].outcome is Outcome.NOT_LOADED


def test_a_whole_list_rules_out_who_is_not_on_it() -> None:
    whole = (stated("list", "listed-as-of", day("2026-10-01")), stated("list", "listed-as-of", day("2026-11-01")))
    found = answers(*ISSUED, *whole, holder="other")
    assert (found["scheme"].outcome, found["standard"].outcome) == (Outcome.NOT_LISTED, Outcome.NOT_LOADED)
    assert found["scheme"].lists[0].listed_as_of == date(2026, 11, 1)
    assert answers(*ISSUED, *whole)["scheme"].outcome is Outcome.LISTED


def test_a_list_whose_day_the_view_does_not_believe_is_not_loaded() -> None:
    draft = stated("list", "listed-as-of", day("2026-11-01"), Authority.INFERRED)
    assert answers(draft)["scheme"].outcome is Outcome.NOT_LOADED


def test_a_list_of_no_certain_day_is_not_loaded() -> None:
    assert answers(stated("list", "listed-as-of", Literal(text="2026-11")))["scheme"].outcome is Outcome.NOT_LOADED


@pytest.mark.parametrize("scheme", ["standard", "standard-cert"])
def test_a_certificate_to_an_edition_is_one_of_its_framework(scheme: str) -> None:
    found = answers(stated("cert", "granted-to", "tool"), stated("cert", "certifies-to", f"{scheme}/2015"), schemes=["standard"])
    assert found["standard"].outcome is (Outcome.LISTED if scheme == "standard" else Outcome.NOT_LOADED)
    under = answers(stated("cert", "granted-to", "tool"), stated("cert", "granted-under", scheme), schemes=["standard"])
    assert under["standard"].outcome is Outcome.LISTED


def test_a_certificate_is_found_under_former_and_later_names() -> None:
    renamed = (stated("old", "renamed-to", "tool"), stated("older", "renamed-to", "old"))
    for holder in ("tool", "old", "older"):
        assert answers(*ISSUED, *renamed, holder=holder)["scheme"].outcome is Outcome.LISTED


def test_what_is_granted_and_is_no_certificate_is_left_alone() -> None:
    assert answers(stated("mark", "granted-to", "tool"), stated("mark", "granted-under", "scheme"))["scheme"].issued == ()


@pytest.mark.parametrize(
    ("dates", "force"),
    [
        ({}, None),
        ({"valid-from": "2026-11-25"}, False),
        ({"valid-from": "2026-11-24"}, None),
        ({"valid-to": "2026-11-24"}, True),
        ({"valid-to": "2026-11-23"}, False),
        ({"valid-from": "2025-01-01", "valid-to": "2027-01-01"}, True),
    ],
)
def test_both_ends_of_its_validity_are_included(dates: dict[str, str], force: bool | None) -> None:
    (one,) = answers(*ISSUED, *(stated("cert", name, day(text)) for name, text in dates.items()))["scheme"].issued
    assert one.in_force(DAY) is force


def test_where_all_certificates_to_an_edition_ended_so_did_this_one() -> None:
    lapse = stated("standard/2015", "certificates-lapse-on", day("2026-01-01"))
    own = (stated("cert", "certifies-to", "standard/2015"), stated("cert", "valid-to", day("2027-01-01")))
    (one,) = answers(*ISSUED, *own, lapse)["scheme"].issued
    assert (one.ends_on, one.valid_to, one.in_force(DAY)) == (date(2026, 1, 1), date(2027, 1, 1), False)


DATES: Final = st.sampled_from(("2025-10-31", "2026-11-23", "2026-11-24", "2026-11", "2026", "2025", "2027-01-01", "soon"))
ENDS: Final = st.builds(
    lambda end, text, authority, certainty: stated(end[0], end[1], Literal(text=text), authority, certainty),
    st.sampled_from(
        [("cert", "valid-to"), ("scheme", "valid-to"), ("standard", "valid-to"), ("standard/2015", "certificates-lapse-on")]
    ),
    DATES, st.sampled_from(Authority), st.sampled_from(Certainty),
)  # fmt: skip
OF_WHAT: Final = st.sampled_from(
    [
        (Certificate(scheme="scheme"), [("granted-under", "scheme")]),
        (Certificate(scheme="scheme", edition="standard/2015"), [("granted-under", "scheme"), ("certifies-to", "standard/2015")]),
        (Certificate(scheme="standard", edition="standard/2015"), [("certifies-to", "standard/2015")]),
    ]
)


@given(OF_WHAT, st.lists(ENDS, max_size=5))
def test_a_recorded_certificate_is_in_force_exactly_when_the_same_is_that_is_given(
    of_what: tuple[Certificate, list[tuple[str, str]]], ends: list[Statement]
) -> None:
    described = [stated("cert", name, target, Authority.OFFICIAL) for name, target in of_what[1]]
    known = (*described, stated("cert", "granted-to", "tool", Authority.OFFICIAL), *ends)
    times = times_of(known)
    own = times.ends.get("cert")
    alike = replace(of_what[0], valid_to=None if own is None else own.last)
    for one in answers(*known, view=NARROW).values():
        for recorded in one.issued:
            assert (recorded.in_force(DAY) is not False) == alike.in_force(DAY, times)


def test_what_is_only_recalled_ends_nothing_and_what_is_read_does_whoever_says_it() -> None:
    known = (
        stated("cert", "granted-to", "tool", Authority.OFFICIAL),
        stated("cert", "granted-under", "scheme", Authority.OFFICIAL),
    )
    for certainty, force in ((Certainty.UNVERIFIED, None), (Certainty.PRINTED, False)):
        end = stated("scheme", "valid-to", day("2026-01-01"), Authority.THIRD_PARTY, certainty)
        (one,) = answers(*known, end, view=NARROW)["scheme"].issued
        assert one.in_force(DAY) is force


@pytest.mark.parametrize(("ends", "last"), [(["2020-09"], date(2020, 9, 30)), (["2020-09-01", "2030-09-01"], date(2030, 9, 1))])
def test_an_end_may_be_a_month_and_of_two_the_later_counts(ends: list[str], last: date) -> None:
    (one,) = answers(*ISSUED, *(stated("cert", "valid-to", Literal(text=text)) for text in ends))["scheme"].issued
    assert (one.valid_to, one.ends_on) == (last, last)


@pytest.mark.parametrize(("start", "force"), [("2026-12", False), ("2026-11", None), ("2026", None)])
def test_a_start_may_be_a_month(start: str, force: bool | None) -> None:
    (one,) = answers(*ISSUED, stated("cert", "valid-from", Literal(text=start)))["scheme"].issued
    assert one.in_force(DAY) is force


def forked(*whole: str) -> tuple[Statement, ...]:
    """A certificate under the second of two listings of one standard; a list of each listing, some of them loaded whole."""
    lists = (stated(f"{one}-list", "lists-certificates-of", one) for one in ("first", "second"))
    days = (stated(f"{one}-list", "listed-as-of", day("2026-11-01")) for one in whole)
    return (stated("cert", "granted-to", "tool"), stated("cert", "granted-under", "second"), *lists, *days)


@pytest.mark.parametrize(
    ("holder", "whole", "expected"),
    [
        ("tool", (), ("not-loaded", "listed", "listed")),
        ("tool", ("first",), ("not-listed", "listed", "listed")),
        ("other", ("first",), ("not-listed", "not-loaded", "not-loaded")),
        ("other", ("second",), ("not-loaded", "not-listed", "not-loaded")),
        ("other", ("first", "second"), ("not-listed", "not-listed", "not-listed")),
    ],
)
def test_a_certificate_under_one_listing_is_none_under_another_of_the_same_standard(
    holder: str, whole: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    asked = ("first", "second", "forked")
    found = answers(*forked(*whole), holder=holder, schemes=asked)
    assert tuple(found[scheme].outcome for scheme in asked) == expected
    assert [[one.id for one in found[scheme].lists] for scheme in asked] == [
        ["first-list"], ["second-list"], ["first-list", "second-list"],
    ]  # fmt: skip


def test_a_list_of_the_standard_says_nothing_of_who_certified() -> None:
    whole = (stated("other-list", "listed-as-of", day("2026-11-01")), stated("cert", "certifies-to", "standard/2015"))
    found = answers(stated("cert", "granted-to", "tool"), *whole, schemes=["standard-cert", "standard"])
    assert {scheme: one.outcome for scheme, one in found.items()} == {
        "standard": Outcome.LISTED, "standard-cert": Outcome.NOT_LOADED,
    }  # fmt: skip


def test_a_listing_that_the_view_does_not_see_makes_no_certificate_of_its_standard() -> None:
    sees = View(frozenset({Authority.CURATED}), DAY)
    assert answers(*forked(), schemes=["forked"], view=sees)["forked"].outcome is Outcome.NOT_LOADED


def test_a_release_tells_a_listing_from_what_it_is_of(snapshot: Snapshot) -> None:
    links = snapshot.index.same_scheme
    assert {link.target: link.reverse for link in links["iso-27017"]} == {"iso-27017-cert": True, "off-iso-27017": True}
    for listing in ("iso-27017-cert", "off-iso-27017"):
        assert [(link.target, link.reverse) for link in links[listing]] == [("iso-27017", False)]
