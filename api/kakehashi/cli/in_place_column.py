"""What is in place, as a column beside what is available, and as a line of counts."""

from collections.abc import Mapping
from typing import Any, Final

from rich.markup import escape

from kakehashi.cli.answer_words import status, summary, word
from kakehashi.cli.language import say
from kakehashi.snapshot.model import Snapshot
from kakehashi.vocabulary import iris

FIELDS: Final = """
fragment InPlaceCounts on CoverageReport {
  assessed { organisation scope assessedCount unresolved(first: 0) { totalCount } }
  inPlaceSummary {
    assessable full partial possible excluded unknown notApplicable contradicted fullRatio coveredRatio
  }
}
fragment InPlaceOf on RequirementCoverage {
  inPlace {
    status contradicted
    assessment { status date reviewer control { prefLabel { value } } controlId controlGiven }
    by(first: 3) { totalCount nodes { provision { id prefLabel { value } } } }
  }
}"""


def heading() -> str:
    """The column's heading."""
    return say("実施", "In place")


def cell(snapshot: Snapshot, node: Mapping[str, Any]) -> str:
    """What is in place of a requirement, by what, and what its own assessment says."""
    found, assessment = node["inPlace"], node["inPlace"]["assessment"]
    lines = [] if found["status"] is None else [status(snapshot, found["status"])]
    if assessment is not None:
        told = word(snapshot, iris.ASSESSMENT_STATUS, assessment["status"])
        lines.append(escape(f"{told} ({assessment['date']} {assessment['reviewer']})"))
        lines += [_control(assessment)] if assessment["controlId"] is not None else []
    others = [one["provision"]["id"] for one in found["by"]["nodes"] if one["provision"]["id"] != node["requirement"]["id"]]
    lines += map(escape, others)
    more = found["by"]["totalCount"] - len(found["by"]["nodes"])
    if more:
        lines.append(say(f"ほか{more}件", f"{more} more"))
    if found["contradicted"]:
        lines.append(f"[red]{say('評価と対応付けが食い違う', 'assessment and mapping disagree')}[/]")
    return "\n".join(lines)


def _control(assessment: Mapping[str, Any]) -> str:
    control = assessment["control"]
    name = assessment["controlId"] if control is None else control["prefLabel"]["value"]
    return escape(name) if assessment["controlGiven"] else f"{escape(name)} [yellow]{say('(保有なし)', '(not owned)')}[/]"


def counts(snapshot: Snapshot, report: Mapping[str, Any]) -> str:
    """The counts of what is in place, with whose they are, and what refers to nothing."""
    assessed, counted = report["assessed"], report["inPlaceSummary"]
    whose = escape(" ".join(filter(None, (assessed["organisation"], assessed["scope"]))))
    parts = [f"{heading()} ({whose}): {summary(snapshot, counted)}"]
    others = (
        (counted["notApplicable"], say("適用外", "not applicable")),
        (counted["contradicted"], say("食い違い", "contradicted")),
        (assessed["unresolved"]["totalCount"], say("リリースにない条項の評価", "assessments of what the release no longer has")),
    )
    return " · ".join([*parts, *(f"{name} {count}" for count, name in others if count)])
