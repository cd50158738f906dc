"""Vendor claims against public mappings: what is found, what is none, and what is left alone."""

from kakehashi.crosswalk.claims import Claim, Mapped, claims_of, disagreements, mapped_of
from kakehashi.crosswalk.threats import Category
from kakehashi.records.model import Statement
from kakehashi.records.values import Authority, Certainty, Nature


def claim(capability: str, category: Category) -> Claim:
    return Claim(capability=capability, category=category, statement=f"statement/{capability}")


def row(capability: str, category: Category, threat: str = "t-1") -> Mapped:
    return Mapped(capability=capability, category=category, statement=f"statement/{capability}-{threat}")


def stated(subject: str, predicate: str, target: str, authority: Authority = Authority.THIRD_PARTY) -> Statement:
    return Statement(
        id=f"statement/{subject}-{predicate}-{target}-{authority}", subject=subject, predicate=predicate, object=target,
        source="source/s", certainty=Certainty.PRINTED, authority=authority, nature=Nature.REPORT,
    )  # fmt: skip


def test_a_claim_that_a_row_bears_out_is_no_disagreement() -> None:
    assert disagreements([claim("c", Category.DETECT)], [row("c", Category.PROTECT), row("c", Category.DETECT, "t-2")]) == ()


def test_a_claimed_category_that_no_row_has_is_one() -> None:
    rows = [row("c", Category.DETECT, "t-2"), row("c", Category.DETECT), row("other", Category.PROTECT)]
    (found,) = disagreements([claim("c", Category.PROTECT)], rows)
    assert found.mapped == {Category.DETECT: ("statement/c-t-1", "statement/c-t-2")}


def test_where_nothing_is_mapped_nothing_speaks_against_the_claim() -> None:
    (found,) = disagreements([claim("c", Category.PROTECT)], [row("other", Category.PROTECT)])
    assert (found.mapped, found.links) == ({}, ())


def test_rows_of_no_known_category_bear_nothing_out() -> None:
    (found,) = disagreements([claim("c", Category.PROTECT)], [row("c", Category.UNSPECIFIED)])
    assert found.mapped == {}


def test_the_order_of_what_is_given_does_not_matter() -> None:
    claims = [claim("b", Category.PROTECT), claim("a", Category.RESPOND), claim("a", Category.DETECT)]
    rows = [row("a", Category.PROTECT), row("b", Category.DETECT)]
    found = disagreements(claims, rows)
    assert found == disagreements(claims[::-1], rows[::-1])
    assert [(one.claim.capability, one.claim.category) for one in found] == [
        ("a", Category.DETECT), ("a", Category.RESPOND), ("b", Category.PROTECT),
    ]  # fmt: skip


def test_only_a_capability_of_a_product_claims() -> None:
    statements = [
        stated("product", "has-capability", "cap"), stated("cap", "serves-function", "fn-protect"),
        stated("cell", "serves-function", "fn-detect"), stated("cap", "serves-function", "nist-csf/2.0/pr"),
    ]  # fmt: skip
    assert [(one.capability, one.category) for one in claims_of(statements)] == [("cap", Category.PROTECT)]


def test_rows_are_found_under_the_name_that_the_publisher_has_for_the_capability() -> None:
    statements = [
        stated("cap", "counterpart-capability", "theirs", Authority.INFERRED), stated("theirs", "detects-technique", "t-1"),
    ]  # fmt: skip
    link, row = (one.id for one in statements)
    found = {(one.capability, one.category, one.statement, one.link) for one in mapped_of(statements)}
    assert found == {("cap", Category.DETECT, row, link), ("theirs", Category.DETECT, row, None)}


def test_a_row_that_two_sources_publish_counts_once_and_a_vendors_own_not_at_all() -> None:
    statements = [
        stated("cap", "detects-technique", "t-1"), stated("cap", "detects-technique", "t-1", Authority.OFFICIAL),
        stated("cap", "protects-against", "t-1", Authority.VENDOR),
        stated("cap", "responds-to-technique", "t-1", Authority.INFERRED),
    ]  # fmt: skip
    (found,) = mapped_of(statements)
    assert found.category is Category.DETECT
    assert found.statement.endswith("official")
