"""Candidates: pairs of provisions that a chain links and of which nothing is determined, ranked by how likely they overlap.

What is estimated is the probability that a publisher who set the two editions side by side would list the pair. A candidate is
never coverage, however high it stands: it says where a person should look first.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from kakehashi.crosswalk.candidate_weights import FITTED
from kakehashi.crosswalk.edition_chains import WITHOUT_EDITION, EditionChains, Linked
from kakehashi.crosswalk.keeping import Kept
from kakehashi.crosswalk.network import Network
from kakehashi.crosswalk.text_overlap import COLUMNS, cosines, gram_counts, rarity, unit_rows, weighed, word_counts
from kakehashi.records.model import Label, Resource

LONGEST: Final = 3
"""Chains of more rows are not weighed: the estimator was fitted on no longer ones."""
KEPT_NETWORKS: Final = 16
KEPT_COMPARISONS: Final = 2
"""Each takes some 90 bytes for every two provisions of its editions."""
KEPT_TEXTS: Final = 1024

FLOOR: Final = 1e-3
"""Added before a logarithm is taken, so that no chain and a very weak one are nearly the same."""
FAINT: Final = 0.04
"""Likeness that counts for none where a provision's best candidate is sought."""

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """The name of a thing in one language, and all that is written of it there, the name included."""

    name: str = ""
    text: str = ""


UNSAID: Final = Wording()


def wording(resource: Resource) -> Mapping[str, Wording]:
    """What a resource is called and how it reads, by language; a name that merely repeats the notation is none."""
    names, texts = _joined(one for one in resource.labels if one.text != resource.notation), _joined(resource.texts)
    return {
        language: Wording(names.get(language, ""), f"{names.get(language, '')}\n{texts.get(language, '')}".strip())
        for language in sorted({*names, *texts})
    }


def _joined(labels: Iterable[Label]) -> Mapping[str, str]:
    found: dict[str, list[str]] = defaultdict(list)
    for label in sorted(labels):
        found[label.language].append(label.text)
    return {language: "\n".join(texts) for language, texts in found.items()}


class Corpus:
    """What is known of ends beside the rows between them: how they read, and the edition of each. Immutable, made once a release.

    What of it has been counted is kept, so that only the first question about an edition waits for that.
    """

    def __init__(self, wordings: Mapping[str, Mapping[str, Wording]], edition_of: Mapping[str, str]) -> None:
        self.edition_of = edition_of
        self._wordings = wordings
        self.names = lru_cache(maxsize=KEPT_TEXTS)(lambda ends, language: word_counts(self._names(ends, language)))
        self.words = lru_cache(maxsize=KEPT_TEXTS)(lambda ends, language: word_counts(self.texts(ends, language)))
        self.grams = lru_cache(maxsize=KEPT_TEXTS)(lambda ends, language: gram_counts(self.texts(ends, language)))
        self.chains = lru_cache(maxsize=KEPT_NETWORKS)(lambda network: EditionChains(network, edition_of))
        self.compared: Kept[_Compared] = Kept(
            lambda network, first, second: _Compared(self, network, first, second), KEPT_COMPARISONS
        )

    def _names(self, ends: Sequence[str], language: str) -> list[str]:
        return [self._of(end).get(language, UNSAID).name for end in ends]

    def texts(self, ends: Sequence[str], language: str) -> list[str]:
        """What is written of some ends in a language; nothing where nothing is held."""
        return [self._of(end).get(language, UNSAID).text for end in ends]

    def _of(self, end: str) -> Mapping[str, Wording]:
        return self._wordings.get(end, {})

    def shared_language(self, first: Sequence[str], second: Sequence[str]) -> str | None:
        """The language in which most can be compared; the first by its tag where two are alike, None where there is none."""
        one, two = (Counter(language for end in ends for language in self._of(end)) for ends in (first, second))
        shared = sorted(one.keys() & two.keys(), key=lambda language: (-min(one[language], two[language]), language))
        return shared[0] if shared else None


