"""`kakehashi threats`: what is given against threats, and what stays open."""

from pathlib import Path
from typing import Annotated

import typer

from kakehashi.cli.app import HomeOption, JsonOption, LangOption, app, home_of
from kakehashi.cli.had import AsOfOption, AuthorityOption, EverythingOption, given_by
from kakehashi.cli.language import say
from kakehashi.records.values import Authority


@app.command(
    help=say(
        "脅威(ATT&CKの手法など)への備えと、備えのない脅威を示します。",
        "Show what is given against threats such as ATT&CK techniques, and which stay open.",
    ),
    epilog=say(
        "例: kakehashi threats --everything --open --tactic mitre-attack/16.1/TA0001",
        "Example: kakehashi threats --everything --open --tactic mitre-attack/16.1/TA0001",
    ),
)
def threats(
    given: Annotated[
        list[str] | None,
        typer.Option(
            "--given",
            "--product",
            help=say("保有する製品や働き(繰り返し可)", "A product or capability that is had; repeatable"),
        ),
    ] = None,
    everything: EverythingOption = False,
    edition: Annotated[
        str | None,
        typer.Option(help=say("脅威の一覧の版(ATT&CKの版など)", "The edition that lists the threats, such as of ATT&CK")),
    ] = None,
    tactic: Annotated[str | None, typer.Option(help=say("戦術のID", "The id of a tactic"))] = None,
    source: Annotated[
        str | None, typer.Option(help=say("脅威を挙げている出典のID", "The id of a source that lists the threats"))
    ] = None,
    only_open: Annotated[bool, typer.Option("--open", help=say("備えのない脅威だけを示す", "Show open threats only"))] = False,
    navigator: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=say("ATT&CK Navigatorのレイヤーを書き出す", "Write an ATT&CK Navigator layer")),
    ] = None,
    min_authority: AuthorityOption = Authority.VENDOR,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Show what is given against threats."""
    from kakehashi.cli import threat_report  # noqa: PLC0415 - brings the schema, 0.3 s that `load` or `--help` need not wait

    had = given_by([], given, [], everything=everything)
    view = {"minAuthority": min_authority.name, "asOf": as_of.date().isoformat() if as_of else None}
    variables = {
        "given": had, "view": view, "edition": edition, "tactic": tactic, "source": source, "open": True if only_open else None,
    }  # fmt: skip
    threat_report.answer(home_of(home), variables, navigator=navigator, as_json=as_json)
