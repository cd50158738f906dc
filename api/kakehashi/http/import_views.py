"""An import as whoever sent it is told of it."""

from typing import Any

import msgspec

from kakehashi.crosswalk.algebra import bases
from kakehashi.graphql.enums import BASE_RELATIONS
from kakehashi.snapshot.difference import Difference
from kakehashi.snapshot.journal import Entry, Outcome


def view(entry: Entry, language: str) -> dict[str, Any]:
    """The state of an import, and when it is finished, the report; times in UTC."""
    job, outcome = entry.job, entry.outcome
    return {
        "id": job.id, "state": entry.state, "files": [msgspec.to_builtins(file) for file in job.files],
        "private": job.private, "dryRun": job.dry_run, "commitOf": job.of, "received": job.received,
        **(_ended(outcome, language) if outcome is not None else {}),
    }  # fmt: skip


def _ended(outcome: Outcome, language: str) -> dict[str, Any]:
    error = outcome.error
    return {
        "finished": outcome.finished, "releaseBefore": outcome.before, "releaseAfter": outcome.after,
        "report": outcome.report, "difference": None if outcome.difference is None else _difference(outcome.difference),
        "error": None if error is None else {
            "code": error.code, "message": error.ja if language == "ja" else error.en,
            "messages": {"ja": error.ja, "en": error.en},
        },
    }  # fmt: skip


def _difference(found: Difference) -> dict[str, Any]:
    """What a dry run would change; relation sets as GraphQL names them."""
    pairs = [
        {"a": one.a, "b": one.b, "before": _relations(one.before), "after": _relations(one.after)} for one in found.first_pairs
    ]
    return {"changes": msgspec.to_builtins(found.changes), "pairs": {"count": found.pairs, "first": pairs}}


def _relations(relations: int) -> list[str]:
    return [BASE_RELATIONS[base].name for base in bases(relations)]
