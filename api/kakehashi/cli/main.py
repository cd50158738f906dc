"""The commands; each is a few lines, and imports what it needs when it runs, so that a server starts fast."""

import sys
from typing import Annotated

import typer

from kakehashi.cli import gaps, graph, importing, keys, lint_mappings, loading, mcp, operating, threats, usage
from kakehashi.cli.app import (
    BuildInputs,
    HomeOption,
    JsonOption,
    LangOption,
    NoDefaultOption,
    app,
    home_of,
    inputs_of,
    maker_of,
)
from kakehashi.cli.had import (
    AsOfOption,
    AuthorityOption,
    CertificateOption,
    ControlOption,
    EditionArgument,
    EverythingOption,
    MaxHopsOption,
    OrganisationOption,
    PlanOption,
    ProductOption,
    ScopeOption,
    assessed_by,
    given_by,
    variables_of,
)
from kakehashi.cli.language import say
from kakehashi.cli.settings import Settings
from kakehashi.cli.terminal import OUT, failure, progress
from kakehashi.records.values import Authority
from kakehashi.vocabulary.text import KakehashiError

__all__ = ["gaps", "graph", "importing", "keys", "lint_mappings", "loading", "main", "mcp", "operating", "threats"]


@app.command(
    help=say("リリースを作り、配信対象にします。", "Build a release and make it the served one."),
    epilog=say("例: kakehashi build ./my-catalogue", "Example: kakehashi build ./my-catalogue"),
)
def build(
    inputs: BuildInputs = None, no_default: NoDefaultOption = False, home: HomeOption = None, lang: LangOption = None
) -> None:
    """Build a release."""
    from kakehashi.pipeline.build import STEPS  # noqa: PLC0415 - parsing RDF is no part of serving
    from kakehashi.pipeline.build import build as run  # noqa: PLC0415

    with progress(len(STEPS)) as begin:
        built = run(maker_of(home), inputs_of(inputs, no_default), begin)
    counts = built.counts
    verb = say("作成しました", "built") if built.fresh else say("既にあります", "is there already")
    OUT.print(
        say(
            f"リリース {built.release.id} を{verb}。項目 {counts['resource']}件、記述 {counts['statement']}件。",
            f"Release {built.release.id} {verb}: {counts['resource']} resources, {counts['statement']} statements.",
        )
    )


@app.command(
    help=say("GraphQL APIを配信します。", "Serve the GraphQL API."),
    epilog=say("例: kakehashi serve --port 8080", "Example: kakehashi serve --port 8080"),
)
def serve(
    host: Annotated[
        str | None, typer.Option(help=say("待ち受けるアドレス(KAKEHASHI_HOST)", "The address to listen on (KAKEHASHI_HOST)"))
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help=say("待ち受けるポート(KAKEHASHI_PORT)", "The port to listen on (KAKEHASHI_PORT)")),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1, max=64, help=say("配信するプロセスの数(KAKEHASHI_WORKERS)", "How many processes serve (KAKEHASHI_WORKERS)")
        ),
    ] = None,
    sparql: Annotated[
        bool, typer.Option("--sparql", help=say("/sparqlも配信する(KAKEHASHI_SPARQL)", "Serve /sparql too (KAKEHASHI_SPARQL)"))
    ] = False,
    sparql_all: Annotated[
        bool,
        typer.Option(
            "--sparql-all",
            help=say(
                "再配布を認めていない出典も/sparqlで答える(KAKEHASHI_SPARQL_ALL、社内用)",
                "Let /sparql answer from all sources, for use in the house (KAKEHASHI_SPARQL_ALL)",
            ),
        ),
    ] = False,
    private: Annotated[
        bool,
        typer.Option(
            "--private",
            help=say(
                "非公開の評価も答える(KAKEHASHI_SERVE_PRIVATE、この端末からの利用に限る)",
                "Answer from private assessments too, to this machine alone (KAKEHASHI_SERVE_PRIVATE)",
            ),
        ),
    ] = False,
    imports: Annotated[
        bool,
        typer.Option(
            "--imports",
            help=say(
                "取り込み(POST /imports)を受け付け、作成する(KAKEHASHI_IMPORTS)",
                "Take imports (POST /imports) and build them (KAKEHASHI_IMPORTS)",
            ),
        ),
    ] = False,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Serve the current release."""
    from kakehashi.cli import serving  # noqa: PLC0415 - only this command serves

    settings = Settings()
    address = host or settings.host
    application = serving.Application(
        home=home_of(home),
        host=address,
        workers=workers or settings.workers,
        sparql=sparql,
        sparql_all=sparql_all,
        private=private,
        imports=imports,
        mcp_hosts=mcp.hosts_of_settings(),
    )
    listening = port if port is not None else settings.port
    serving.serve(application, listening, lambda found: OUT.print(f"http://{address}:{found}/graphql", highlight=False))


@app.command(
    help=say("GraphQLの問い合わせに答えます。", "Answer a GraphQL query."),
    epilog=say("例: echo '{ release { id } }' | kakehashi query -", "Example: echo '{ release { id } }' | kakehashi query -"),
)
def query(
    file: Annotated[str, typer.Argument(help=say("問い合わせのファイル(-は標準入力)", "The query's file; - for standard input"))],
    variables: Annotated[str | None, typer.Option(help=say("変数(JSON)", "Variables, as JSON"))] = None,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Answer a GraphQL query."""
    from kakehashi.cli import asking  # noqa: PLC0415

    raise typer.Exit(asking.query(home_of(home), file, variables))


