"""Which operation of a document a line of the log names."""

import pytest

from kakehashi.graphql.observed import Observed, observed, observing, operation_of, running

CASES = [
    ("{ a }", None, ("query", None)),
    ("query Foo($a: Int) { a }", None, ("query", "Foo")),
    ("query Foo { a } mutation Bar { b }", "Bar", ("mutation", "Bar")),
    ("query Foo { a } mutation Bar { b }", None, ("query", "Foo")),
    ("fragment query on T { query { query } } query X { ...query }", None, ("query", "X")),
    ("fragment f on T { x } { a }", None, ("query", None)),
    ("query X @d(a: {b: 1}) { a } query Y { a }", "Y", ("query", "Y")),
    ('"""', None, ("query", None)),
    ("", "asked", ("query", "asked")),
    ("query " + "A" * 500 + " { a }", None, ("query", "A" * 100)),
    ("query X { a }", "Y\n<script>", ("query", "Y")),
]


@pytest.mark.parametrize(("document", "asked", "wanted"), CASES)
def test_the_operation_that_is_run_is_named(document: str, asked: str | None, wanted: tuple[str, str | None]) -> None:
    found = operation_of(document, asked)
    assert (found.type, found.name) == wanted


def test_what_is_told_goes_to_the_request_that_is_answered() -> None:
    record = Observed()
    with observing(record):
        with running("query Foo { a }", None):
            observed().cost = 3
        assert observed() is record
    assert observed() is not record
    assert record.operation is not None
    assert (record.operation.name, record.cost) == ("Foo", 3)
    assert record.operation.ended >= record.operation.began
