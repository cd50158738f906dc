"""How long closing gaps takes: python -m benchmarks.closing [--home PATH].

Once over a made-up release of 93 requirements, 60 products, their capabilities and 6 schemes, whose claims are drawn with a fixed
seed; and where a home is named, over the editions of its release that something given could meet. Times are medians, and stand
beside the time of one report with nothing given and of one with everything, in the same run.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

from kakehashi.crosswalk.closing import Budget, close_gaps
from kakehashi.crosswalk.gaps import assess
from kakehashi.crosswalk.given import Given, View, everything, hold
from kakehashi.crosswalk.index import Index, build_index
from kakehashi.crosswalk.optimum import greedy
from kakehashi.crosswalk.standing import World
from kakehashi.records.model import Statement
from kakehashi.records.values import Authority, Certainty, Nature
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.repository import repository_of
from kakehashi.snapshot.saved import load_current

RUNS: Final = 7
SEED: Final = 20261124
REQUIREMENTS, PRODUCTS, CAPABILITIES, SCHEMES = 93, 60, 4, 6
BUDGETS: Final = (3, 5, 10, 20)
SECONDS: Final = 120.0
HOME_EDITIONS: Final = ("iso-27001/2022", "nist-csf/2.0", "nist-sp-800-53/rev5")

Requirements = Mapping[str, str | None]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    home = parser.parse_args().home
    index, requirements = made_up(Random(SEED))
    measure(f"made up, {REQUIREMENTS} requirements, {PRODUCTS} products", index, requirements, 1)
    if home is not None:
        snapshot = load_current(Home(home), repository_of(Home(home)))
        for edition in (one for one in HOME_EDITIONS if one in snapshot.editions):
            asked = {one: snapshot.edition_of.get(one) for one in snapshot.requirements(edition)}
            for hops in (1, 3):
                measure(f"{edition}, hops {hops}", snapshot.index, asked, hops)


def measure(name: str, index: Index, requirements: Requirements, hops: int) -> None:
    """Print one table: budgets, what is raised, whether exact, and the time in reports."""
    view = View(frozenset(Authority) - {Authority.INFERRED}, date(2026, 11, 24), hops)
    nothing = median(lambda: report(index, requirements, Given(), view))
    all_of_it = median(lambda: report(index, requirements, everything(index), view))
    print(
        f"{name}: {len(requirements)} requirements; a report takes {nothing * 1000:.1f} ms, of everything {all_of_it * 1000:.1f}"
    )
    for amount in BUDGETS:
        budget = Budget(amount, None, SECONDS)
        found = close_gaps(index, requirements, Given(), view, budget)
        taken = median(partial(close_gaps, index, requirements, Given(), view, budget))
        simple = found.problem.gain(greedy(found.problem))
        print(
            f"  budget {amount:2}: {len(found.problem.candidates)} candidates, +{found.optimum.gain.full} full "
            f"+{found.optimum.gain.partial} partial (greedy +{simple.full} +{simple.partial}), "
            f"{'exact' if not found.optimum.unproved else 'not proved'}, {taken * 1000:.0f} ms, "
            f"{taken / nothing:.1f} reports ({taken / all_of_it:.1f} with everything)"
        )


def report(index: Index, requirements: Requirements, some: Given, view: View) -> None:
    """One report."""
    holding = hold(index, some, view)
    for requirement, edition in requirements.items():
        assess(index, requirement, edition, holding, view)


def median(run: Callable[[], object]) -> float:
    """The median time of some runs, after one to warm up."""
    times = []
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return statistics.median(times[1:])


def made_up(random: Random) -> tuple[Index, Requirements]:
    """A release in which a product has a few capabilities, and each of those claims a few requirements."""
    requirements = [f"r{place:03}" for place in range(REQUIREMENTS)]
    capabilities = [f"p{product:02}/c{place}" for product in range(PRODUCTS) for place in range(CAPABILITIES)]
    classes = (
        dict.fromkeys(requirements, "Requirement")
        | dict.fromkeys((f"p{product:02}" for product in range(PRODUCTS)), "Product")
        | dict.fromkeys(capabilities, "Capability")
        | dict.fromkeys((f"s{place}" for place in range(SCHEMES)), "CertificationScheme")
    )
    forms = list(_forms(random, requirements, capabilities))
    rows = [_statement(place, *form) for place, form in enumerate(forms)]
    return build_index(rows, World(classes)), dict.fromkeys(requirements, "edition")


def _forms(random: Random, requirements: list[str], capabilities: list[str]) -> Iterator[tuple[str, str, str]]:
    for capability in capabilities:
        yield capability.split("/")[0], "has-capability", capability
        for requirement in random.sample(requirements, random.randint(1, 4)):
            yield capability, random.choice(("satisfies", "satisfies-in-part", "satisfies-in-part")), requirement
    for place in range(SCHEMES):
        for requirement in random.sample(requirements, 6):
            yield requirement, random.choice(("accepts-any-of", "recommends-certification")), f"s{place}"


def _statement(place: int, subject: str, predicate: str, target: str) -> Statement:
    return Statement(
        id=f"statement/{place:05}", subject=subject, predicate=predicate, object=target, source="source/made-up",
        certainty=Certainty.PRINTED, authority=Authority.OFFICIAL, nature=Nature.REPORT,
    )  # fmt: skip


if __name__ == "__main__":
    main()