@app.command(
    help=say("版がどこまで満たされ、何が不足しているかを示します。", "Show how far an edition is met, and what is left."),
    epilog=say(
        "例: kakehashi coverage leaflet-legal-considerations/2020-01 --product office-365",
        "Example: kakehashi coverage leaflet-legal-considerations/2020-01 --product office-365",
    ),
)
def coverage(
    edition: EditionArgument,
    product: ProductOption = None,
    plan: PlanOption = None,
    control: ControlOption = None,
    certificate: CertificateOption = None,
    everything: EverythingOption = False,
    min_authority: AuthorityOption = Authority.VENDOR,
    as_of: AsOfOption = None,
    max_hops: MaxHopsOption = 1,
    organisation: OrganisationOption = None,
    scope: ScopeOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Show the coverage of an edition."""
    from kakehashi.cli import asking  # noqa: PLC0415

    given = given_by(product, control, certificate, everything=everything, plans=plan)
    variables = variables_of(edition, given, min_authority, as_of, max_hops)
    variables |= {"assessed": assessed_by(organisation, scope)}
    raise typer.Exit(asking.coverage(home_of(home), variables, as_json=as_json))


@app.command(
    help=say("一つの項目とその記述を示します。", "Show a resource with what is stated of it."),
    epilog=say("例: kakehashi show cs-gold-mark", "Example: kakehashi show cs-gold-mark"),
)
def show(
    identifier: Annotated[str, typer.Argument(metavar="ID", help=say("項目のID", "The resource's id"))],
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Show a resource."""
    from kakehashi.cli import asking  # noqa: PLC0415

    raise typer.Exit(asking.show(home_of(home), identifier))


@app.command(
    help=say("オントロジーとデータを検査します。", "Check the ontology and the data."),
    epilog=say("例: kakehashi check --reason", "Example: kakehashi check --reason"),
)
def check(
    inputs: BuildInputs = None,
    no_default: NoDefaultOption = False,
    reason: Annotated[
        bool,
        typer.Option("--reason", help=say("推論器(HermiT、Javaが必要)も用いる", "Use the reasoner too (HermiT; needs Java)")),
    ] = False,
    lang: LangOption = None,
) -> None:
    """Check ontology and data."""
    from kakehashi.cli import checking  # noqa: PLC0415

    raise typer.Exit(min(checking.check(maker_of(None), inputs_of(inputs, no_default), reason=reason), 1))


usage.arrange(app)


def main() -> None:
    """Run the command line; a failure that a user can mend is said without a traceback."""
    try:
        app()
    except KakehashiError as error:
        failure(error)
        sys.exit(1)
