"""A small independent checker of the chains that the engine gives as a proof: nothing of the engine but the algebra's tables."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from kakehashi.crosswalk.chains import Chain
from kakehashi.crosswalk.rows import Row
from tests.support.plain_closure import ANYTHING, COMPOSED, TURNED, Pair

MOST_CHAINS = 4


def faults(pair: Pair, known: int, chains: Sequence[Chain], rows: Mapping[str, Row], hops: int) -> list[str]:
    """Everything that is wrong with a proof of what is known of a pair, among the rows that a view believes, by statement.

    Where nothing is known, the one chain that links the pair is asked for.
    """
    return [*_of_number(known, chains), *_of_chains(pair, chains, rows, hops), *_of_conclusion(known, chains)]


def _of_number(known: int, chains: Sequence[Chain]) -> Iterator[str]:
    if known != ANYTHING and not 1 <= len(chains) <= MOST_CHAINS:
        yield "a proof has one to four chains"
    if known == ANYTHING and len(chains) != 1:
        yield "what is merely linked is shown by one chain"


def _of_chains(pair: Pair, chains: Sequence[Chain], rows: Mapping[str, Row], hops: int) -> Iterator[str]:
    for chain in chains:
        if not 1 <= len(chain.steps) <= hops:
            yield "a chain is empty, or longer than the hops that were asked for"
        walked = [chain.steps[0].start, *(step.end for step in chain.steps)] if chain.steps else []
        if [step.start for step in chain.steps] != walked[:-1] or (walked[:1], walked[-1:]) != ([pair[0]], [pair[1]]):
            yield "a chain does not lead from one end to the other, step by step"
        if len(set(walked)) < len(walked):
            yield "a chain walks in a circle"
        for step in chain.steps:
            yield from _of_step(step.start, step.end, step.row, step.relations, rows)
        if chain.relations != _composed(chain):
            yield "a chain does not prove what it says"


def _of_step(start: str, end: str, row: Row, relations: int, rows: Mapping[str, Row]) -> Iterator[str]:
    stated = rows.get(row.statement)
    if stated is None:
        yield "a step rests on a row that the view does not believe"
    elif stated != row:
        yield "a step's row is not as it was published"
    elif (start, end) not in {(stated.subject, stated.object), (stated.object, stated.subject)}:
        yield "a step's row joins other ends"
    elif relations != (stated.relations if start == stated.subject else TURNED[stated.relations]):
        yield "a step is not read as its row is"


def _of_conclusion(known: int, chains: Sequence[Chain]) -> Iterator[str]:
    allowed = [_composed(chain) for chain in chains]
    if _met(allowed) != known:
        yield "the chains do not prove what is known"
    if len(allowed) > 1 and any(_met(fewer) == known for fewer in combinations(allowed, len(allowed) - 1)):
        yield "a chain adds nothing"


def _composed(chain: Chain) -> int:
    """What a chain leaves possible, read off its rows and not off its steps."""
    result, end = 1, chain.steps[0].start if chain.steps else ""
    for step in chain.steps:
        row = step.row
        result = COMPOSED[result][row.relations if end == row.subject else TURNED[row.relations]]
        end = row.object if end == row.subject else row.subject
    return result


def _met(sets: Sequence[int]) -> int:
    result = ANYTHING
    for one in sets:
        result &= one
    return result
