"""Laws of the scores of candidates: no order of anything matters, nor what else is asked."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.crosswalk.algebra import READINGS
from kakehashi.crosswalk.candidates import Corpus, Wording, scores
from kakehashi.crosswalk.network import Network
from kakehashi.crosswalk.rows import Row
from kakehashi.records.values import Authority

ENDS = [f"{edition}/{number}" for edition in "stpq" for number in range(3)] + ["check"]
EDITIONS = {end: end[0] for end in ENDS if "/" in end}
PHRASES = ("アクセス権を確認する", "access rights are reviewed", "backups", "鍵の管理", "")
PAIRS = [(a, b) for a in ENDS for b in ENDS if a.startswith("s") and not b.startswith("s")]

ROWS = st.lists(
    st.builds(
        lambda pair, relations, confidence: (*pair, relations, confidence),
        st.tuples(st.sampled_from(ENDS), st.sampled_from(ENDS)).filter(lambda pair: pair[0] != pair[1]),
        st.sampled_from(sorted(READINGS)),
        st.none() | st.integers(0, 1000),
    ),
    max_size=24,
)
WORDINGS = st.dictionaries(
    st.sampled_from(ENDS),
    st.dictionaries(st.sampled_from(("en", "ja")), st.builds(Wording, st.sampled_from(PHRASES), st.sampled_from(PHRASES))),
)


def network(rows: list[tuple[str, str, int, int | None]], hops: int = 3) -> Network:
    found = [
        Row(statement=f"{number}", subject=a, object=b, relations=relations, authority=Authority.VENDOR, confidence=confidence)
        for number, (a, b, relations, confidence) in enumerate(rows)
    ]
    return Network(found, hops)


@settings(deadline=None)
@given(ROWS, WORDINGS, st.integers(1, 4))
def test_scores_are_probabilities(
    rows: list[tuple[str, str, int, int | None]], wordings: dict[str, dict[str, Wording]], hops: int
) -> None:
    found = scores(network(rows, hops), Corpus(wordings, EDITIONS), PAIRS)
    assert all(0 <= one <= 1 for one in found)


@settings(deadline=None)
@given(ROWS, WORDINGS, st.randoms(use_true_random=False))
def test_no_order_nor_company_nor_direction_matters(
    rows: list[tuple[str, str, int, int | None]], wordings: dict[str, dict[str, Wording]], random: Random
) -> None:
    before = dict(zip(PAIRS, scores(network(rows), Corpus(wordings, EDITIONS), PAIRS), strict=True))
    shuffled = random.sample([(b, a) for a, b in PAIRS], len(PAIRS) // 2)
    mixed = Corpus(dict(random.sample(sorted(wordings.items(), key=lambda one: one[0]), len(wordings))), EDITIONS)
    after = scores(network(random.sample(rows, len(rows))), mixed, shuffled)
    assert after == [before[a, b] for b, a in shuffled]
