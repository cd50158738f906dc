"""What `serve` serves: the application as options and settings say, built anew in each process that serves."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kakehashi.cli import graph
from kakehashi.cli.access import access_of
from kakehashi.cli.app import repository_for
from kakehashi.cli.http_options import http_options
from kakehashi.cli.importing import building_beside, import_options
from kakehashi.cli.private_rows import private_rows
from kakehashi.cli.settings import Settings
from kakehashi.http import logs
from kakehashi.http.app import create_app
from kakehashi.http.offered import Offered, Operation
from kakehashi.http.running import Serve, leave, run
from kakehashi.http.stopping import Stopping
from kakehashi.http.watched import Watching
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.saved import NO_RELEASE
from kakehashi.store.port import Repository
from kakehashi.vocabulary.text import ErrorCode, KakehashiError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp


@dataclass(frozen=True, slots=True)
class Application:
    """What the options of `serve` say, in a shape that reaches a worker; the settings reach it by themselves."""

    home: Home
    host: str
    workers: int
    sparql: bool
    sparql_all: bool
    private: bool
    imports: bool = False
    mcp_hosts: tuple[str, ...] | None = None

    def __call__(self) -> "ASGIApp":
        """Build the application."""
        settings = Settings()
        logs.configure(settings.log, settings.log_level)
        offered = Offered(
            sparql=graph.sparql_options(turned_on=self.sparql, all_of_it=self.sparql_all),
            private=private_rows(self.home, self.host, turned_on=self.private),
            access=access_of(self.home, import_options(self.home, turned_on=self.imports)),
            mcp_hosts=self.mcp_hosts,
            limits=http_options(),
            operation=Operation(_watching(settings), Stopping(settings.drain_seconds), patient=self.workers > 1),
        )
        return create_app(self.home, repository_for(self.home), offered)


def serve(application: Application, port: int, listening: "Callable[[int], None]") -> None:
    """Serve until a signal says otherwise."""
    settings = Settings()
    require_release(application.home, repository_for(application.home))
    private_rows(application.home, application.host, turned_on=application.private)  # refuses before any worker is started
    logs.configure(settings.log, settings.log_level)
    metrics = None if settings.metrics_port is None else (settings.metrics_host, settings.metrics_port)
    how = Serve(
        host=application.host, port=port, workers=application.workers, drain_seconds=settings.drain_seconds,
        stop_seconds=settings.stop_seconds, proxies=settings.proxies, metrics=metrics,
    )  # fmt: skip
    with building_beside(application.home, import_options(application.home, turned_on=application.imports)):
        run(application, how, listening)
    leave()


def require_release(home: Home, repository: Repository) -> None:
    """An error where no release was ever made; a store that is away now may come back while this process waits for it."""
    try:
        current = repository.current()
    except KakehashiError as error:
        if error.code is ErrorCode.STORE_FAILED:
            return
        raise
    if current is None:
        raise KakehashiError(ErrorCode.NO_RELEASE, NO_RELEASE(home=home.root))


def _watching(settings: Settings) -> Watching:
    """Who is told of requests. What is turned off is not even imported."""
    metrics = traces = None
    if settings.metrics_port is not None:
        from kakehashi.http.metrics import Metrics  # noqa: PLC0415 - prometheus, 0.06 s

        metrics = Metrics()
    if settings.traces is not None:
        from kakehashi.http.traces import Traces  # noqa: PLC0415 - OpenTelemetry, 0.12 s

        traces = Traces(settings.traces, settings.traces_share)
    return Watching(logs.line_writer(settings.log, settings.log_level), metrics, traces)
