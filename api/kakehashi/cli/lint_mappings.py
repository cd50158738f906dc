"""`kakehashi lint-mappings`: the quality gates over the mappings of the served release, with an exit code for CI."""

from enum import StrEnum
from typing import Annotated, Final

import typer

from kakehashi.cli import findings_report
from kakehashi.cli.app import HomeOption, JsonOption, LangOption, app, home_of, repository_for
from kakehashi.cli.had import AuthorityOption
from kakehashi.cli.language import say
from kakehashi.crosswalk.findings.kinds import FindingKind, FindingSeverity
from kakehashi.records.values import Authority
from kakehashi.snapshot.findings import Wanted, inspection, selected
from kakehashi.snapshot.saved import load_current

FINDINGS_CODE: Final = 3
"""Not 1 or 2, which say that the command itself could not do its work."""


class FailOn(StrEnum):
    """The least grave finding that makes the command fail."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"
    NEVER = "never"


SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="ID", help=say("この対応付け集に関わる指摘だけ", "Only findings that concern this mapping set")
    ),
]
KindOption = Annotated[
    list[FindingKind] | None, typer.Option("--kind", metavar="KIND", help=say("この種類の指摘だけ", "Only findings of this kind"))
]
SeverityOption = Annotated[
    FindingSeverity, typer.Option("--severity", help=say("示す指摘の深刻度の下限", "The least grave findings that are shown"))
]
FailOnOption = Annotated[
    FailOn,
    typer.Option(
        "--fail-on", help=say("これ以上に深刻な指摘があれば終了コード3", "Exit with 3 where a finding is as grave as this")
    ),
]
MaxHopsOption = Annotated[
    int, typer.Option("--max-hops", min=1, max=4, help=say("矛盾を探す連鎖の長さ", "The longest chain in a contradiction"))
]
AllOption = Annotated[
    bool, typer.Option("--all", help=say("種類ごとに省略せず、すべて示す", "Show all, not only the first of each kind"))
]


@app.command(
    "lint-mappings",
    help=say("対応付けの品質を検査します。", "Check the quality of the mappings."),
    epilog=say(
        "例: kakehashi lint-mappings --set mapping-set/my-set --fail-on warning",
        "Example: kakehashi lint-mappings --set mapping-set/my-set --fail-on warning",
    ),
)
def lint_mappings(
    sets: SetOption = None,
    kinds: KindOption = None,
    severity: SeverityOption = FindingSeverity.NOTICE,
    fail_on: FailOnOption = FailOn.ERROR,
    min_authority: AuthorityOption = Authority.VENDOR,
    max_hops: MaxHopsOption = 3,
    everything: AllOption = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Check the mappings; exit code 3 where a finding is as grave as `--fail-on`, shown or not."""
    place = home_of(home)
    snapshot = load_current(place, repository_for(place))
    inspected = inspection(snapshot, max_hops)
    believed = frozenset(one for one in Authority if one.rank <= min_authority.rank)
    found = selected(snapshot, inspected, Wanted(sets=sets or None, kinds=kinds or None, authorities=believed))
    shown = [one for one in found if one.severity.rank <= severity.rank]
    if as_json:
        findings_report.show_json(snapshot, inspected, shown)
    else:
        findings_report.show(inspected, shown, everything=everything)
    fails = fail_on is not FailOn.NEVER and any(one.severity.rank <= FindingSeverity(fail_on).rank for one in found)
    raise typer.Exit(FINDINGS_CODE if fails else 0)
