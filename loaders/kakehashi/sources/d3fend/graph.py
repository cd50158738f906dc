"""An ontology in memory: look-ups by subject that remember which triples were used, so that the rest can be counted."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from kakehashi.sources.turtle import Node, Triple, Words
from kakehashi.vocabulary.iris import OWL, RDF, RDFS

_NOTHING: Final[tuple[Node, ...]] = ()
_LEAST: Final[Mapping[str, tuple[Node, ...]]] = {}


class Graph:
    """Triples by subject and predicate, in the order of the file."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._found: dict[str, dict[str, list[Node]]] = {}
        self._by_type: dict[str, list[str]] = defaultdict(list)
        self._below: dict[str, list[str]] = defaultdict(list)
        self._total: Counter[str] = Counter()
        self._used: Counter[str] = Counter()
        for subject, predicate, node in triples:
            self._found.setdefault(subject, {}).setdefault(predicate, []).append(node)
            self._total[predicate] += 1
            if predicate == RDF + "type" and isinstance(node, str):
                self._by_type[node].append(subject)
            elif predicate == RDFS + "subClassOf" and isinstance(node, str):
                self._below[node].append(subject)

    def __len__(self) -> int:
        return self._total.total()

    def nodes(self, subject: str, predicate: str) -> Iterable[Node]:
        """All objects, none of them used yet."""
        return self._found.get(subject, _LEAST).get(predicate, _NOTHING)

    def names(self, subject: str, predicate: str) -> Iterator[str]:
        """The objects that are no literals."""
        return (node for node in self.nodes(subject, predicate) if isinstance(node, str))

    def words(self, subject: str, *predicates: str) -> Words | None:
        """The first literal under the first of some predicates that has any; it counts as used."""
        for predicate in predicates:
            for node in self.nodes(subject, predicate):
                if isinstance(node, Words):
                    self.use(predicate)
                    return node
        return None

    def use(self, *predicates: str) -> None:
        """Count a triple of each predicate as used."""
        self._used.update(predicates)

    def typed(self, name: str) -> list[str]:
        """What has a type, in the order of the file."""
        return list(dict.fromkeys(self._by_type.get(name, ())))

    def having(self, predicate: str) -> Iterator[str]:
        """The subjects that have a predicate, in the order of the file."""
        return (subject for subject, found in self._found.items() if predicate in found)

    def below(self, root: str) -> frozenset[str]:
        """A class and all that stand below it."""
        seen, waiting = {root}, [root]
        while waiting:
            new = [one for one in self._below.get(waiting.pop(), ()) if one not in seen]
            seen.update(new)
            waiting += new
        return frozenset(seen)

    def restrictions(self, name: str) -> Iterator[tuple[str, str]]:
        """The properties and classes of the restrictions "some values from" that a class is below of."""
        for above in self.names(name, RDFS + "subClassOf"):
            for prop in self.names(above, OWL + "onProperty"):
                for value in self.names(above, OWL + "someValuesFrom"):
                    yield prop, value

    def left(self) -> Iterator[tuple[str, int]]:
        """How many triples of each predicate were not used."""
        yield from ((predicate, total - self._used[predicate]) for predicate, total in self._total.items())