def corpus_of(resources: Iterable[Resource], edition_of: Mapping[str, str]) -> Corpus:
    """The corpus of a release's resources."""
    return Corpus({resource.id: wording(resource) for resource in resources}, edition_of)


def scores(network: Network, corpus: Corpus, pairs: Sequence[Pair]) -> list[float]:
    """For each candidate the probability, 0 to 1, that a publisher would list it, in the order of the pairs.

    A pair that a row lists already, if only as related somehow, has 1; one with an end that no row names has 0. Which pairs are
    asked together, and in which direction, makes no difference.
    """
    found = np.zeros(len(pairs))
    by_editions: dict[Pair, list[int]] = defaultdict(list)
    for number, (first, second) in enumerate(pairs):
        if first in network.place and second in network.place:
            by_editions[_editions(corpus, first, second)].append(number)
    for (first, second), numbers in by_editions.items():
        compared = corpus.compared(network, first, second)
        found[numbers] = compared.scores([sorted_pair(corpus, *pairs[number]) for number in numbers])
    return [float(one) for one in found]


def features(network: Network, corpus: Corpus, pairs: Sequence[Pair]) -> dict[str, Floats]:
    """The features of candidates of one pair of editions, by name; NaN where what is needed is not held.

    All ends have to be ends of the network's rows.
    """
    turned = [sorted_pair(corpus, *pair) for pair in pairs]
    compared: _Compared = corpus.compared(network, *_editions(corpus, *turned[0]))
    return compared.features(*compared.places(turned))


def sorted_pair(corpus: Corpus, first: str, second: str) -> Pair:
    """A pair in the order of its editions, so that both directions are one question."""
    edition = corpus.edition_of
    ends = sorted((first, second), key=lambda end: (edition.get(end, WITHOUT_EDITION), end))
    return ends[0], ends[1]


def _editions(corpus: Corpus, first: str, second: str) -> Pair:
    one, two = (corpus.edition_of.get(end, WITHOUT_EDITION) for end in sorted_pair(corpus, first, second))
    return one, two


