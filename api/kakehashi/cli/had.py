"""The options by which commands are told what someone has and in which view to answer, and what they stand for."""

from datetime import datetime
from typing import Annotated, Any, Final

import typer

from kakehashi.cli.language import say
from kakehashi.records.values import Authority
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

MAX_HOPS: Final = 4
"""Longer chains than this are not followed."""

EditionArgument = Annotated[str, typer.Argument(help=say("版のID", "The edition's id"))]
ProductOption = Annotated[list[str] | None, typer.Option(help=say("保有する製品", "A product that is owned"))]
PlanOption = Annotated[list[str] | None, typer.Option(help=say("保有するライセンスプラン", "A licence plan that is owned"))]
ControlOption = Annotated[list[str] | None, typer.Option(help=say("備えている働き・契約条件", "A capability or term in place"))]
CertificateOption = Annotated[
    list[str] | None, typer.Option(help=say("保有する認証の制度", "A scheme that a certificate is held of"))
]
EverythingOption = Annotated[
    bool, typer.Option("--everything", help=say("知られているすべてを保有するとみなす", "Take everything known as given"))
]
AuthorityOption = Annotated[Authority, typer.Option(help=say("認める根拠の下限", "The weakest authority that counts"))]
AsOfOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help=say("基準日", "The day to judge at"))]
MaxHopsOption = Annotated[
    int, typer.Option("--max-hops", min=1, max=MAX_HOPS, help=say("連鎖の長さの上限", "The longest chain of statements"))
]
OrganisationOption = Annotated[
    str | None,
    typer.Option(
        help=say("この組織の評価から、何が実施済みかも示す", "Show what assessments of this organisation find in place")
    ),
]
ScopeOption = Annotated[
    str | None, typer.Option(help=say("組織のうち評価の範囲", "The scope of the organisation that its assessments are about"))
]

SCOPE_OF_NOTHING = Text("--scopeには--organisationも指定してください。", "--scope needs --organisation.")


def assessed_by(organisation: str | None, scope: str | None) -> dict[str, str | None] | None:
    """The options as GraphQL's `assessed`."""
    if organisation is None:
        if scope is not None:
            raise KakehashiError(ErrorCode.BAD_USER_INPUT, SCOPE_OF_NOTHING)
        return None
    return {"organisation": organisation, "scope": scope}


def given_by(
    products: list[str] | None,
    controls: list[str] | None,
    certificates: list[str] | None,
    *,
    everything: bool,
    plans: list[str] | None = None,
) -> dict[str, Any]:
    """The options as GraphQL's `given`."""
    return {
        "products": products or [], "plans": plans or [], "controls": controls or [], "everything": everything,
        "certificates": [{"scheme": scheme} for scheme in certificates or []],
    }  # fmt: skip


def variables_of(
    edition: str, given: dict[str, Any], authority: Authority, as_of: datetime | None, max_hops: int
) -> dict[str, Any]:
    """The variables of a question about an edition."""
    view = {"minAuthority": authority.name, "asOf": as_of.date().isoformat() if as_of else None}
    return {"edition": edition, "given": given, "view": view, "maxHops": max_hops}
