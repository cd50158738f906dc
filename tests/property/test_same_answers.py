"""A compiled plan and graphql-core give the same answer, byte for byte once keys are in order: data, errors and nulls."""

import os
import random
from collections import Counter
from datetime import date
from functools import partial

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakehashi.graphql.context import Context
from kakehashi.graphql.documents import RefusedError, core_of, documents_of
from kakehashi.graphql.execution import Answer, answered, interpreted, plan_of
from kakehashi.graphql.schema import build_schema
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import KakehashiError
from tests.support.random_operations import Drawn, Dresser, Pools, shapes

SHAPES = int(os.environ.get("KAKEHASHI_OPERATIONS", "2000")) // 4
DRESSES = 4
SCHEMA = build_schema()
CORE = core_of(SCHEMA)
TODAY = date(2026, 8, 1)
READERS = ((), ("ja",), ("en",), ("en", "ja"))


@pytest.mark.timeout(3600)
def test_plans_answer_as_graphql_core_does(snapshot: Snapshot) -> None:
    pools, seen = Pools(snapshot), Counter[str]()

    @settings(max_examples=SHAPES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(shapes(CORE), st.integers(0, 2**32), st.sampled_from(READERS))
    def check(shape: str, seed: int, languages: tuple[str, ...]) -> None:
        for dress in range(DRESSES):
            drawn = Dresser(CORE, pools, random.Random(f"{seed} {dress}")).operation(shape)
            seen.update(_compared(partial(Context, snapshot, languages, TODAY), drawn))

    check()
    assert seen["valid"] > SHAPES * DRESSES * 0.8, seen
    assert seen["compiled"] + seen["of another release"] == seen["valid"], seen
    assert seen["of another release"] < seen["valid"] * 0.1, seen
    assert seen["by plan"] > seen["valid"] * 0.5, seen
    assert seen["by plan, of 1,000 bytes or more"] > seen["valid"] * 0.1, seen
    assert seen["with errors"] > seen["valid"] * 0.05, seen


def _compared(context: partial[Context], drawn: Drawn) -> Counter[str]:
    """Both answers to one operation are the same; what there was to compare."""
    text, variables = drawn
    try:
        operation = documents_of(SCHEMA).operation(text, None, variables)
    except (RefusedError, KakehashiError):  # it does not fit the schema, or is over the limits of documents
        return Counter({"refused": 1})
    cold = answered(SCHEMA, context(), operation, {})
    warm = answered(SCHEMA, context(), operation, {})
    right = interpreted(SCHEMA, context(), operation, {})
    assert _ordered(cold) == _ordered(warm) == _ordered(right), f"{text}\n{variables}"
    assert cold.executed == right.executed
    is_compiled = plan_of(SCHEMA, operation) is not None
    found = Counter({"valid": 1, "compiled": int(is_compiled), "by plan": int(cold.by_plan)})
    found["of another release"] = int(not is_compiled and "asKnownIn" in text)  # it may be named and skipped
    found["by plan, of 1,000 bytes or more"] = int(cold.by_plan and len(cold.content) >= 1000)
    found["with errors"] = int("errors" in right.body)
    return found


def _ordered(answer: Answer) -> bytes:
    body = answer.body
    for error in body.get("errors", ()):
        assert error["extensions"]["code"] != "INTERNAL_SERVER_ERROR", error
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
