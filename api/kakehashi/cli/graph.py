"""The commands on the graph as RDF: `sparql` asks it, `export-graph` writes it out."""

import gzip
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, Final, cast

import typer
from rich.markup import escape

from kakehashi.cli.app import HomeOption, LangOption, app, home_of, repository_for
from kakehashi.cli.language import LANGUAGE, say
from kakehashi.cli.settings import Settings
from kakehashi.cli.terminal import ERR, OUT, table
from kakehashi.exports.graph import exported
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.queryable import everything, make
from kakehashi.snapshot.saved import NO_RELEASE, load_current
from kakehashi.store.askers import Answer, Askers
from kakehashi.store.dumping import SUFFIXES, DumpFormat
from kakehashi.store.questions import GRAPHS, SOLUTIONS, Format, Limits, Question
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

if TYPE_CHECKING:
    from kakehashi.http.sparql import SparqlOptions

MOST_BYTES: Final = 2**30

UNREADABLE = Text("{file} を読めません: {problem}", "{file} cannot be read: {problem}")
UNWRITABLE = Text("{file} に書けません: {problem}", "{file} cannot be written: {problem}")
UNKNOWN_FORMAT = Text("formatは {known} のいずれかです。", "The format must be one of: {known}.")
PREPARING = Text("初めての問い合わせのため、リリース {id} を準備しています。", "Making release {id} ready for its first query.")
ALL_LEAVES = Text(
    "注意: 再配布を認めていない出典の内容も含みます。外部に渡さないでください。",
    "Mind: this holds what its publishers do not allow to be passed on. Keep it in the house.",
)
ALL_ANSWERS = Text(
    "注意: /sparqlは再配布を認めていない出典からも答えます。外部に公開しないでください。",
    "Mind: /sparql answers from what its publishers do not allow to be passed on. Keep it in the house.",
)
YES: Final = Text("はい", "yes")
NO: Final = Text("いいえ", "no")

TABLE: Final = "table"
FORMATS: Final = (TABLE, *(str(one) for one in Format))


@app.command(
    help=say("SPARQLの問い合わせに答えます。", "Answer a SPARQL query."),
    epilog=say(
        "例: kakehashi sparql 'SELECT ?kind (COUNT(*) AS ?n) { ?x kk:kind ?kind } GROUP BY ?kind'",
        "Example: kakehashi sparql 'SELECT ?kind (COUNT(*) AS ?n) { ?x kk:kind ?kind } GROUP BY ?kind'",
    ),
)
def sparql(
    query: Annotated[
        str,
        typer.Argument(help=say("問い合わせ、そのファイル、または-(標準入力)", "The query, its file, or - (standard input)")),
    ],
    format_: Annotated[
        str | None, typer.Option("--format", metavar="|".join(FORMATS), help=say("答えの形式", "What to write the answer in"))
    ] = None,
    time_limit: Annotated[float, typer.Option(min=0.1, help=say("時間の上限(秒)", "The time limit, in seconds"))] = 60.0,
    max_rows: Annotated[int, typer.Option(min=1, help=say("行の上限", "The most rows"))] = 100_000,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Ask the served release in SPARQL."""
    if format_ is not None and format_ not in FORMATS:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, UNKNOWN_FORMAT(known=", ".join(FORMATS)))
    limits = Limits(seconds=time_limit, rows=max_rows, bytes=MOST_BYTES)
    question = Question(query=_query(query), solutions=_solutions(format_), graph=_graph(format_), limits=limits)
    folder = _folder(home_of(home))
    with Askers(workers=1, waiting=0) as askers, askers.ask(folder, question) as answer:
        if answer.written_in in SOLUTIONS and format_ in (None, TABLE):
            _show(answer)
        else:
            _write(answer.pieces(), sys.stdout.buffer)


@app.command(
    "export-graph",
    help=say(
        "グラフを書き出します。再配布を認めていない内容は含みません。",
        "Write the graph out, less what its publishers do not allow to be passed on.",
    ),
    epilog=say("例: kakehashi export-graph nquads -o graph.nq.gz", "Example: kakehashi export-graph nquads -o graph.nq.gz"),
)
def export_graph(
    format_: Annotated[DumpFormat, typer.Argument(metavar="|".join(SUFFIXES), help=say("形式", "The format"))],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help=say("書き出し先(.gzなら圧縮)", "The file (.gz compresses it)"),
        ),
    ] = None,
    all_of_it: Annotated[
        bool, typer.Option("--everything", help=say("すべて書き出す(社内用)", "Write everything, for use in the house"))
    ] = False,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Write the graph of the served release."""
    place = home_of(home)
    repository = repository_for(place)
    snapshot = load_current(place, repository)
    if all_of_it:
        ERR.print(ALL_LEAVES.in_language(LANGUAGE), style="yellow")
    with _opened(output) as file:
        _write(exported(snapshot, repository, format_, everything=all_of_it), file)


def sparql_options(*, turned_on: bool, all_of_it: bool) -> "SparqlOptions | None":
    """How `serve` offers SPARQL: by its options, else by the environment; None where it does not."""
    from kakehashi.http.sparql import SparqlOptions  # noqa: PLC0415 - brings starlette, 0.14 s that only `serve` needs

    settings = Settings()
    all_of_it = all_of_it or settings.sparql_all
    if not (turned_on or settings.sparql or all_of_it):
        return None
    if all_of_it:
        ERR.print(ALL_ANSWERS.in_language(LANGUAGE), style="yellow")
    limits = Limits(seconds=settings.sparql_time_limit)
    return SparqlOptions(everything=all_of_it, workers=settings.sparql_workers, limits=limits)


def _query(argument: str) -> str:
    """What the argument stands for. No query is one word, so one word is a file."""
    file = Path(argument)
    try:
        if argument == "-":
            return sys.stdin.buffer.read().decode()
        if len(argument.split()) == 1 or (len(argument) < 256 and file.is_file()):
            return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, UNREADABLE(file=argument[:300], problem=error)) from error
    return argument


