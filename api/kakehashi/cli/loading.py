"""The commands that change what is served: `load`, `unload`, `rollback`; and those that say what is there."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from kakehashi.cli.app import HomeOption, JsonOption, LangOption, app, home_of, maker_of, private_repository_for, repository_for
from kakehashi.cli.language import LANGUAGE, say
from kakehashi.cli.private_rows import owned
from kakehashi.cli.terminal import OUT, counting, table
from kakehashi.snapshot.saved import VOCABULARY, load
from kakehashi.store.port import Release
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

if TYPE_CHECKING:
    from kakehashi.snapshot.model import Snapshot

NO_SUCH_RELEASE = Text("リリース「{id}」はありません。", "There is no release '{id}'.")

ThingsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar=say("ファイル|フォルダ|URL|ID", "FILE|FOLDER|URL|ID"),
        help=say(
            "読み込むもの。IDは「kakehashi sources」の一覧から", "What to load; an ID is one that 'kakehashi sources' lists"
        ),
    ),
]
DetailsOption = Annotated[
    bool,
    typer.Option("--details", help=say("除いたものとその理由も示す", "Show what was left out and why")),
]
AllowPrivateOption = Annotated[
    bool,
    typer.Option(
        "--allow-private",
        help=say("社内など私的なアドレスからの取得を許す", "Allow fetching from private addresses"),
    ),
]

PrivateOption = Annotated[
    bool,
    typer.Option("--private", help=say("非公開のリリース(評価)について", "Of the private releases, which hold the assessments")),
]


@app.command(
    "load",
    help=say("公表されたファイルを読み込み、配信対象に加えます。", "Load published files and add them to what is served."),
    epilog=say("例: kakehashi load ./mappings nist-800-53-rev5", "Example: kakehashi load ./mappings nist-800-53-rev5"),
)
def load_command(
    things: ThingsArgument,
    allow_private: AllowPrivateOption = False,
    details: DetailsOption = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Load files; exit code 2 where some were refused, 1 where nothing could be loaded."""
    from kakehashi.cli import load_report  # noqa: PLC0415 - the pipeline costs 0.2 s, and `serve` starts without it
    from kakehashi.pipeline.asked import fetched  # noqa: PLC0415
    from kakehashi.pipeline.load import load as run  # noqa: PLC0415

    maker = maker_of(home)
    with counting() as told:
        inputs = fetched(things, maker.home.cache, allow_private=allow_private, report=told.step)
        report = run(maker, inputs, told.file)
    if as_json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(report)).decode() + "\n")
    else:
        load_report.show(report, details=details)
    raise typer.Exit(load_report.exit_code(report))


