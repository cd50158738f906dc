"""Candidates over the published tables: what is held out is gone, and the estimator beats every baseline on what it never saw."""

from statistics import mean

import numpy as np
import pytest

from benchmarks.held_out import (
    BASELINES,
    HOPS,
    Case,
    average_precision,
    cases,
    fitted,
    held_out,
    measures,
    published,
    without,
    works_of,
)
from kakehashi.crosswalk.candidate_weights import FITTED
from kakehashi.crosswalk.candidates import corpus_of
from kakehashi.records.values import Authority
from tests.conformance.conftest import Whole


@pytest.fixture(scope="module")
def found(whole: Whole) -> list[Case]:
    return cases(whole.snapshot, corpus_of(whole.snapshot.resources.values(), whole.snapshot.edition_of))


def test_no_row_between_two_held_out_works_is_left(whole: Whole) -> None:
    snapshot = whole.snapshot
    network = snapshot.index.engine.network(frozenset(Authority), HOPS)
    frameworks = {end: snapshot.editions[edition].framework for end, edition in snapshot.edition_of.items()}
    for editions in published(snapshot):
        works = works_of(snapshot, editions)
        left = without(snapshot, network, works).rows
        gone = set(network.rows) - set(left)
        assert all({frameworks.get(row.subject), frameworks.get(row.object)} != set(works) for row in left)
        assert gone
        assert all({frameworks.get(row.subject), frameworks.get(row.object)} == set(works) for row in gone)


def test_each_pair_of_works_is_predicted_once(found: list[Case]) -> None:
    assert len({frozenset(one.works) for one in found}) == len(found) == 13


def test_the_estimator_beats_the_baselines_on_tables_that_it_was_not_fitted_to(found: list[Case]) -> None:
    predicted = [held_out(found, one) for one in found]
    ours = [average_precision(one.listed.astype(float), ranking) for one, ranking in zip(found, predicted, strict=True)]
    for name in BASELINES:
        theirs = [average_precision(one.listed.astype(float), one.baselines[name]) for one in found]
        assert mean(ours) > mean(theirs) + 0.04, name
        assert sum(a > b for a, b in zip(ours, theirs, strict=True)) >= 11, name
    measured = [measures(one, ranking) for one, ranking in zip(found, predicted, strict=True)]
    assert mean(one.brier_skill for one in measured) > 0.1
    assert mean(one.calibration_error for one in measured) < 0.1


def test_the_stored_estimator_is_the_fitted_one(found: list[Case]) -> None:
    again = fitted(found)
    assert again.fitted_on == FITTED.fitted_on
    assert again.features == FITTED.features
    assert np.allclose([one.weight for one in again.weights], [one.weight for one in FITTED.weights], atol=1e-3)