class _Compared:
    """Two editions side by side: every provision of the one that a row names with every one of the other."""

    def __init__(self, corpus: Corpus, network: Network, first: str, second: str) -> None:
        self._corpus, self._chains = corpus, corpus.chains(network)
        self._editions = first, second
        self._ends: tuple[tuple[str, ...], tuple[str, ...]] = (self._chains.members[first], self._chains.members[second])
        self._place = tuple({end: number for number, end in enumerate(ends)} for ends in self._ends)
        linked = self._chains.linked(first, second, min(network.hops, LONGEST))
        self._confidence = linked.confidence
        self._layers = _of_chains(linked) | self._of_texts(linked.walk.shape)

    def places(self, pairs: Sequence[Pair]) -> tuple[Integers, Integers]:
        """Where each pair stands."""
        first, second = self._place
        size = len(pairs)
        rows = np.fromiter((first[one] for one, _ in pairs), np.int64, size)
        return rows, np.fromiter((second[two] for _, two in pairs), np.int64, size)

    def features(self, rows: Integers, columns: Integers) -> dict[str, Floats]:
        """The features of pairs by their places."""
        return {name: layer[rows, columns] for name, layer in self._layers.items()}

    def scores(self, pairs: Sequence[Pair]) -> Floats:
        """The probabilities of pairs; 1 where a row lists the pair.

        A chain that holds with some confidence leaves the rest of it to there being none. That follows from what confidence
        means; no published row that the estimator was fitted on states any.
        """
        rows, columns = self.places(pairs)
        found, confidence = self.features(rows, columns), self._confidence[rows, columns]
        with_chain, without = FITTED.probabilities(found), FITTED.probabilities(found | _no_chain(len(pairs)))
        listed = self._chains.listed(*self._editions)[rows, columns]
        return np.where(listed, 1.0, confidence * with_chain + (1 - confidence) * without)

    def _of_texts(self, shape: tuple[int, ...]) -> dict[str, Floats]:
        language = self._corpus.shared_language(*self._ends)
        if language is None:
            unknown = np.full(shape, np.nan)
            return dict.fromkeys(("names", "words", "characters", "counterparts", "stands out"), unknown)
        words = self._likeness(self._corpus.words, language)
        counterparts = self._counterparts(language)
        held = [np.array([bool(text) for text in self._corpus.texts(ends, language)]) for ends in self._ends]
        found = {
            "words": words,
            "characters": self._likeness(self._corpus.grams, language),
            "counterparts": counterparts,
            "stands out": _standing_out(words + counterparts),
        }
        both = held[0][:, None] & held[1][None, :]
        return {"names": self._names(language)} | {name: np.where(both, layer, np.nan) for name, layer in found.items()}

    def _names(self, language: str) -> Floats:
        named = [np.diff(self._corpus.names(ends, language).indptr) > 0 for ends in self._ends]
        return np.where(named[0][:, None] & named[1][None, :], self._likeness(self._corpus.names, language), np.nan)

    def _likeness(self, counted: Any, language: str) -> Floats:  # noqa: ANN401 - a method that keeps its results
        first, second = (counted(ends, language) for ends in self._ends)
        rarities = rarity(first, second)
        return cosines(weighed(first, rarities), weighed(second, rarities))

    def _counterparts(self, language: str) -> Floats:
        """How alike each provision is to what the other is mapped to elsewhere, both ways together: 0 to 2."""
        first, second = (self._corpus.words(ends, language) for ends in self._ends)
        rarities = rarity(first, second)
        there, back = self._editions, self._editions[::-1]
        one = cosines(self._mapped_to(*there, language, rarities), weighed(second, rarities))
        two = cosines(weighed(first, rarities), self._mapped_to(*back, language, rarities))
        return one + two

    def _mapped_to(self, edition: str, without: str, language: str, rarities: Floats) -> Any:  # noqa: ANN401 - scipy is untyped
        """The wording of all that each end of an edition is tied to in others, those with many ties counting for less."""
        total = csr_array((len(self._chains.members[edition]), COLUMNS))
        for other in (one for one in self._chains.neighbours[edition] if one != without):
            table = self._chains.weights(edition, other).copy()
            table.data = table.data / np.sqrt(self._chains.degrees(other))[table.indices]
            total = total + table @ weighed(self._corpus.words(self._chains.members[other], language), rarities)
        return unit_rows(total)


def _of_chains(linked: Linked) -> dict[str, Floats]:
    return {
        "walk": np.log(FLOOR + linked.walk),
        "share": (np.log(FLOOR + _share(linked.walk, 0)) + np.log(FLOOR + _share(linked.walk, 1))) / 2,
        "chains": np.log1p(linked.chains),
        "routes": np.log1p(linked.routes),
        "longer": np.where(linked.nearest > 0, linked.nearest - 2, LONGEST - 1),
    }


def _no_chain(size: int) -> dict[str, Floats]:
    """The features of pairs that no chain links."""
    none = Linked(*(np.zeros((1, 1)) for _ in range(5)))
    return {name: np.full(size, layer[0, 0]) for name, layer in _of_chains(none).items()}


def _share(layer: Floats, axis: int) -> Floats:
    total = layer.sum(axis, keepdims=True)
    found: Floats = np.divide(layer, total, out=np.zeros_like(layer), where=total > 0)
    return found


def _standing_out(layer: Floats) -> Floats:
    """How near each cell comes to the best of its row and to the best of its column, together: 0 to 2.

    The best is sought among all that are set side by side: what only stands out among candidates may be a poor match.
    """
    by_row, by_column = (np.maximum(layer.max(axis, keepdims=True, initial=0.0), FAINT) for axis in (1, 0))
    found: Floats = layer / by_row + layer / by_column
    return found
