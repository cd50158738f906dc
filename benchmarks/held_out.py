"""Published tables that others predict: what is held out, the estimator's fit, and how well a table is predicted."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_array

from kakehashi.crosswalk.algebra import DR
from kakehashi.crosswalk.candidate_estimator import Estimator, Weight
from kakehashi.crosswalk.candidates import FLOOR, Corpus, Pair, features
from kakehashi.crosswalk.network import Network
from kakehashi.crosswalk.rows import Row
from kakehashi.records.values import Authority
from kakehashi.snapshot.model import Snapshot

HOPS: Final = 3
LEAST: Final = 5
"""Of fewer listed pairs among the candidates no precision is worth a line."""
RIDGE: Final = 10.0
"""Half of it times the sum of squared weights is added to the loss."""
TOP: Final = 5
BINS: Final = 10

CHAINS, SHORTEST, WALK = "number of chains", "shortest chain first", "random walk times text"
WITHIN: Final = "walk by tables times text"
"""The random walk made stronger: a step is damped within its own table alone, as the estimator has it."""
BASELINES: Final = WITHIN, WALK, CHAINS, SHORTEST
SIGNS: Final[Mapping[str, int]] = {
    "share": 1, "chains": 1, "routes": 1, "longer": -1, "names": 1, "words": 1, "characters": 1, "counterparts": 1,
    "stands out": 1,
}  # fmt: skip
"""Which way each feature may count: more evidence never lowers a probability."""

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A published table to predict: its candidates with their features, and which of them it lists.

    `rows` counts the pairs that the table lists at all, `determined` those of them of which other tables determine something.
    """

    name: str
    works: Pair
    rows: int
    determined: int
    listed: Booleans
    features: Mapping[str, Floats]
    baselines: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Measures:
    """How well one table was predicted."""

    average_precision: float
    precision_at_n: float
    brier_skill: float
    calibration_error: float


def cases(snapshot: Snapshot, corpus: Corpus, hops: int = HOPS, apart: Pair | None = None) -> list[Case]:
    """All tables that can be predicted by chains of at most so many rows; `apart` are two works no row between which is used."""
    network = snapshot.index.engine.network(frozenset(Authority), hops)
    if apart is not None:
        network = without(snapshot, network, apart)
    found = []
    for editions, listed in sorted(published(snapshot).items()):
        works = works_of(snapshot, editions)
        if apart is None or set(works) != set(apart):
            found.append(_case(snapshot, corpus, without(snapshot, network, works), editions, listed))
    return [one for one in found if one is not None]


def published(snapshot: Snapshot) -> Mapping[Pair, frozenset[Pair]]:
    """What publishers list between editions of two works: the pairs of provisions by the two editions, each pair in their order.

    Reverses and composed sets are no judgement of anybody's; "no relationship" lists a pair as unrelated.
    """
    found: dict[Pair, set[Pair]] = defaultdict(set)
    for row in snapshot.index.engine.rows:
        ends = sorted((row.subject, row.object), key=lambda end: (snapshot.edition_of.get(end, ""), end))
        editions = snapshot.edition_of.get(ends[0], ""), snapshot.edition_of.get(ends[1], "")
        if not row.parent_link and row.relations != DR and all(editions) and len(set(works_of(snapshot, editions))) > 1:
            found[editions].add((ends[0], ends[1]))
    return {editions: frozenset(pairs) for editions, pairs in found.items()}


def works_of(snapshot: Snapshot, editions: Pair) -> Pair:
    """The works of two editions."""
    return snapshot.editions[editions[0]].framework, snapshot.editions[editions[1]].framework


def without(snapshot: Snapshot, network: Network, works: Pair) -> Network:
    """The network less every row between the two works, whatever the editions and the set."""

    def work(end: str) -> str:
        edition = snapshot.edition_of.get(end)
        return snapshot.editions[edition].framework if edition else ""

    def stays(row: Row) -> bool:
        return {work(row.subject), work(row.object)} != set(works)

    return Network([row for row in network.rows if stays(row)], network.hops)


def _case(snapshot: Snapshot, corpus: Corpus, network: Network, editions: Pair, listed: frozenset[Pair]) -> Case | None:
    first, second = (snapshot.requirements(one) for one in editions)
    determined = {(a, b) for a, b, _ in network.determined(first, second)}
    linked = {(a, b): length for a, b, length in network.linked(first, second) if (a, b) not in determined}
    pairs = sorted(linked)
    hits = np.array([pair in listed for pair in pairs], np.bool_)
    if hits.sum() < LEAST:
        return None
    found = features(network, corpus, pairs)
    asked = set(first), set(second)
    return Case(
        name=f"{editions[0]} : {editions[1]}", works=works_of(snapshot, editions), listed=hits, features=found,
        rows=sum(a in asked[0] and b in asked[1] for a, b in listed), determined=len(listed & determined),
        baselines={
            CHAINS: np.round(np.expm1(found["chains"])).astype(np.float64),
            SHORTEST: -np.array([linked[pair] for pair in pairs], np.float64),
            WALK: random_walk(network, pairs) * found["words"],
            WITHIN: (np.exp(found["walk"]) - FLOOR) * found["words"],
        },
    )  # fmt: skip