@app.command(
    help=say("出典をまるごと取り除きます。", "Take whole sources out."),
    epilog=say(
        "例: kakehashi unload source/ciso-assistant/nist-csf-2.0/6",
        "Example: kakehashi unload source/ciso-assistant/nist-csf-2.0/6",
    ),
)
def unload(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE", help=say("出典のID", "Ids of sources"))],
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Take sources out."""
    from kakehashi.pipeline.load import unload as run  # noqa: PLC0415 - see `load`

    left = run(maker_of(home), sources)
    if left.public is not None:
        _serving(left.public)
    if left.private is not None:
        _serving_private(left.private)


@app.command(
    help=say("前のリリース、または指定したリリースに戻します。", "Go back to the former release, or to a named one."),
    epilog=say("例: kakehashi rollback", "Example: kakehashi rollback"),
)
def rollback(
    release: Annotated[str | None, typer.Argument(help=say("リリースのID", "The id of a release"))] = None,
    private: PrivateOption = False,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Go back."""
    from kakehashi.pipeline.load import rollback as run  # noqa: PLC0415 - see `load`

    maker = maker_of(home)
    if private and maker.private is not None:
        _serving_private(run(maker.private, release))
    else:
        _serving(run(maker, release))


@app.command(
    help=say("リリースの一覧を示します。", "List the releases."),
    epilog=say("例: kakehashi releases --prune 3", "Example: kakehashi releases --prune 3"),
)
def releases(
    prune: Annotated[
        int | None,
        typer.Option(
            min=1,
            help=say(
                "配信中のものと新しいものをこの数だけ残して消す", "Keep this many, the served and the newest ones, and no others"
            ),
        ),
    ] = None,
    private: PrivateOption = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """List, and on request prune."""
    place = home_of(home)
    repository = private_repository_for(place) if private else repository_for(place)
    if prune is not None:
        from kakehashi.pipeline.load import prune as run  # noqa: PLC0415 - see `load`

        maker = maker_of(home)
        gone = run(maker.private if private and maker.private is not None else maker, prune)
        OUT.print(say(f"グラフ{gone}件を消しました。", f"Graphs removed: {gone}."))
    found, current = repository.releases(), repository.current()
    if as_json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
        return
    headings = (
        "",
        "ID",
        say("作成", "Built"),
        say("出典", "Sources"),
        say("トリプル", "Triples"),
        say("元のリリース", "Made from"),
    )
    table(headings, [_release_row(release, current) for release in found])


@app.command(
    help=say("二つのリリースの違いを示します。", "Show what changed between two releases."),
    epilog=say(
        "例: kakehashi diff 0123456789abcdef fedcba9876543210", "Example: kakehashi diff 0123456789abcdef fedcba9876543210"
    ),
)
def diff(
    before: Annotated[str, typer.Argument(metavar="A", help=say("前のリリース", "The release before"))],
    after: Annotated[str, typer.Argument(metavar="B", help=say("後のリリース", "The release after"))],
    as_json: JsonOption = False,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Compare two releases."""
    from kakehashi.cli import diff_report  # noqa: PLC0415 - see `load`
    from kakehashi.snapshot.diff import diff as compare  # noqa: PLC0415

    found = compare(_snapshot(home, before), _snapshot(home, after))
    if as_json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(found)).decode() + "\n")
    else:
        diff_report.show(found)


@app.command(
    help=say(
        "取得できる公開ソースと、読み込まれている出典を示します。", "List the public sources that are known, and what is loaded."
    ),
    epilog=say("例: kakehashi sources --loaded", "Example: kakehashi sources --loaded"),
)
def sources(
    loaded: Annotated[bool, typer.Option("--loaded", help=say("読み込まれている出典だけ", "Only what is loaded"))] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """List sources."""
    from kakehashi.cli import source_lists  # noqa: PLC0415 - see `load`

    place = home_of(home)
    source_lists.show(place, repository_for(place), owned(place), loaded=loaded, as_json=as_json)


@app.command(
    help=say("読み込める形式の一覧を示します。", "List the formats that can be read."),
    epilog=say("例: kakehashi formats", "Example: kakehashi formats"),
)
def formats(lang: LangOption = None) -> None:
    """List formats."""
    from kakehashi.pipeline.formats import FORMATS  # noqa: PLC0415 - see `load`

    table((say("名前", "Name"), say("形式", "Format")), [(one.name, one.title.in_language(LANGUAGE)) for one in FORMATS])


def _serving(release: Release) -> None:
    count = _sources_in(release)
    OUT.print(say(f"リリース {release.id}(出典{count}件)を配信します。", f"Serving release {release.id} ({count} sources)."))


def _serving_private(release: Release) -> None:
    count = _sources_in(release)
    text = f"The private release is {release.id} ({count} sources)."
    OUT.print(say(f"非公開のリリースは {release.id}(出典{count}件)です。", text))


def _sources_in(release: Release) -> int:
    return sum(graph.source != VOCABULARY for graph in release.graphs)


def _release_row(release: Release, current: str | None) -> tuple[str, ...]:
    built, count = release.built_at.strftime("%Y-%m-%d %H:%M:%S UTC"), _sources_in(release)
    triples = sum(graph.triples for graph in release.graphs)
    return ("●" if release.id == current else "", release.id, built, str(count), f"{triples:,}", release.former or "-")


def _snapshot(home: Path | None, release_id: str) -> "Snapshot":
    place = home_of(home)
    repository = repository_for(place)
    found: dict[str, Any] = {release.id: release for release in repository.releases()}
    if release_id not in found:
        raise KakehashiError(ErrorCode.NOT_FOUND, NO_SUCH_RELEASE(id=release_id[:80]))
    return load(place, repository, found[release_id])
