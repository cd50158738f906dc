"""The findings of a release: its mappings through all quality gates, once for each number of hops."""

from collections.abc import Collection
from typing import Final
from weakref import WeakKeyDictionary

from kakehashi.crosswalk.findings.inspecting import Inspection
from kakehashi.crosswalk.findings.kinds import Finding, FindingKind
from kakehashi.crosswalk.findings.published import Published
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

UNKNOWN_SET = Text("「{id}」という対応付け集はありません。", "There is no mapping set '{id}'.")
MAX_SHOWN: Final = 80
DEFAULT_HOPS: Final = 3
TEN_SCALE_LOADERS: Final = frozenset({"olir", "strm"})
"""The loaders of formats whose strength of relationship runs from 0 to 10 (NIST IR 8278A r1, section 3.2)."""

_KEPT: Final[WeakKeyDictionary[Snapshot, dict[int, Inspection]]] = WeakKeyDictionary()


def inspection(snapshot: Snapshot, hops: int = DEFAULT_HOPS) -> Inspection:
    """The findings of a snapshot with chains of at most so many hops; kept as long as the snapshot is."""
    kept = _KEPT.setdefault(snapshot, {})
    if hops not in kept:
        kept[hops] = Inspection(_published(snapshot), hops)
    return kept[hops]


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


def selected(
    snapshot: Snapshot, inspected: Inspection, sets: Collection[str] = (), kinds: Collection[FindingKind] = ()
) -> tuple[Finding, ...]:
    """The findings that concern any of some sets, of any of some kinds; none named means all. An unknown set is an error."""
    unknown = [one for one in sets if one not in snapshot.mapping_sets]
    if unknown:
        raise KakehashiError(ErrorCode.NOT_FOUND, UNKNOWN_SET(id=unknown[0][:MAX_SHOWN]))
    return tuple(
        one
        for one in inspected.findings
        if (not sets or any(named in one.mapping_sets for named in sets)) and (not kinds or one.kind in kinds)
    )
