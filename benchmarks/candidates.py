"""How well candidates are ranked: python -m benchmarks.candidates --home PATH [--write].

The home has to hold the public corpus. Every table that a publisher made of two works, and that chains of other tables reach too,
is predicted in turn: all rows between the two works, of whichever editions, are taken out of the network, and the estimator is
fitted to the other tables alone, each without its own rows and without those of the two works. With --write, the figures go to
docs/candidates.md, the plot beside it, and the estimator that was fitted to all tables into the package.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.candidates_figure import figure
from benchmarks.held_out import (
    BASELINES,
    HOPS,
    TOP,
    WITHIN,
    Case,
    Floats,
    Measures,
    average_precision,
    cases,
    fitted,
    held_out,
    measures,
    precision_at,
    reliability,
    strangers,
)
from kakehashi.crosswalk.candidate_estimator import Estimator
from kakehashi.crosswalk.candidates import Pair, corpus_of, scores
from kakehashi.records.values import Authority
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.repository import repository_of
from kakehashi.snapshot.saved import load_current

ROOT: Final = Path(__file__).parents[1]
DOCUMENT: Final = ROOT / "docs" / "candidates.md"
FIGURE: Final = ROOT / "docs" / "candidates.svg"
WEIGHTS: Final = ROOT / "mappings" / "kakehashi" / "crosswalk" / "candidate_weights.py"
BEGIN, END = "<!-- measured -->", "<!-- /measured -->"

SEED: Final = 20260401
RESAMPLES: Final = 10_000
ESTIMATOR: Final = "estimator"
TIMED: Final = "scf/2025.2.2", "soc-2/2017-rev-2022"

Apart = Callable[[Pair], Sequence[Case]]
"""The tables to fit to where two works are held out: all but theirs, with none of their rows in the chains of the others."""

MODULE: Final = '''"""What the estimator of candidates was fitted to be: written by `benchmarks.candidates`, not by hand."""

from typing import Final

from kakehashi.crosswalk.candidate_estimator import Estimator, Weight

FITTED: Final = Estimator(
    intercept={intercept},
    weights=(
{weights}
    ),
    fitted_on=(
{tables}
    ),
)
'''


def main() -> None:
    """Fit, evaluate, and print or write what was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.candidates")
    parser.add_argument("--home", type=Path, required=True, help="a home that holds the public corpus")
    parser.add_argument("--write", action="store_true", help="write the document, the plot and the estimator")
    asked = parser.parse_args()
    home = Home(asked.home)
    snapshot = load_current(home, repository_of(home))
    corpus = corpus_of(snapshot.resources.values(), snapshot.edition_of)
    found = cases(snapshot, corpus)
    if len(found) < 3:
        sys.exit(f"candidates: no release in {asked.home} holds tables that predict each other; load the public corpus")
    apart = lru_cache(maxsize=None)(lambda works: cases(snapshot, corpus, apart=works))
    predicted = [held_out(apart(one.works), one) for one in found]
    estimator = fitted(found)
    more = _of_strangers(found, apart), *_at_other_hops(lambda hops: cases(snapshot, corpus, hops), apart)
    report = "\n".join([*_report(found, predicted), *more, "", *_weights_table(estimator)])
    print(report)
    if asked.write:
        _write_document(report)
        FIGURE.write_text(_figure(found, predicted), "utf-8")
        WEIGHTS.write_text(_as_module(estimator), "utf-8")
    print("\n".join(_speed(snapshot)))


def _report(found: Sequence[Case], predicted: Sequence[Floats]) -> Iterator[str]:
    measured = [measures(case, one) for case, one in zip(found, predicted, strict=True)]
    yield from _coverage_table(found)
    yield from _precision_table(found, predicted)
    yield from _measures_table(found, measured)
    yield from _margins(found, predicted)


def _coverage_table(found: Sequence[Case]) -> Iterator[str]:
    yield "| editions | pairs in the table | determined without it | candidates | of them in the table |"
    yield "|---|--:|--:|--:|--:|"
    for one in found:
        yield f"| {one.name} | {one.rows:,} | {one.determined} | {len(one.listed):,} | {int(one.listed.sum())} |"
    totals = (sum(one.rows for one in found), sum(one.determined for one in found))
    candidates, listed = sum(len(one.listed) for one in found), sum(int(one.listed.sum()) for one in found)
    yield f"| all {len(found)} | {totals[0]:,} | {totals[1]} | {candidates:,} | {listed:,} |"
    yield ""


