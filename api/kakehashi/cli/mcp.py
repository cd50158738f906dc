"""`kakehashi mcp`: the tools for assistants, by stdio or HTTP."""

from typing import Annotated

import typer

from kakehashi.cli.app import HomeOption, LangOption, app, home_of, repository_for
from kakehashi.cli.language import LANGUAGE, say
from kakehashi.cli.private_rows import owned
from kakehashi.cli.settings import Settings
from kakehashi.cli.terminal import ERR
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.private import NOTHING
from kakehashi.snapshot.saved import NO_RELEASE
from kakehashi.store.port import Repository
from kakehashi.vocabulary.text import ErrorCode, KakehashiError


@app.command(
    help=say(
        "AIアシスタントに、検索・カバレッジなどの読み取り専用ツールを提供します(MCP)。",
        "Give assistants read-only tools for search, coverage and more (MCP).",
    ),
    epilog=say("例: kakehashi mcp --http --port 8001", "Example: kakehashi mcp --http --port 8001"),
)
def mcp(
    http: Annotated[
        bool,
        typer.Option(
            "--http",
            help=say(
                "標準入出力ではなくHTTPで答える(/mcpのほか、APIも提供する)",
                "Answer by HTTP instead of standard input: the whole API, with the tools at /mcp",
            ),
        ),
    ] = False,
    host: Annotated[str, typer.Option(help=say("--httpの待ち受けアドレス", "With --http, the address"))] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help=say("--httpの待ち受けポート", "With --http, the port"))] = 8001,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-host",
            help=say(
                "この端末のほかに、宛先(Host)として認める名前(繰り返し可、KAKEHASHI_MCP_HOSTS)",
                "A name beside this machine's that requests may be addressed to; repeatable (KAKEHASHI_MCP_HOSTS)",
            ),
        ),
    ] = None,
    private: Annotated[
        bool, typer.Option("--private", help=say("非公開の評価にも答える", "Answer from private assessments too"))
    ] = False,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Answer assistants."""
    place = home_of(home)
    repository = repository_for(place)
    if repository.current() is None:
        raise KakehashiError(ErrorCode.NO_RELEASE, NO_RELEASE(home=place.root))
    if http:
        _serve(place, repository, host, port, (*Settings().mcp_hosts, *(allow_host or ())), private=private)
    else:
        _answer(place, repository, private=private)


def hosts_of_settings() -> tuple[str, ...] | None:
    """The hosts for what `serve` mounts; None where it is to mount nothing."""
    settings = Settings()
    return settings.mcp_hosts if settings.mcp else None


def _answer(place: Home, repository: Repository, *, private: bool) -> None:
    from kakehashi.mcp.asking import Asking  # noqa: PLC0415 - 0.3 s that other commands need not wait
    from kakehashi.mcp.server import run_stdio  # noqa: PLC0415

    run_stdio(Asking.owned(place, repository, owned(place) if private else NOTHING, LANGUAGE))


def _serve(place: Home, repository: Repository, host: str, port: int, hosts: tuple[str, ...], *, private: bool) -> None:
    from kakehashi.cli import serving  # noqa: PLC0415 - only this serves

    application = serving.Application(
        home=place, host=host, workers=1, sparql=False, sparql_all=False, private=private, mcp_hosts=hosts
    )  # fmt: skip
    serving.serve(application, port, lambda found: ERR.print(f"http://{host}:{found}/mcp", highlight=False))
