"""Which operation a line of the log names, and to which request it is told."""

from hashlib import sha256
from time import time_ns

import pytest

from kakehashi.graphql.context import Context
from kakehashi.graphql.execution import Request, at_hand, execute
from kakehashi.graphql.observed import Observed, observed, observing, running
from kakehashi.graphql.schema import build_schema
from kakehashi.snapshot.model import Snapshot

CASES = [
    ("{ release { id } }", None, None, "compiled"),
    ("query Foo { release { id } }", None, "Foo", "compiled"),
    ("query Foo { release { id } } query Bar { __schema { queryType { name } } }", "Bar", "Bar", "interpreted"),
    ("query " + "A" * 500 + " { release { id } }", None, "A" * 100, "compiled"),
]


@pytest.mark.parametrize(("document", "asked", "name", "plan"), CASES)
def test_the_operation_that_is_run_is_named(
    snapshot: Snapshot, document: str, asked: str | None, name: str | None, plan: str
) -> None:
    record = Observed()
    with observing(record):
        execute(build_schema(), Context(snapshot), Request(document, operation_name=asked))
    found = record.operation
    assert found is not None
    assert (found.type, found.name, found.plan) == ("query", name, plan)
    assert found.document == sha256(document.encode()).hexdigest()
    assert record.cost is not None


def test_the_operation_that_is_at_hand_is_named_and_timed_from_the_start(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema, context, asked = build_schema(), Context(snapshot), Request("query Foo { release { id } }")
    execute(schema, context, asked)
    record, start = Observed(), time_ns()
    monkeypatch.setattr("kakehashi.graphql.execution.time_ns", lambda: start)
    with observing(record):
        assert at_hand(schema, context, asked) is not None
    found = record.operation
    assert found is not None
    assert (found.type, found.name, found.plan, record.cost) == ("query", "Foo", "compiled", 0)
    assert found.began == start


def test_what_is_no_document_is_no_operation(snapshot: Snapshot) -> None:
    record = Observed()
    with observing(record):
        execute(build_schema(), Context(snapshot), Request("query X {"))
    assert record.operation is None


def test_what_is_told_goes_to_the_request_that_is_answered() -> None:
    record = Observed()
    with observing(record):
        with running("query", "Foo", "digest"):
            observed().cost = 3
        assert observed() is record
    assert observed() is not record
    assert record.operation is not None
    assert (record.operation.name, record.cost) == ("Foo", 3)
    assert record.operation.ended >= record.operation.began
