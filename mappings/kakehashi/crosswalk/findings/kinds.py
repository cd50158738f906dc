"""What a finding is, and the kinds of findings: one table of names, severities, and what to do."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kakehashi.crosswalk.claims import Disagreement
from kakehashi.vocabulary.text import Text

FINDING_DIGITS: Final = 16


class FindingSeverity(StrEnum):
    """How grave a finding is, gravest first."""

    ERROR = "error"
    """What is stated cannot be, or names nothing."""
    WARNING = "warning"
    """What is stated does not count, or hardly means what it says."""
    NOTICE = "notice"
    """Nothing is wrong, but whoever counts voices should know."""

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(FindingSeverity)}


class FindingKind(StrEnum):
    """The kinds of findings, in the order in which they are listed within a severity."""

    CONTRADICTION = "contradiction"
    CIRCULAR_INCLUSION = "circular-inclusion"
    COVERAGE_ABOVE_RELATION = "coverage-above-relation"
    DANGLING_END = "dangling-end"
    CIRCULAR_DERIVATION = "circular-derivation"
    STRENGTH_AGAINST_RELATION = "strength-against-relation"
    OUT_OF_USE_END = "out-of-use-end"
    ON_HEADING = "on-heading"
    SELF_MAPPING = "self-mapping"
    ONE_DIRECTION_ONLY = "one-direction-only"
    COMPOSED_SET = "composed-set"
    CLAIM_NOT_MAPPED = "claim-not-mapped"
    REVERSE_SET = "reverse-set"
    CLAIM_UNMAPPED = "claim-unmapped"


@dataclass(frozen=True, slots=True)
class About:
    """What a kind is called, how grave it is, and what whoever publishes the mapping should do."""

    severity: FindingSeverity
    title: Text
    remedy: Text


ABOUT: Final[Mapping[FindingKind, About]] = {
    FindingKind.CONTRADICTION: About(
        FindingSeverity.ERROR,
        Text("矛盾", "Contradiction"),
        Text(
            "衝突している連鎖の記述を見直し、誤っている関係を直してください。直るまで、退けた記述は計算に入りません。",
            "Review the statements of the chains that clash, and mend the relation that is wrong. Until then those set aside do "
            "not count.",
        ),
    ),
    FindingKind.CIRCULAR_INCLUSION: About(
        FindingSeverity.ERROR,
        Text("循環する真部分集合", "Circle of proper subsets"),
        Text(
            "同じものなら equal とし、そうでなければ向きの誤っている記述を直してください。",
            "State `equal` where they are the same; else mend the statement whose direction is wrong.",
        ),
    ),
    FindingKind.COVERAGE_ABOVE_RELATION: About(
        FindingSeverity.ERROR,
        Text("関係を超える充足の主張", "Coverage above the relation"),
        Text(
            "充足の主張を「一部を満たす」に下げるか、関係を superset of か equal に直してください。",
            "Lower the claim to a partial one, or mend the relation to `superset of` or `equal`.",
        ),
    ),
    FindingKind.DANGLING_END: About(
        FindingSeverity.ERROR,
        Text("解決できないID", "Dangling id"),
        Text(
            "IDの綴りと版を確かめるか、それを定義する出典を読み込んでください。",
            "Check the id's spelling and edition, or load a source that defines it.",
        ),
    ),
    FindingKind.CIRCULAR_DERIVATION: About(
        FindingSeverity.ERROR,
        Text("循環する由来", "Circular derivation"),
        Text("各集が何から作られたかを記し直してください。", "State again what each set was really made from."),
    ),
    FindingKind.STRENGTH_AGAINST_RELATION: About(
        FindingSeverity.WARNING,
        Text("関係に合わない強さ", "Strength against relation"),
        Text(
            "関係と強さのどちらが意図したものかを確かめ、他方を直してください。",
            "Decide which of the two is meant, and mend the other.",
        ),
    ),
    FindingKind.OUT_OF_USE_END: About(
        FindingSeverity.WARNING,
        Text("廃止されたID", "Id out of use"),
        Text(
            "後継があればそれに対応付け直してください。廃止されたものへの記述は計算に入りません。",
            "Map to what took its place, if anything did. Statements about what is out of use do not count.",
        ),
    ),
    FindingKind.ON_HEADING: About(
        FindingSeverity.WARNING,
        Text("見出しへの対応付け", "Mapping on a heading"),
        Text(
            "見出しの下の条項に対応付けてください。見出しへの記述は計算に入らず、下の条項にも及びません。",
            "Map to the provisions below the heading. A statement about a heading does not count, nor pass on to them.",
        ),
    ),
    FindingKind.SELF_MAPPING: About(
        FindingSeverity.WARNING,
        Text("自身への対応付け", "Self-mapping"),
        Text("取り除くか、意図した相手のIDに直してください。", "Remove it, or name the other end that was meant."),
    ),
    FindingKind.ONE_DIRECTION_ONLY: About(
        FindingSeverity.WARNING,
        Text("片方向だけの対", "Pair in one direction only"),
        Text(
            "欠けている対を加えるか、意図して除いたものならもう一方からも除いてください。",
            "Add the pair that is lacking, or remove it from the other set if it was left out on purpose.",
        ),
    ),
    FindingKind.COMPOSED_SET: About(
        FindingSeverity.WARNING,
        Text("合成された集", "Composed set"),
        Text(
            "独立した意見としては数えません。元の集を読み込み、合成は Kakehashi に任せてください。",
            "It is not counted as a second opinion. Load the sets that it was made from, and let Kakehashi compose them.",
        ),
    ),
    FindingKind.CLAIM_NOT_MAPPED: About(
        FindingSeverity.WARNING,
        Text("公開の対応付けにない主張", "Claim against public mapping"),
        Text(
            "どちらかが誤りとは限りません。主張だけに頼らず、提供者に根拠を求め、対応付けの対象とした機能と版を確かめてください。",
            "Neither side need be wrong. Do not rely on the claim alone: ask its vendor for evidence, and check which functions "
            "and editions the mapping looked at.",
        ),
    ),
    FindingKind.REVERSE_SET: About(
        FindingSeverity.NOTICE,
        Text("逆向きの集", "Reverse set"),
        Text(
            "何もする必要はありません。逆向きは元の集から導かれ、独立した意見としては数えません。",
            "Nothing needs to be done: converses are derived, and a reverse is not counted as a second opinion.",
        ),
    ),
    FindingKind.CLAIM_UNMAPPED: About(
        FindingSeverity.NOTICE,
        Text("公開の対応付けのない主張", "Claim without public mapping"),
        Text(
            "主張に反するものはありませんが、裏付けもありません。公開の対応付けがあれば読み込んでください。",
            "Nothing speaks against the claim, and nothing bears it out. Load a public mapping of the product if there is one.",
        ),
    ),
}  # fmt: skip
KINDS: Final = tuple(FindingKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong or doubtful.

    `mapping_set` is the set to mend, where it is one; `mapping_sets` are all that are concerned. `statements` are those
    concerned, in a contradiction those that were set aside; a parent link is named by its child. `hops` is the longest chain
    that was looked at, 0 where no chain was. `claim` is what a finding about a vendor's claim rests on.
    """

    kind: FindingKind
    explanation: Text
    mapping_set: str | None = None
    mapping_sets: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    hops: int = 0
    claim: Disagreement | None = None

    @property
    def severity(self) -> FindingSeverity:
        """How grave it is."""
        return ABOUT[self.kind].severity

    @property
    def id(self) -> str:
        """An id that stays as long as set, ends and statements do."""
        content = json.dumps([self.kind, self.mapping_set, self.ends, self.statements])
        return "finding/" + hashlib.sha256(content.encode()).hexdigest()[:FINDING_DIGITS]

    @property
    def sort_key(self) -> tuple[int, int, str, tuple[str, ...], tuple[str, ...]]:
        """The gravest first, then by kind, set and ends."""
        return (self.severity.rank, KINDS.index(self.kind), self.mapping_set or "", self.ends, self.statements)


def told(template: Text, **values: object) -> Text:
    """A template filled in; what is itself a text is put in each language's own."""
    ja = {name: value.ja if isinstance(value, Text) else value for name, value in values.items()}
    en = {name: value.en if isinstance(value, Text) else value for name, value in values.items()}
    return Text(template(**ja).ja, template(**en).en)


def listed(ids: Iterable[str]) -> Text:
    """Ids in a row."""
    found = tuple(ids)
    return Text("、".join(found), ", ".join(found))


def only(sets: Iterable[str]) -> str | None:
    """The one set of several mentions of it; None where there are others."""
    found = set(sets)
    return found.pop() if len(found) == 1 else None