def _precision_table(found: Sequence[Case], predicted: Sequence[Floats]) -> Iterator[str]:
    yield "Average precision and, after the stroke, precision at n, n being the number of listed pairs among the candidates:"
    yield ""
    yield f"| editions | n | {ESTIMATOR} | {' | '.join(BASELINES)} |"
    yield f"|---|--:{'|--:' * (len(BASELINES) + 1)}|"
    columns: list[list[tuple[float, float]]] = []
    for case, one in zip(found, predicted, strict=True):
        columns.append([_precision(case, ranking) for ranking in (one, *(case.baselines[name] for name in BASELINES))])
        yield f"| {case.name} | {int(case.listed.sum())} | {' | '.join(_pairs(columns[-1]))} |"
    means = np.mean(np.array(columns), axis=0)
    yield f"| mean | | {' | '.join(_pairs(means.tolist()))} |"
    yield ""


def _precision(case: Case, ranking: Floats) -> tuple[float, float]:
    listed = case.listed.astype(np.float64)
    return average_precision(listed, ranking), precision_at(listed, ranking, int(listed.sum()))


def _pairs(cells: Sequence[Sequence[float]]) -> list[str]:
    best = max(round(one[0], 3) for one in cells)
    return [f"**{a:.3f}** / {b:.3f}" if round(a, 3) == best else f"{a:.3f} / {b:.3f}" for a, b in cells]


def _measures_table(found: Sequence[Case], measured: Sequence[Measures]) -> Iterator[str]:
    yield f"| editions | listed share | Brier skill over it | calibration error, first {TOP} n |"
    yield "|---|--:|--:|--:|"
    for case, one in zip(found, measured, strict=True):
        yield f"| {case.name} | {case.listed.mean():.3f} | {one.brier_skill:.3f} | {one.calibration_error:.3f} |"
    skills, errors = [one.brier_skill for one in measured], [one.calibration_error for one in measured]
    yield f"| mean (least to greatest) | | {_spread(skills)} | {_spread(errors)} |"
    yield ""


def _spread(values: Sequence[float]) -> str:
    return f"{statistics.mean(values):.3f} ({min(values):.3f} to {max(values):.3f})"


def _margins(found: Sequence[Case], predicted: Sequence[Floats]) -> Iterator[str]:
    ours = np.array(_precisions(found, predicted)[ESTIMATOR])
    works = {work for one in found for work in one.works}
    yield f"- {len(found)} pairs of works over {len(works)} works. Average precision of the estimator: mean {ours.mean():.3f},"
    yield f"  standard deviation {ours.std(ddof=1):.3f}, {ours.min():.3f} to {ours.max():.3f}."
    for name, theirs in _precisions(found, predicted).items():
        if name != ESTIMATOR:
            low, high = _interval(ours - np.array(theirs))
            won, by = int(np.sum(ours > np.array(theirs))), float(np.mean(ours - np.array(theirs)))
            yield f"- Against *{name}*: better on {won} of {len(found)}; by {by:.3f} on average, 95 %"
            yield f"  interval {low:.3f} to {high:.3f} (pairs of works drawn again {RESAMPLES:,} times)."
    bins = _reliability(found, predicted)
    together = sum(size * abs(told - seen) for told, seen, size in bins) / sum(size for *_, size in bins)
    yield f"- Calibration error over the first {TOP} n of all tables together: {together:.3f}."


def _of_strangers(found: Sequence[Case], apart: Apart) -> str:
    ours = [_precision(one, strangers(apart(one.works), one))[0] for one in found]
    return f"- Fitted to tables that share not even one work with the predicted: {statistics.mean(ours):.3f} on average."


