"""Issued certificates: what is known under which scheme, what a whole list rules out, and what is in force when."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final

import pytest

from kakehashi.crosswalk.certificates import Certificates, Certification, Outcome
from kakehashi.crosswalk.given import View
from kakehashi.crosswalk.index import Link
from kakehashi.records.model import Literal, Statement
from kakehashi.records.values import Authority, Certainty, Nature

DAY: Final = date(2026, 11, 24)
VIEW: Final = View(frozenset(Authority) - {Authority.INFERRED}, DAY)


def stated(subject: str, predicate: str, target: str | Literal, authority: Authority = Authority.CURATED) -> Statement:
    value = target if isinstance(target, Literal) else None
    return Statement(
        id=f"statement/{subject}-{predicate}-{target}", subject=subject, predicate=predicate, value=value,
        object=target if isinstance(target, str) else None, source="source/s", certainty=Certainty.PRINTED,
        authority=authority, nature=Nature.REPORT,
    )  # fmt: skip


def day(text: str) -> Literal:
    return Literal(text=text, datatype="date")


LISTS: Final = (
    stated("list", "lists-certificates-of", "scheme", Authority.INFERRED),
    stated("other-list", "lists-certificates-of", "standard", Authority.INFERRED),
)
ISSUED: Final = (stated("cert", "granted-to", "tool"), stated("cert", "granted-under", "scheme"))


def certificates(*statements: Statement) -> Certificates:
    outgoing, incoming = defaultdict(list), defaultdict(list)
    for one in (*LISTS, *statements):
        outgoing[one.subject].append(one)
        incoming[one.object or ""].append(one)
    link = Link(statement="statement/x", source="standard", target="standard-cert", authority=Authority.OFFICIAL)
    return Certificates(
        issued=frozenset({"cert"}), outgoing=outgoing, incoming=incoming, same_scheme={"standard": [link]},
        frameworks={"standard/2015": "standard", "standard/2026": "standard"},
    )  # fmt: skip


def answers(*statements: Statement, holder: str = "tool", schemes: Iterable[str] | None = None) -> dict[str, Certification]:
    return {one.scheme: one for one in certificates(*statements).of(holder, schemes, VIEW)}


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