def random_walk(network: Network, pairs: Sequence[Pair]) -> Floats:
    """The probability to come from the one end to the other by one, two or three random steps, over both directions."""
    return _walked(network, pairs) + _walked(network, [(b, a) for a, b in pairs])


def _walked(network: Network, pairs: Sequence[Pair]) -> Floats:
    links = network.links
    step = csr_array(
        (1 / np.repeat(np.diff(links.indptr), np.diff(links.indptr)), links.indices, links.indptr), shape=links.shape
    )
    starts = sorted({network.place[one] for one, _ in pairs})
    row = {start: number for number, start in enumerate(starts)}
    reached = total = step[starts]
    for _ in range(network.hops - 1):
        reached = reached @ step
        total = total + reached
    places = [row[network.place[one]] for one, _ in pairs], [network.place[two] for _, two in pairs]
    found: Floats = np.asarray(total[places]).ravel()
    return found


def fitted(found: Sequence[Case]) -> Estimator:
    """The estimator fitted to some tables: a logistic regression whose weights may count one way only."""
    names = list(SIGNS)
    values = np.vstack([np.column_stack([one.features[name] for name in names]) for one in found])
    listed = np.concatenate([one.listed for one in found]).astype(np.float64)
    means, scales = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    scales[scales == 0] = 1.0
    standard = np.nan_to_num((values - means) / scales)

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = weights[0] + standard @ weights[1:]
        wrong = 1 / (1 + np.exp(-odds)) - listed
        slope = np.concatenate(([wrong.sum()], standard.T @ wrong + RIDGE * weights[1:]))
        return float(np.sum(np.logaddexp(0, odds) - listed * odds) + RIDGE / 2 * np.sum(weights[1:] ** 2)), slope

    bounds = [(None, None), *((0, None) if SIGNS[name] > 0 else (None, 0) for name in names)]
    best = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    table = zip(names, best[1:], means, scales, strict=True)
    return Estimator(
        intercept=_short(best[0]),
        weights=tuple(Weight(name, *map(_short, numbers)) for name, *numbers in table),
        fitted_on=tuple(one.name for one in found),
    )


def _short(value: float) -> float:
    """A number as it is written into the package."""
    return float(f"{value:.6g}")


def held_out(found: Sequence[Case], case: Case) -> Floats:
    """The probabilities of a table's candidates by the estimator fitted to all tables but those of the same two works."""
    return fitted([one for one in found if set(one.works) != set(case.works)]).probabilities(case.features)


def strangers(found: Sequence[Case], case: Case) -> Floats:
    """The same, fitted to the tables alone that share not even one work with it."""
    return fitted([one for one in found if not set(one.works) & set(case.works)]).probabilities(case.features)


def measures(case: Case, predicted: Floats) -> Measures:
    """How well a table was predicted; the skill is over a forecast that knows the table's own share of listed pairs."""
    listed = case.listed.astype(np.float64)
    count = int(listed.sum())
    return Measures(
        average_precision(listed, predicted),
        precision_at(listed, predicted, count),
        float(1 - np.mean((predicted - listed) ** 2) / np.mean((listed.mean() - listed) ** 2)),
        calibration_error(listed, predicted, TOP * count),
    )


def average_precision(listed: Floats, ranking: Floats) -> float:
    """The precision at each listed pair, averaged; what ranks equal is found together."""
    found, seen = _cumulated(listed, ranking)
    return float(np.sum(np.diff(found, prepend=0) * found / seen) / listed.sum())


def precision_at(listed: Floats, ranking: Floats, count: int) -> float:
    """The share of listed pairs among the first so many; of those that rank equal at the edge, what is to be expected."""
    found, seen = _cumulated(listed, ranking)
    return float(np.interp(count, np.concatenate(([0], seen)), np.concatenate(([0], found))) / count)


def _cumulated(listed: Floats, ranking: Floats) -> tuple[Floats, Floats]:
    """How many listed pairs, and how many at all, stand at each rank or above."""
    order = np.argsort(-ranking, kind="stable")
    last = np.flatnonzero(np.append(np.diff(ranking[order]) != 0, True))
    return np.cumsum(listed[order])[last], (last + 1).astype(np.float64)


def calibration_error(listed: Floats, predicted: Floats, count: int) -> float:
    """How far probabilities are off, on average over the first so many pairs, in ten bins of equally many."""
    bins = reliability(listed, predicted, count)
    return float(sum(size * abs(told - seen) for told, seen, size in bins) / sum(size for *_, size in bins))


def reliability(listed: Floats, predicted: Floats, count: int) -> list[tuple[float, float, int]]:
    """Of each bin the mean probability, the share that is listed, and the number of pairs."""
    order = np.argsort(-predicted, kind="stable")[:count]
    return [
        (float(predicted[one].mean()), float(listed[one].mean()), len(one)) for one in np.array_split(order, BINS) if len(one)
    ]
