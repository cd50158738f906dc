"""What became of what a source describes: which statements tell of it, of what date, and in what order."""

from collections import defaultdict

from kakehashi.crosswalk.changes import Change, Changed, changes
from kakehashi.crosswalk.given import View
from kakehashi.records.model import Literal, Statement
from kakehashi.records.values import Authority, Certainty, Nature
from tests.unit.test_certificates import VIEW


def stated(
    subject: str, predicate: str, target: str | Literal, source: str = "later", authority: Authority = Authority.THIRD_PARTY
) -> Statement:
    value = target if isinstance(target, Literal) else None
    return Statement(
        id=f"statement/{subject}-{predicate}-{target}", subject=subject, predicate=predicate, value=value,
        object=target if isinstance(target, str) else None, source=source, certainty=Certainty.PRINTED, authority=authority,
        nature=Nature.REPORT,
    )  # fmt: skip


def told(*statements: Statement, view: View = VIEW) -> tuple[Changed, ...]:
    outgoing, incoming = defaultdict(list), defaultdict(list)
    for one in statements:
        outgoing[one.subject].append(one)
        incoming[one.object or ""].append(one)
    return changes(["a", "b"], "printed", outgoing, incoming, view)


def test_events_and_successors_come_with_their_dates_in_the_order_of_time() -> None:
    found = told(
        stated("c", "replaces", "b"), stated("event", "affects", "a"), stated("event", "date", Literal(text="2026-03")),
        stated("event", "effect", Literal(text="withdrawn", language="en")), stated("c", "date", Literal(text="2025")),
    )  # fmt: skip
    assert [(one.thing, one.kind, one.other, one.date) for one in found] == [
        ("b", Change.REPLACED, "c", "2025"), ("a", Change.EVENT, "event", "2026-03"),
    ]  # fmt: skip
    assert [one.value.text for one in found[1].effects if one.value] == ["withdrawn"]


def test_a_new_name_holds_since_the_name_that_has_no_end_does() -> None:
    names = (
        stated("a", "has-name", "n1"), stated("a", "has-name", "n2"), stated("n1", "valid-to", Literal(text="2023")),
        stated("n1", "valid-from", Literal(text="2010")), stated("n2", "valid-from", Literal(text="2023")),
    )  # fmt: skip
    (one,) = told(stated("a", "renamed-to", "c"), *names)
    assert (one.kind, one.other, one.date) == (Change.RENAMED, "c", "2023")


def test_what_has_no_date_comes_last_and_other_links_are_no_changes() -> None:
    found = told(
        stated("a", "continued-as", "c"), stated("b", "renumbered-as", "d"), stated("a", "part-of", "e"),
        stated("event", "dates", "b"), stated("event", "date", Literal(text="2030")),
    )  # fmt: skip
    assert [(one.thing, one.kind, one.date) for one in found] == [
        ("b", Change.EVENT, "2030"), ("a", Change.CONTINUED, None), ("b", Change.RENUMBERED, None),
    ]  # fmt: skip


def test_what_the_source_itself_says_and_what_the_view_does_not_see_is_no_change() -> None:
    own, draft = stated("event", "affects", "a", "printed"), stated("other", "affects", "a", authority=Authority.INFERRED)
    assert told(own, draft) == ()
    assert [one.other for one in told(own, draft, view=View(frozenset(Authority), VIEW.as_of))] == ["other"]
