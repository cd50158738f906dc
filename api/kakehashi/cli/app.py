"""The command line's frame: the application, the options that commands share, and what they stand for."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from kakehashi.cli.language import say
from kakehashi.cli.settings import Settings
from kakehashi.cli.usage import Group
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.repository import private_repository_of, repository_of
from kakehashi.store.port import Repository
from kakehashi.store.remote.endpoint import Endpoint, endpoint

if TYPE_CHECKING:
    from kakehashi.pipeline.making import Maker

app: Final = typer.Typer(
    cls=Group,
    options_metavar=say("[オプション]", "[OPTIONS]"),
    subcommand_metavar=say("コマンド [引数]...", "COMMAND [ARGS]..."),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help=say(
        "架け橋: 要求事項を満たす管理策と、残る不足を、根拠とともに示します。",
        "Kakehashi says which controls satisfy which requirement and where gaps remain, and proves it.",
    ),
    epilog=say("例: kakehashi build && kakehashi serve", "Example: kakehashi build && kakehashi serve"),
)


@app.callback()
def language(
    lang: Annotated[
        str | None, typer.Option("--lang", help=say("表示言語: jaかen(既定はロケール)", "Language: ja or en (else by locale)"))
    ] = None,
) -> None:
    """Take `--lang` before the command too; `cli.language` has read it already."""


HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help=say(
            "リリースを置くフォルダ (既定は KAKEHASHI_HOME、なければ .kakehashi)",
            "The folder of releases (KAKEHASHI_HOME, else .kakehashi)",
        ),
    ),
]
LangOption = Annotated[
    str | None,
    typer.Option("--lang", help=say("表示言語: jaかen(既定はロケール)", "Language: ja or en (else by locale)")),
]
BuildInputs = Annotated[
    list[Path] | None,
    typer.Argument(help=say("追加するカタログのフォルダやSSSOMのファイル", "Further catalogue folders or SSSOM files")),
]
NoDefaultOption = Annotated[bool, typer.Option("--no-default", help=say("同梱のデータを含めない", "Leave out the packaged data"))]
JsonOption = Annotated[bool, typer.Option("--json", help=say("JSONで出力", "Print JSON"))]


def home_of(option: Path | None) -> Home:
    """The home that an option, else the environment, names."""
    return Home(option or Settings().home)


def repository_for(home: Home) -> Repository:
    """Where the releases of a home lie: below it, or on the server that KAKEHASHI_STORE names."""
    server = _server()
    return repository_of(home) if server is None else repository_of(home, server, Settings().base)


def private_repository_for(home: Home) -> Repository:
    """Where the private releases beside those of a home lie."""
    server = _server()
    return private_repository_of(home) if server is None else private_repository_of(home, server, Settings().base)


def _server() -> Endpoint | None:
    settings = Settings()
    if not settings.store:
        return None
    password = None if settings.store_password is None else settings.store_password.get_secret_value()
    return endpoint(
        settings.store, update=settings.store_update, graphs=settings.store_graphs, user=settings.store_user, password=password
    )


def maker_of(option: Path | None) -> "Maker":
    """A maker of releases in that home."""
    from kakehashi.pipeline.making import Maker  # noqa: PLC0415 - brings the store and the readers, 0.2 s of a start

    home = home_of(option)
    return Maker.of(home, repository_for(home), Settings().base, private_repository_for(home))


def inputs_of(extra: Sequence[Path] | None, no_default: bool) -> list[Any]:
    """What a build reads: the packaged data, unless it is left out, and what was named."""
    from kakehashi.pipeline.inputs import packaged  # noqa: PLC0415 - of the pipeline, as above

    return [*(() if no_default else packaged()), *(extra or ())]
