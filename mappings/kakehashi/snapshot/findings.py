"""The findings of a release: its mappings through all quality gates, once for each number of hops."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from kakehashi.crosswalk.findings.inspecting import Inspection, Unchained
from kakehashi.crosswalk.findings.kinds import Finding, FindingKind
from kakehashi.crosswalk.findings.published import Published
from kakehashi.records.model import Statement
from kakehashi.records.values import Authority
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

UNKNOWN_SET = Text("「{id}」という対応付け集はありません。", "There is no mapping set '{id}'.")
MAX_SHOWN: Final = 80
DEFAULT_HOPS: Final = 3
TEN_SCALE_LOADERS: Final = frozenset({"olir", "strm"})
"""The loaders of formats whose strength of relationship runs from 0 to 10 (NIST IR 8278A r1, section 3.2)."""

_KEPT: Final[WeakKeyDictionary[Snapshot, "_Inspections"]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which findings are asked for: None sets no limit, and what is empty asks for nothing.

    A finding is of some authorities where no statement that it names is of another.
    """

    sets: Collection[str] | None = None
    kinds: Collection[FindingKind] | None = None
    authorities: Collection[Authority] | None = None


class _Inspections:
    """The findings of a snapshot for each number of hops; what no chain bears on is found once."""

    def __init__(self, published: Published) -> None:
        self._unchained = Unchained(published)
        self._by_hops: dict[int, Inspection] = {}

    def within(self, hops: int) -> Inspection:
        return self._by_hops.setdefault(hops, Inspection(self._unchained, hops))


def inspection(snapshot: Snapshot, hops: int = DEFAULT_HOPS) -> Inspection:
    """The findings of a snapshot with chains of at most so many hops; kept as long as the snapshot is."""
    if snapshot not in _KEPT:
        _KEPT[snapshot] = _Inspections(_published(snapshot))
    return _KEPT[snapshot].within(hops)


def _published(snapshot: Snapshot) -> Published:
    return Published(
        statements=snapshot.statements,
        groups=snapshot.groups,
        mapping_sets=snapshot.mapping_sets,
        world=snapshot.world,
        engine=snapshot.index.engine,
        lifecycles={one.id: one.lifecycle for one in snapshot.resources.values() if one.lifecycle is not None},
        on_ten_scale=frozenset(
            one.id for one in snapshot.mapping_sets.values() if snapshot.sources[one.source].loader in TEN_SCALE_LOADERS
        ),
    )


def selected(snapshot: Snapshot, inspected: Inspection, wanted: Wanted) -> tuple[Finding, ...]:
    """The findings that are asked for. An unknown set is an error."""
    unknown = [one for one in wanted.sets or () if one not in snapshot.mapping_sets]
    if unknown:
        raise KakehashiError(ErrorCode.NOT_FOUND, UNKNOWN_SET(id=unknown[0][:MAX_SHOWN]))
    return tuple(one for one in inspected.findings if _is_wanted(one, wanted, snapshot.statements))


def _is_wanted(finding: Finding, wanted: Wanted, statements: Mapping[str, Statement]) -> bool:
    if wanted.sets is not None and not any(one in finding.mapping_sets for one in wanted.sets):
        return False
    if wanted.kinds is not None and finding.kind not in wanted.kinds:
        return False
    named = (statements[one].authority for one in finding.statements if one in statements)
    return wanted.authorities is None or all(one in wanted.authorities for one in named)
