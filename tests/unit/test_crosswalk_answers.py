"""What answers about pairs say of themselves, and what they do not work out unless somebody asks."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kakehashi.crosswalk import pairs
from kakehashi.crosswalk.chains import Chain
from kakehashi.crosswalk.network import Network
from kakehashi.graphql.context import Context
from kakehashi.graphql.execution import Request, execute
from kakehashi.graphql.schema import build_schema
from tests.unit.test_migration import SNAPSHOT

SCHEMA = build_schema()
PAIR = '(source: "old/1/a", target: "new/2/a")'
EDITIONS = '(source: "old/1", target: "new/2")'
VIEW = "view { asOf authorities maxHops }"


def answer(query: str) -> Any:
    body = execute(SCHEMA, Context(snapshot=SNAPSHOT, today=date(2026, 1, 1)), Request(query)).body
    assert "errors" not in body, body
    return body["data"]


@pytest.fixture
def looked_for(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The pairs of which chains are looked for."""
    found: list[tuple[str, str]] = []
    chains = Network.chains

    def counted(network: Network, start: str, end: str) -> tuple[Chain, ...]:
        found.append((start, end))
        return chains(network, start, end)

    monkeypatch.setattr(Network, "chains", counted)
    return found


def test_no_proof_is_looked_for_unless_it_is_asked_for(looked_for: list[tuple[str, str]]) -> None:
    rows = answer(f"{{ crosswalk{EDITIONS} {{ rows {{ nodes {{ source {{ id }} relation {{ relations }} }} }} }} }}")
    assert len(rows["crosswalk"]["rows"]["nodes"]) == 4
    assert answer(f"{{ relation{PAIR} {{ relation {{ relations }} disputed }} }}")["relation"]["disputed"] is False
    assert looked_for == []


def test_a_proof_is_looked_for_once_whoever_rests_on_it(looked_for: list[tuple[str, str]]) -> None:
    answer(f"{{ relation{PAIR} {{ candidate nothingFound {{ reason }} proof {{ authority }} again: proof {{ confidence }} }} }}")
    assert looked_for == [("old/1/a", "new/2/a")]
    looked_for.clear()
    answer(f"{{ crosswalk{EDITIONS} {{ rows {{ nodes {{ proof {{ authority }} again: proof {{ confidence }} }} }} }} }}")
    assert len(looked_for) == len(set(looked_for)) == 4


@pytest.mark.parametrize(
    "field",
    [
        f"crosswalk{EDITIONS}",
        f"relation{PAIR}",
        'migration(mappingSet: "set/elsewhere", toEdition: "new/2")',
        'editionDiff(from: "old/1", to: "new/2")',
    ],
)
def test_an_answer_says_under_what_it_was_given(field: str) -> None:
    asked = field.replace(")", ', maxHops: 3, view: {minAuthority: CURATED, asOf: "2025-04-01"})')
    assert answer(f"{{ it: {asked} {{ {VIEW} }} }}")["it"]["view"] == {
        "asOf": "2025-04-01", "authorities": ["OFFICIAL", "THIRD_PARTY", "CURATED"], "maxHops": 3,
    }  # fmt: skip
    unsaid = answer(f"{{ it: {field} {{ {VIEW} }} }}")["it"]["view"]
    assert unsaid["asOf"] == "2026-01-01"
    assert unsaid["authorities"] == ["OFFICIAL", "THIRD_PARTY", "CURATED", "VENDOR"]


def test_the_schema_does_not_say_that_longer_chains_only_add() -> None:
    hops = SCHEMA.as_str().split("crosswalk(")[1].split("maxHops")[0].replace("\n", " ")
    assert "set aside" in hops
    assert "only add" not in hops


def test_messages_call_a_mapping_set_and_an_authority_as_the_vocabulary_does() -> None:
    home = Path(pairs.__file__).parents[3]
    texts = "".join(
        (home / file).read_text("utf-8")
        for file in (
            "api/kakehashi/graphql/crosswalk.py", "api/kakehashi/graphql/migration.py", "mappings/kakehashi/snapshot/findings.py",
            "mappings/kakehashi/crosswalk/migration.py", "mappings/kakehashi/crosswalk/succession.py",
        )
    )  # fmt: skip
    assert not [word for word in ("権威", "典拠", "対応表") if word in texts]
    assert texts.count("UNKNOWN_SET = ") == 1
