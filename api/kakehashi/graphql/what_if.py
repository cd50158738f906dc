"""What a question adds to what is given and takes away from it: what it asks for is checked here."""

from typing import Final

from kakehashi.crosswalk.given import Given, View
from kakehashi.crosswalk.what_if import WhatIf
from kakehashi.graphql.context import Context
from kakehashi.records.values import Authority
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

NAMED: Final = 20

CONTRADICTORY = Text(
    "addとremoveの両方に同じIDがあります: {ids}。どちらか一方だけにしてください。",
    "add and remove name the same: {ids}. Name each in one of them only.",
)
BROUGHT = Text(
    "removeで外すものが、保有する別のものに伴っています: {pairs}。もとの製品も外し、残すものをcontrolsで指定してください。",
    "What remove takes away is brought by something else that is had: {pairs}. Take that away too, and give as controls what "
    "is to stay.",
)
NOT_HAD = Text(
    "removeに、保有するものとして示されていないIDがあります: {ids}。",
    "remove names what is not given: {ids}.",
)


def changed(given: Given, change: WhatIf, context: Context) -> Given:
    """What is had after a change; an error where it contradicts itself, or takes away what is not had or not had by itself."""
    if change.contradictions:
        raise _refused(CONTRADICTORY(ids=_listed(change.contradictions)))
    # Whoever says that a product has a capability: whether a question is allowed must not depend on its view.
    anyone = View(frozenset(Authority), context.today)
    links = change.still_had(context.snapshot.index, given, anyone)
    if links:
        raise _refused(BROUGHT(pairs=_listed([f"{link.target} ← {link.source}" for link in links])))
    missing = change.missing(given)
    if missing:
        raise _refused(NOT_HAD(ids=_listed(missing)))
    return change.of(given)


def _refused(text: Text) -> KakehashiError:
    return KakehashiError(ErrorCode.BAD_USER_INPUT, text)


def _listed(ids: tuple[str, ...] | list[str]) -> str:
    return ", ".join(one[:160] for one in ids[:NAMED])