def _at_other_hops(found: Callable[[int], Sequence[Case]], apart: Apart) -> Iterator[str]:
    """How the estimator, fitted at three hops, does at two and at four."""
    for hops in (2, 4):
        others = found(hops)
        ours = [_precision(one, held_out(apart(one.works), one))[0] for one in others]
        theirs = [_precision(one, one.baselines[WITHIN])[0] for one in others]
        size, listed = sum(len(one.listed) for one in others), sum(int(one.listed.sum()) for one in others)
        yield f"- At {hops} hops, fitted at {HOPS}: {len(others)} tables, {size:,} candidates, {listed:,} of them listed; average"
        yield f"  precision {statistics.mean(ours):.3f}, *{WITHIN}* {statistics.mean(theirs):.3f}."


def _interval(differences: Floats) -> tuple[float, float]:
    drawn = np.random.default_rng(SEED).choice(differences, (RESAMPLES, len(differences))).mean(axis=1)
    low, high = np.quantile(drawn, (0.025, 0.975)).tolist()
    return low, high


def _precisions(found: Sequence[Case], predicted: Sequence[Floats]) -> Mapping[str, list[float]]:
    """The average precision on each table of the estimator and the baselines."""
    ours = {ESTIMATOR: [_precision(case, one)[0] for case, one in zip(found, predicted, strict=True)]}
    return ours | {name: [_precision(case, case.baselines[name])[0] for case in found] for name in BASELINES}


def _reliability(found: Sequence[Case], predicted: Sequence[Floats]) -> list[tuple[float, float, int]]:
    """The bins of all tables' first 5 n candidates together, by the probability that they were given."""
    top = [np.argsort(-one, kind="stable")[: TOP * int(case.listed.sum())] for case, one in zip(found, predicted, strict=True)]
    told = np.concatenate([one[places] for one, places in zip(predicted, top, strict=True)])
    seen = np.concatenate([case.listed[places] for case, places in zip(found, top, strict=True)]).astype(np.float64)
    return reliability(seen, told, len(told))


def _figure(found: Sequence[Case], predicted: Sequence[Floats]) -> str:
    return figure([one.name for one in found], _precisions(found, predicted), _reliability(found, predicted))


def _weights_table(estimator: Estimator) -> Iterator[str]:
    yield f"Fitted to all of them (intercept {estimator.intercept:.3f}); what one standard deviation adds to the log odds:"
    yield ""
    yield "| feature | weight | mean | standard deviation |"
    yield "|---|--:|--:|--:|"
    for one in estimator.weights:
        yield f"| {one.feature} | {one.weight:.3f} | {one.mean:.3f} | {one.scale:.3f} |"


def _speed(snapshot: Snapshot) -> Iterator[str]:
    """How long all candidates of two large editions take, the first time and then, medians of five."""
    everyone = frozenset(Authority)
    first, second = (snapshot.requirements(one) for one in TIMED)
    network = snapshot.index.engine.network(everyone, HOPS)
    determined = {(a, b) for a, b, _ in network.determined(first, second)}
    pairs = [(a, b) for a, b, _ in network.linked(first, second) if (a, b) not in determined]
    resources = snapshot.resources.values()
    cold, fresh, warm = [], [], []
    for _ in range(5):
        corpus = corpus_of(resources, snapshot.edition_of)
        cold.append(_timed(lambda: scores(network, corpus, pairs)))  # noqa: B023 - called at once
        corpus.compared.forget()
        fresh.append(_timed(lambda: scores(network, corpus, pairs)))  # noqa: B023
        warm.append(_timed(lambda: scores(network, corpus, pairs)))  # noqa: B023
    for name, times in (("texts not yet counted", cold), ("editions not yet compared", fresh), ("asked again", warm)):
        yield f"{len(pairs):,} candidates of {TIMED[0]} : {TIMED[1]}, {name}: {statistics.median(times) * 1000:.0f} ms"


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _write_document(report: str) -> None:
    before, _, rest = DOCUMENT.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{report}\n\n{END}{after}", "utf-8")


def _as_module(estimator: Estimator) -> str:
    weights = [f'        Weight("{one.feature}", {one.weight}, {one.mean}, {one.scale}),' for one in estimator.weights]
    tables = [f'        "{one}",' for one in estimator.fitted_on]
    return MODULE.format(intercept=estimator.intercept, weights="\n".join(weights), tables="\n".join(tables))


if __name__ == "__main__":
    main()
