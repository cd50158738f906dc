"""Contradictions, claims of full coverage that the other rows rule out, and the chains that clash in them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from typing import Final

from kakehashi.crosswalk.acceptance import Contradiction
from kakehashi.crosswalk.algebra import EQ, PO, PP, PPI, bases
from kakehashi.crosswalk.chains import Chain, Chains
from kakehashi.crosswalk.findings.kinds import Finding, FindingKind, listed, only, told
from kakehashi.crosswalk.findings.published import Published
from kakehashi.crosswalk.network import Network
from kakehashi.crosswalk.rows import Pair, Row, pair_of
from kakehashi.records.values import Authority, weakest
from kakehashi.vocabulary.text import Text

FULL_CLAIM: Final = "satisfies"
"""The word by which a publisher claims all of a requirement."""

CONTRADICTION = Text(
    "{start} と {end} の間の{hops}段以内の連鎖を合わせると、どの関係もありえなくなります。記述{count}件を退けました({origins})。",
    "Between {start} and {end}, chains of at most {hops} steps together leave no relation possible. "
    "Set aside: {count} statements ({origins}).",
)
CLAIM = Text(
    "{origin} は {start} が {end} を満たすと主張していますが、採用された他の記述の{hops}段以内の連鎖によれば、ありえるのは"
    "{relations}だけです。",
    "{origin} claims that {start} satisfies {end}; by chains of at most {hops} other accepted statements it can only be: "
    "{relations}.",
)
RELATIONS: Final = {
    EQ: Text("等しい", "equal"),
    PP: Text("一部分である", "a part of it"),
    PPI: Text("それを含む", "more than it"),
    PO: Text("重なる", "an overlap"),
}
NO_RELATION: Final = Text("関係がない", "no relationship")


class Clashes:
    """What contradicts within a number of hops, and by which chains."""

    def __init__(self, published: Published, hops: int) -> None:
        self._published, self._hops = published, hops

    def findings(self, circular: Iterable[Finding]) -> Iterator[Finding]:
        """The contradictions, less those whose rows a circle of subsets explains better."""
        circles: dict[str, set[str]] = defaultdict(set)
        for circle in circular:
            for statement in circle.statements:
                circles[statement].add(circle.id)
        for one in self._published.engine.acceptance(self._hops).contradictions:
            if not set.intersection(*(circles.get(statement, set()) for statement in one.statements)):
                yield self._claim(one) or self._contradiction(one)

    def chains(self, finding: Finding) -> tuple[Chain, ...]:
        """The chains that leave nothing possible between the ends of a finding: of accepted rows, and of those set aside for it.

        They are two: where each two of some readings leave something possible, all of them together do. No row is of less
        authority than those that were set aside, for a weaker one displaces nothing.
        """
        blamed = [self._aside[one] for one in finding.statements if one in self._aside] if finding.hops else []
        if not blamed:
            return ()
        start, end = finding.ends
        return Chains(self._with(blamed), start, self._hops).to(end)

    def _contradiction(self, one: Contradiction) -> Finding:
        sets = self._published.sets_of(one.statements)
        origins = sorted({self._origin(statement) for statement in one.statements})
        start, end = self._own_ends(one) or one.ends
        text = told(CONTRADICTION, start=start, end=end, hops=self._hops, count=len(one.statements), origins=listed(origins))
        return Finding(
            kind=FindingKind.CONTRADICTION, mapping_set=only(sets), mapping_sets=sets, statements=one.statements,
            ends=(start, end), explanation=text, hops=self._hops,
        )  # fmt: skip

    def _claim(self, one: Contradiction) -> Finding | None:
        """A contradiction that is a claim of all of a requirement, where the other rows allow less."""
        claim = self._published.statements.get(one.statements[0])
        if len(one.statements) > 1 or claim is None or claim.predicate != FULL_CLAIM or claim.object is None:
            return None
        known = self._network(one.authority).known(claim.subject, claim.object)
        if known & (EQ | PPI):
            return None
        relations = [RELATIONS.get(base, NO_RELATION) for base in bases(known)]
        text = told(
            CLAIM, origin=self._origin(claim.id), start=claim.subject, end=claim.object, hops=self._hops,
            relations=Text("、".join(word.ja for word in relations), " or ".join(word.en for word in relations)),
        )  # fmt: skip
        sets = self._published.sets_of(one.statements)
        return Finding(
            kind=FindingKind.COVERAGE_ABOVE_RELATION, mapping_set=only(sets), mapping_sets=sets, statements=one.statements,
            ends=(claim.subject, claim.object), explanation=text, hops=self._hops,
        )  # fmt: skip

    def _own_ends(self, one: Contradiction) -> Pair | None:
        """The ends of the rows that were set aside, where they share them and contradict there: plainer than where it showed."""
        rows = [self._aside[statement] for statement in one.statements]
        if len({pair_of(row.subject, row.object) for row in rows}) > 1:
            return None
        start, end = rows[0].subject, rows[0].object
        left = reduce(lambda known, row: known & row.seen_from(start), rows, self._network(one.authority).known(start, end))
        return None if left else (start, end)

    def _origin(self, statement: str) -> str:
        return self._aside[statement].origin or statement

    def _with(self, rows: Sequence[Row]) -> Mapping[str, Mapping[int, Sequence[Row]]]:
        """Rows that were set aside, and the accepted ones that displace them, to be walked."""
        steps = self._network(weakest([row.authority for row in rows])).steps
        more: dict[str, dict[int, Sequence[Row]]] = {}
        for row in rows:
            for end in {row.subject, row.object}:
                there = more.setdefault(end, dict(steps.get(end, {})))
                relations = row.seen_from(end)
                there[relations] = [*there.get(relations, ()), row]
        return {**steps, **more}

    def _network(self, least: Authority) -> Network:
        """The accepted rows of an authority and of all that are above it: what it was weighed against."""
        return self._published.engine.network(frozenset(one for one in Authority if one.rank <= least.rank), self._hops)

    @cached_property
    def _aside(self) -> Mapping[str, Row]:
        set_aside = self._published.engine.acceptance(self._hops).set_aside
        return {row.statement: row for rows in set_aside.values() for row in rows}