def _solutions(name: str | None) -> Format | None:
    if name is None or name == TABLE:
        return Format.JSON
    return Format(name) if name in SOLUTIONS else None


def _graph(name: str | None) -> Format | None:
    if name is None:
        return Format.TURTLE
    return Format(name) if name in GRAPHS else None


def _folder(home: Home) -> Path:
    """The folder in which the served release is asked, made now if it is not there."""
    repository = repository_for(home)
    current = repository.current()
    release = next((one for one in repository.releases() if one.id == current), None)
    if release is None:
        raise KakehashiError(ErrorCode.NO_RELEASE, NO_RELEASE(home=home.root))
    place = everything(home, release)
    if not place.folder.is_dir():
        ERR.print(PREPARING(id=release.id).in_language(LANGUAGE))
        make(place, repository, release)
    return place.folder


def _show(answer: Answer) -> None:
    """Rows as a table, a truth as a word."""
    found: dict[str, Any] = json.loads(b"".join(answer.pieces()))
    if "boolean" in found:
        OUT.print((YES if found["boolean"] else NO).in_language(LANGUAGE))
        return
    names = found["head"]["vars"]
    table(names, [[_cell(row.get(name)) for name in names] for row in found["results"]["bindings"]])


def _cell(term: dict[str, Any] | None) -> str:
    if term is None:
        return ""
    text = json.dumps(term["value"]) if term["type"] == "triple" else str(term["value"])
    return escape(f"{text}@{term['xml:lang']}" if "xml:lang" in term else text)


def _write(pieces: Iterable[bytes], file: IO[bytes]) -> None:
    for piece in pieces:
        file.write(piece)
    file.flush()


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[bytes]]:
    """The file to write to, which is there whole or not at all; compressed the same way at whatever time."""
    if output is None:
        yield sys.stdout.buffer
        return
    fresh = output.with_name(f"{output.name}.part")
    try:
        with fresh.open("wb") as file:
            if output.suffix == ".gz":
                with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
                    yield cast("IO[bytes]", packed)
            else:
                yield file
        fresh.replace(output)
    except OSError as error:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, UNWRITABLE(file=output, problem=error)) from error
    finally:
        fresh.unlink(missing_ok=True)
