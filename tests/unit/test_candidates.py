"""How candidates are scored: by chains, by wording, in Japanese as in English, and never by what is not held."""

from collections.abc import Mapping

import numpy as np
import pytest

from kakehashi.crosswalk.algebra import ALL, DR, OVERLAP
from kakehashi.crosswalk.candidate_estimator import Estimator, Weight
from kakehashi.crosswalk.candidate_weights import FITTED
from kakehashi.crosswalk.candidates import Corpus, Wording, corpus_of, features, scores, wording
from kakehashi.crosswalk.edition_chains import EditionChains
from kakehashi.crosswalk.network import Network
from kakehashi.crosswalk.rows import Row
from kakehashi.crosswalk.text_overlap import cosines, gram_counts, rarity, weighed, word_counts, words
from kakehashi.records.model import Label, Resource
from kakehashi.records.values import Authority

TEXTS = {
    "s/1": "Passwords are changed by their users at regular intervals.",
    "s/2": "Backups of data are kept at another site.",
    "t/1": "Users change their password regularly.",
    "t/2": "Data is backed up, and backups are stored off site.",
    "t/3": "Visitors are escorted.",
    "p/1": "Password management",
    "p/2": "Backup",
}
JAPANESE = {
    "s/1": "利用者はパスワードを定期的に変更すること。",
    "s/2": "データのバックアップを遠隔地に保管すること。",
    "t/1": "パスワードの定期的な変更を利用者に求める。",
    "t/2": "遠隔地でのバックアップの保管",
    "t/3": "来訪者に付き添う。",
    "p/1": "パスワード管理",
    "p/2": "バックアップ",
}
EDITIONS = {end: end.split("/", maxsplit=1)[0] for end in TEXTS} | {"q/1": "q", "q/2": "q"}
CROSSED = (
    *((end, pivot) for end in ("s/1", "s/2") for pivot in ("p/1", "p/2")),
    *((pivot, end) for pivot in ("p/1", "p/2") for end in ("t/1", "t/2", "t/3")),
)
"""Every chain there could be: only the wording tells candidates apart."""


def network(*pairs: tuple[str, str], confidence: int | None = None, relations: int = OVERLAP, hops: int = 3) -> Network:
    rows = [
        Row(statement=f"{a} {b}", subject=a, object=b, relations=relations, authority=Authority.OFFICIAL, confidence=confidence)
        for a, b in pairs
    ]
    return Network(rows, hops)


def corpus(texts: Mapping[str, str], language: str = "en") -> Corpus:
    return Corpus({end: {language: Wording(text=text)} for end, text in texts.items()}, EDITIONS)


SILENT = corpus({})


@pytest.mark.parametrize(("texts", "language"), [(TEXTS, "en"), (JAPANESE, "ja")])
def test_like_wording_ranks_first_in_english_and_in_japanese(texts: Mapping[str, str], language: str) -> None:
    one, other, strange = scores(network(*CROSSED), corpus(texts, language), [("s/1", "t/1"), ("s/1", "t/2"), ("s/1", "t/3")])
    assert one > 2 * other
    assert one > 2 * strange


@pytest.mark.parametrize("counted", [word_counts, gram_counts])
def test_width_and_case_make_no_difference(counted: type) -> None:
    counts = counted(["ＩＳＯ のアクセス権を、確認する", "iso のアクセス権を　確認する。", "", "物理的な入退"])
    found = weighed(counts, rarity(counts))
    alike = cosines(found, found)
    assert alike[0, 1] == pytest.approx(1)
    assert alike[0, 3] < 0.2
    assert not alike[2].any()


def test_words_are_stems_and_of_japanese_every_two_characters() -> None:
    assert list(words("Requirements, REQUIRED")) == ["requir", "requir"]
    assert list(words("鍵の管理 of keys")) == ["鍵の", "の管", "管理", "of", "keys"]


def test_nothing_is_said_of_wordings_without_a_common_language() -> None:
    apart = Corpus({"s/1": {"ja": Wording(text="鍵")}, "t/1": {"en": Wording(text="key")}}, EDITIONS)
    found = features(network(*CROSSED), apart, [("s/1", "t/1")])
    assert all(np.isnan(found[name]).all() for name in ("names", "words", "characters", "counterparts", "stands out"))
    assert scores(network(*CROSSED), apart, [("s/1", "t/1")]) == scores(network(*CROSSED), SILENT, [("s/1", "t/1")])


def test_a_wording_that_is_not_held_is_unknown_and_not_unlike() -> None:
    held = corpus({end: text for end, text in TEXTS.items() if end != "t/3"})
    found = features(network(*CROSSED), held, [("s/1", "t/3"), ("s/1", "t/2")])
    assert np.isnan(found["words"]).tolist() == [True, False]


