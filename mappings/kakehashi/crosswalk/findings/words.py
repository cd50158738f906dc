"""What a row says beside its word, held against the word: the strength, and how much of the object it says is covered."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kakehashi.crosswalk.findings.kinds import Finding, FindingKind, listed, told
from kakehashi.crosswalk.findings.published import Published
from kakehashi.records.model import MappingDetail
from kakehashi.vocabulary.text import Text

LARGEST: Final = 10
LARGEST_ELSEWHERE: Final = 5
"""Publishers' own scales end at 3 or 5, or at 100: a set without a value above this is on one that nobody knows."""

STRENGTH = Text(
    "{set} は {subjects} と {objects} の関係を「{word}」、強さを{strength}としていますが、{reason}",
    "{set} says '{word}' of {subjects} and {objects} with strength {strength}; {reason}",
)
COVERED = Text(
    "{set} は {subjects} が {objects} のすべてを満たす({strength})としながら、関係を「{word}」としていますが、{reason}",
    "{set} says that {subjects} covers all of {objects} ({strength}) and that the relation is '{word}'; {reason}",
)


@dataclass(frozen=True, slots=True)
class Allowed:
    """The strengths that go with a word, both included, and why."""

    least: int
    most: int
    reason: Text


_IN_BETWEEN: Final = Allowed(
    1,
    9,
    Text(
        "一致する部分と異なる部分があるのだから、0から10の尺度では1から9です。",
        "on the scale of 0 to 10 that is 1 to 9, for some is shared and some is not.",
    ),
)
STRENGTHS: Final[Mapping[str, Allowed]] = {
    "equal": Allowed(
        LARGEST, LARGEST, Text("等しいのなら、0から10の尺度では10です。", "on the scale of 0 to 10 what is equal has 10.")
    ),
    "subset-of": _IN_BETWEEN,
    "superset-of": _IN_BETWEEN,
    "intersects-with": _IN_BETWEEN,
    "no-relationship": Allowed(
        0, 0, Text("関係がないのなら、0から10の尺度では0です。", "on the scale of 0 to 10 what is not related has 0.")
    ),
}
"""NIST IR 8278A r1 gives the scale; other words (SKOS, SSSOM) have none."""

BELOW_FULL: Final[Mapping[str, Text]] = {
    "subset-of": Text(
        "部分集合は全体より小さく、全体を満たすことはできません。", "a proper subset is less than the whole, and cannot cover it."
    ),
    "intersects-with": Text(
        "すべてを満たすのなら、関係は superset of か equal のはずです。",
        "what covers all of it would be a superset of it, or equal.",
    ),
    "no-relationship": Text("関係のないものは何も満たしません。", "what has no relationship covers nothing."),
}
"""The words that rule full coverage out, as they are defined, and why."""

_NOT_GIVEN: Final = frozenset({"", "n/a", "na", "-"})
_WHOLE: Final = re.compile(r"\d{1,3}")
_COVERAGE: Final = re.compile(r"target-coverage (\d+(?:\.\d+)?)(%?)")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row as it was published: one statement, or an n:m mapping of which the statements are pairs."""

    mapping: MappingDetail
    predicate: str
    subjects: tuple[str, ...]
    objects: tuple[str, ...]
    statements: tuple[str, ...]

    @property
    def strengths(self) -> tuple[str, ...]:
        """The strengths that are given; rows of one n:m mapping may give several."""
        parts = unicodedata.normalize("NFKC", self.mapping.strength or "").split(" / ")
        return tuple(part.strip() for part in parts if part.strip().lower() not in _NOT_GIVEN)


def faults_of_words(published: Published) -> Iterator[Finding]:
    """Strengths that do not go with the word, and full coverage where the word rules it out."""
    for mapping_set, rows in sorted(_rows(published).items()):
        judged = mapping_set in published.on_ten_scale
        if _on_ten_scale(rows, judged):
            yield from (_finding(row, FindingKind.STRENGTH_AGAINST_RELATION) for row in rows if _is_off(row))
        for row in rows:
            if row.predicate in BELOW_FULL and any(map(_is_full, row.strengths)):
                yield _finding(row, FindingKind.COVERAGE_ABOVE_RELATION)


def _rows(published: Published) -> Mapping[str, list[_Row]]:
    """The rows that give a strength, by their set."""
    found: dict[str, list[_Row]] = defaultdict(list)
    pairs: dict[str, list[str]] = defaultdict(list)
    for one in published.mappings:
        if one.mapping is None:
            continue
        if one.mapping.group in published.groups:
            pairs[one.mapping.group or ""].append(one.id)
        elif one.mapping.strength:
            row = _Row(one.mapping, one.predicate, (one.subject,), (one.object or "",), (one.id,))
            found[one.mapping.mapping_set].append(row)
    for _, group in sorted(published.groups.items()):
        if group.mapping.strength:
            row = _Row(group.mapping, group.predicate, group.subjects, group.objects, tuple(pairs[group.id]))
            found[group.mapping.mapping_set].append(row)
    return found


def _on_ten_scale(rows: Iterable[_Row], by_format: bool) -> bool:
    """Whether all strengths of a set are whole numbers up to 10, and its format or a high one tells that the scale ends there."""
    given = {strength for row in rows for strength in row.strengths}
    if not all(_WHOLE.fullmatch(one) and int(one) <= LARGEST for one in given):
        return False
    return by_format or max(map(int, given), default=0) > LARGEST_ELSEWHERE


def _is_off(row: _Row) -> bool:
    allowed = STRENGTHS.get(row.predicate)
    return allowed is not None and not all(allowed.least <= int(one) <= allowed.most for one in row.strengths)


def _is_full(strength: str) -> bool:
    found = _COVERAGE.fullmatch(strength)
    return found is not None and float(found[1]) >= (100 if found[2] else 1)


def _finding(row: _Row, kind: FindingKind) -> Finding:
    is_strength = kind is FindingKind.STRENGTH_AGAINST_RELATION
    text = told(
        STRENGTH if is_strength else COVERED,
        set=row.mapping.mapping_set, subjects=listed(row.subjects), objects=listed(row.objects), word=row.mapping.verbatim,
        strength=row.mapping.strength,
        reason=STRENGTHS[row.predicate].reason if is_strength else BELOW_FULL[row.predicate],
    )  # fmt: skip
    return Finding(
        kind=kind, mapping_set=row.mapping.mapping_set, mapping_sets=(row.mapping.mapping_set,), statements=row.statements,
        ends=(*row.subjects, *row.objects), explanation=text,
    )  # fmt: skip
