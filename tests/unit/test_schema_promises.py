"""What the schema promises those who build on it: nothing breaks unsaid, and what is to go says until when it stays."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from graphql import GraphQLSchema, build_schema, find_breaking_changes

from kakehashi.graphql.error_codes import CODES, page
from kakehashi.graphql.masking import INTERNAL, PARSE_FAILED, VALIDATION_FAILED
from kakehashi.graphql.schema import build_schema as build_served
from kakehashi.vocabulary.text import ErrorCode

ROOT = Path(__file__).parents[2]
REASON = re.compile(r".+; remove after (\d{4}-\d\d-\d\d); use .+")
DECLARED = re.compile(r"^- `(.+?)`: .{20,}", re.MULTILINE)
QUARTERS = {(1, 1), (4, 1), (7, 1), (10, 1)}
SAME_ELSEWHERE = ("KnownThen.", "Entity.", "Framework.", "Edition.", "MappingSet.")
COMMITTED = (ROOT / "api" / "schema.graphql").read_text("utf-8")
BASELINE = (ROOT / "api" / "baseline.graphql").read_text("utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")


def unreleased(heading: str) -> str:
    """What stands under a heading of the changes that are not released yet."""
    section = CHANGELOG.partition("## Unreleased\n")[2].partition("\n## ")[0]
    return section.partition(f"### {heading}\n")[2].partition("\n### ")[0]


def breaking(before: str, after: str) -> set[str]:
    return {change.description for change in find_breaking_changes(build_schema(before), build_schema(after))}


def deprecated(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Everything that is deprecated, with its reason."""
    for name, kind in schema.type_map.items():
        for one, field in {**getattr(kind, "fields", {}), **getattr(kind, "values", {})}.items():
            if field.deprecation_reason:
                yield f"{name}.{one}", field.deprecation_reason
            for argument, found in getattr(field, "args", {}).items():
                if found.deprecation_reason:
                    yield f"{name}.{one}({argument}:)", found.deprecation_reason


def test_what_breaks_since_the_last_release_is_declared_in_the_changelog_and_nothing_else_is() -> None:
    assert set(DECLARED.findall(unreleased("Breaking"))) == breaking(BASELINE, COMMITTED)


def test_a_change_that_breaks_is_seen() -> None:
    without = COMMITTED.replace("  determined: Boolean!\n", "  decided: Boolean!\n", 1)
    assert breaking(COMMITTED, without) == {"Field RelationSet.determined was removed."}


def test_what_is_deprecated_says_until_when_it_stays_and_what_to_use() -> None:
    found = dict(deprecated(build_schema(COMMITTED)))
    assert "Query.resources(kind:)" in found
    for name, reason in found.items():
        said = REASON.fullmatch(reason)
        assert said, f"{name}: {reason}"
        day = date.fromisoformat(said[1])
        assert (day.month, day.day) in QUARTERS, f"{name} goes on a day that is no first of a quarter"
        assert date.today() <= day, f"{name} was to go after {day}: take it away, and say so under Breaking"


def test_what_is_deprecated_stands_in_the_changelog_with_its_day() -> None:
    listed = unreleased("Deprecated")
    for name, reason in deprecated(build_schema(COMMITTED)):
        said = REASON.fullmatch(reason)
        assert said
        assert said[1] in listed
        if not name.startswith(SAME_ELSEWHERE):
            assert f"`{name}`" in listed, name


def test_what_is_deprecated_of_the_root_is_so_in_every_release() -> None:
    found = dict(deprecated(build_served()._schema))
    of_root = {name: reason for name, reason in found.items() if name.startswith("Query.")}
    assert len(of_root) > 5
    assert {name.replace("Query.", "KnownThen."): reason for name, reason in of_root.items()}.items() <= found.items()


def test_every_code_of_an_error_is_explained_and_the_page_is_the_table() -> None:
    assert set(CODES) == {*ErrorCode, PARSE_FAILED, VALIDATION_FAILED, INTERNAL}
    for language, file in (("en", "errors.md"), ("ja", "errors.ja.md")):
        assert (ROOT / "docs" / file).read_text("utf-8") == page(language), (
            f"run: python -m kakehashi.graphql.error_codes {language} > docs/{file}"
        )
