"""`kakehashi gaps` and `kakehashi close-gaps`: what is left of an edition, and which additions close most of it."""

from typing import Annotated, Final

import typer

from kakehashi.cli.app import HomeOption, JsonOption, LangOption, app, home_of
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
from kakehashi.crosswalk.gaps import GapType
from kakehashi.records.values import Authority
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

NOT_A_COST: Final = Text(
    "--costは「ID=費用」の形で、費用は整数でなければなりません: {cost}",
    "--cost must be ID=COST, with a whole number as the cost: {cost}",
)

TypeOption = Annotated[
    list[GapType] | None,
    typer.Option(
        "--type", metavar="TYPE", help=say("主な理由がこの種類のものだけ", "Only gaps of which this is the primary type")
    ),
]
BudgetOption = Annotated[
    int,
    typer.Option(
        help=say("追加してよい数。--costがあれば費用の合計の上限", "How many additions; with --cost, what they may cost together")
    ),
]
CostOption = Annotated[
    list[str] | None,
    typer.Option(
        "--cost",
        metavar="ID=COST",
        help=say("追加の費用。指定すると、費用のあるものだけが候補", "A cost; where given, only what has one is a candidate"),
    ),
]


@app.command(
    help=say("満たされていない要求事項と、その理由を示します。", "Show what of an edition is not met, and why."),
    epilog=say(
        "例: kakehashi gaps leaflet-legal-considerations/2020-01 --product office-365",
        "Example: kakehashi gaps leaflet-legal-considerations/2020-01 --product office-365",
    ),
)
def gaps(
    edition: EditionArgument,
    types: TypeOption = None,
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
    """Show the gaps of an edition."""
    from kakehashi.cli import gap_reports  # noqa: PLC0415 - brings the schema, 0.3 s that `load` or `--help` need not wait for

    given = given_by(product, control, certificate, everything=everything, plans=plan)
    variables = variables_of(edition, given, min_authority, as_of, max_hops)
    variables |= {"assessed": assessed_by(organisation, scope)}
    gap_reports.gaps(home_of(home), variables, types or list(GapType), as_json=as_json)


@app.command(
    "close-gaps",
    help=say("どれを追加すれば不足が最も減るかを示します。", "Show which additions close most gaps."),
    epilog=say(
        "例: kakehashi close-gaps leaflet-legal-considerations/2020-01 --budget 2",
        "Example: kakehashi close-gaps leaflet-legal-considerations/2020-01 --budget 2",
    ),
)
def close_gaps(
    edition: EditionArgument,
    budget: BudgetOption = 5,
    cost: CostOption = None,
    product: ProductOption = None,
    plan: PlanOption = None,
    control: ControlOption = None,
    certificate: CertificateOption = None,
    everything: EverythingOption = False,
    min_authority: AuthorityOption = Authority.VENDOR,
    as_of: AsOfOption = None,
    max_hops: MaxHopsOption = 1,
    as_json: JsonOption = False,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Show what closes most gaps."""
    from kakehashi.cli import gap_reports  # noqa: PLC0415 - 0.3 s of the schema, as for `gaps`

    given = given_by(product, control, certificate, everything=everything, plans=plan)
    variables = variables_of(edition, given, min_authority, as_of, max_hops)
    variables |= {"budget": budget, "costs": None if not cost else [_cost(one) for one in cost]}
    gap_reports.close_gaps(home_of(home), variables, as_json=as_json)


def _cost(option: str) -> dict[str, object]:
    identifier, _, cost = option.rpartition("=")
    try:
        return {"id": identifier, "cost": int(cost)}
    except ValueError as error:
        raise KakehashiError(ErrorCode.BAD_USER_INPUT, NOT_A_COST(cost=option)) from error