def test_a_chain_through_a_hub_counts_less() -> None:
    narrow = network(("s/1", "p/1"), ("p/1", "t/1"), ("s/2", "p/2"), ("p/2", "t/2"), ("p/2", "t/3"))
    alone, shared = scores(narrow, SILENT, [("s/1", "t/1"), ("s/2", "t/2")])
    assert alone > shared


def test_a_second_independent_chain_counts() -> None:
    once = network(("s/1", "p/1"), ("p/1", "t/1"))
    twice = network(("s/1", "p/1"), ("p/1", "t/1"), ("s/1", "q/1"), ("q/1", "t/1"))
    assert scores(twice, SILENT, [("s/1", "t/1")]) > scores(once, SILENT, [("s/1", "t/1")])


def test_a_longer_chain_counts_less() -> None:
    two, three = network(("s/1", "p/1"), ("p/1", "t/1")), network(("s/1", "p/1"), ("p/1", "q/1"), ("q/1", "t/1"))
    assert scores(two, SILENT, [("s/1", "t/1")]) > scores(three, SILENT, [("s/1", "t/1")])


def test_confidence_multiplies_along_a_chain_and_the_rest_is_as_without_it() -> None:
    pairs = (("s/1", "p/1"), ("p/1", "t/1"))
    certain, half, never = (scores(network(*pairs, confidence=one), SILENT, [("s/1", "t/1")])[0] for one in (None, 500, 0))
    assert half == pytest.approx(certain / 4 + never * 3 / 4)
    assert certain > half > never > 0


def test_a_listed_pair_is_certain_and_one_without_rows_is_not_listed() -> None:
    related = network(("s/1", "t/1"), ("s/2", "p/1"), relations=ALL)
    assert scores(related, SILENT, [("s/1", "t/1"), ("s/1", "t/9"), ("s/2", "t/1")])[:2] == [1.0, 0.0]


def test_no_relationship_ties_nothing() -> None:
    apart = EditionChains(network(("s/1", "p/1"), ("p/1", "t/1"), relations=DR), EDITIONS)
    assert not apart.linked("s", "t", 3).chains.any()


def test_what_chains_amount_to() -> None:
    found = EditionChains(network(("s/1", "p/1"), ("s/1", "p/2"), ("p/1", "t/1"), ("p/2", "t/1"), ("p/2", "q/1"), ("q/1", "t/1")),
                          EDITIONS).linked("s", "t", 3)  # fmt: skip
    assert found.chains.tolist() == [[3.0]]
    assert found.routes.tolist() == [[2.0]]
    assert found.nearest.tolist() == [[2.0]]
    assert found.walk[0, 0] == pytest.approx(2 / (2**0.5 * 2**0.5) + 1 / 2**0.5)


def test_rows_between_the_two_editions_are_no_chain_of_theirs() -> None:
    """i to j' to i' to j, all by the one table: its publisher had the pair before his eyes."""
    found = EditionChains(network(("s/1", "t/1"), ("s/2", "t/1"), ("s/2", "t/2")), EDITIONS).linked("s", "t", 3)
    assert not found.chains.any()


def test_a_name_that_repeats_the_notation_is_none() -> None:
    labels = (Label(language="en", text="A.5.1"), Label(language="ja", text="方針"))
    one = Resource(
        id="s/1", kind="control", source="x", notation="A.5.1", labels=labels, texts=(Label(language="en", text="Policy"),)
    )
    assert wording(one) == {"en": Wording("", "Policy"), "ja": Wording("方針", "方針")}
    assert corpus_of([one], EDITIONS).texts(("s/1", "s/2"), "ja") == ["方針", ""]


def test_what_is_unknown_counts_as_the_mean_of_the_fit() -> None:
    estimator = Estimator(0.0, (Weight("likeness", 2.0, 0.3, 0.1),))
    unknown, mean, more = estimator.probabilities({"likeness": np.array([np.nan, 0.3, 0.5])})
    assert unknown == mean == 0.5
    assert more == pytest.approx(1 / (1 + np.exp(-4)))


def test_more_evidence_never_counts_against_a_candidate() -> None:
    assert all(one.weight >= 0 or one.feature == "longer" for one in FITTED.weights)
    assert next(one for one in FITTED.weights if one.feature == "longer").weight <= 0


def test_there_may_be_nothing_to_score() -> None:
    assert scores(network(), SILENT, []) == []
    assert scores(network(), SILENT, [("s/1", "t/1")]) == [0.0]
