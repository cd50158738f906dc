"""A small independent checker of served proofs: nothing of the engine but its tables of readings and compositions."""

from collections.abc import Callable
from functools import reduce
from typing import Any

from kakehashi.crosswalk.algebra import ALL, COMPOSITION, CONVERSE
from kakehashi.crosswalk.meanings import MEANINGS, Brings, Certifies, Relates, SameScheme

Json = dict[str, Any]
Lookup = Callable[[str], Json | None]

BITS = {"EQUAL": 1, "SUBSET_OF": 2, "SUPERSET_OF": 4, "INTERSECTS_WITH": 8, "NO_RELATIONSHIP": 16}
STRONGEST_FIRST = ("OFFICIAL", "THIRD_PARTY", "CURATED", "VENDOR", "INFERRED")

PROOF = """
fragment Checked on ControlCoverage {
  control { id } status relation { relations }
  proof {
    rule authority conclusion { relations }
    chains { subject { id } object { id } relation { relations } statement { id } }
    links { id }
    missing { subject { id } object { id } statement { id } }
  }
}"""


def faults(requirement: str, coverage: Json, statement: Lookup) -> list[str]:
    """Everything that is wrong with a proof; `statement` gives a statement as it is served, by id."""
    proof, control = coverage["proof"], coverage["control"]["id"]
    found = _chain_faults(requirement, control, coverage, statement) if proof["rule"] == "CHAIN" else []
    if proof["rule"] != "CHAIN":
        found = _certificate_faults(requirement, control, coverage, statement)
    used = [step["statement"]["id"] for chain in proof["chains"] for step in chain] + [link["id"] for link in proof["links"]]
    authorities = [one["authority"] for one in map(statement, used) if one is not None]
    if proof["authority"] != max(authorities, key=STRONGEST_FIRST.index, default=None):
        found.append("the authority is not that of the weakest statement")
    return found + [f"there is no statement {one}" for one in used if statement(one) is None]


def _chain_faults(requirement: str, control: str, coverage: Json, statement: Lookup) -> list[str]:
    proof = coverage["proof"]
    found = [] if 1 <= len(proof["chains"]) <= 4 else ["a proof has one to four chains"]
    composed = ALL
    for chain in proof["chains"]:
        found += _step_faults(chain, statement)
        ends = [control, *(step["object"]["id"] for step in chain)]
        if [step["subject"]["id"] for step in chain] != ends[:-1] or ends[-1] != requirement:
            found.append("a chain does not lead from the control to the requirement")
        composed &= reduce(_compose, (_bits(step["relation"]) for step in chain))
    if composed != _bits(proof["conclusion"]) or composed != _bits(coverage["relation"]):
        found.append("the conclusion is not what the chains allow together")
    if coverage["status"] != _status(composed):
        found.append("the status does not follow from the conclusion")
    return found + _links_lead_to(control, proof, statement, Brings)


def _step_faults(chain: list[Json], statement: Lookup) -> list[str]:
    found = []
    for step in chain:
        stated = statement(step["statement"]["id"])
        ends = (step["subject"]["id"], step["object"]["id"])
        if stated is None or stated["object"] is None:
            continue
        meaning = MEANINGS[stated["predicate"]]
        if not isinstance(meaning, Relates):
            found.append("a step's statement relates nothing")
        elif ends == (stated["subject"]["id"], stated["object"]["id"]):
            found += [] if _bits(step["relation"]) == meaning.relations else ["a step is read otherwise than its word"]
        elif ends == (stated["object"]["id"], stated["subject"]["id"]):
            found += [] if _bits(step["relation"]) == _converse(meaning.relations) else ["a converse is read wrongly"]
        else:
            found.append("a step's ends are not its statement's")
    return found


def _certificate_faults(requirement: str, scheme: str, coverage: Json, statement: Lookup) -> list[str]:
    proof = coverage["proof"]
    steps = [step for chain in proof["chains"] for step in chain]
    if len(steps) != 1 or coverage["relation"] is not None or proof["conclusion"] is not None:
        return ["a certificate counts by one statement, outside the algebra"]
    stated = statement(steps[0]["statement"]["id"])
    if stated is None or stated["object"] is None:
        return []
    meaning = MEANINGS[stated["predicate"]]
    rule = meaning.rule.value if isinstance(meaning, Certifies) else None
    wanted = {"CERTIFICATE_ACCEPTED": ("accepted", "FULL"), "CERTIFICATE_EVIDENCE": ("evidence", "PARTIAL")}[proof["rule"]]
    found = [] if (rule, coverage["status"]) == wanted else ["the rule does not give the status"]
    if stated["subject"]["id"] != requirement:
        found.append("the rule is another requirement's")
    named = {stated["object"]["id"], *_ends_of(proof, statement, SameScheme)}
    return found if scheme in named else [*found, "the certificate is not of the scheme that the rule names"]


def _links_lead_to(control: str, proof: Json, statement: Lookup, kind: type) -> list[str]:
    if not proof["links"]:
        return []
    last = statement(proof["links"][-1]["id"])
    brings = last is not None and isinstance(MEANINGS[last["predicate"]], kind) and last["object"]["id"] == control
    return [] if brings else ["the links do not lead to the control"]


def _ends_of(proof: Json, statement: Lookup, kind: type) -> set[str]:
    links = [one for one in (statement(link["id"]) for link in proof["links"]) if one is not None]
    return {
        end
        for one in links
        if isinstance(MEANINGS[one["predicate"]], kind)
        for end in (one["subject"]["id"], one["object"]["id"])
    }


def _bits(relation_set: Json | None) -> int:
    return sum(BITS[name] for name in relation_set["relations"]) if relation_set else 0


def _compose(first: int, second: int) -> int:
    return reduce(
        lambda a, b: a | b, (COMPOSITION[a, b] for a in COMPOSITION_BASES if first & a for b in COMPOSITION_BASES if second & b)
    )


COMPOSITION_BASES = (1, 2, 4, 8, 16)


def _converse(relations: int) -> int:
    return sum(CONVERSE[base] for base in COMPOSITION_BASES if relations & base)


def _status(relations: int) -> str:
    if not relations & ~5:
        return "FULL"
    if relations == 16:
        return "EXCLUDED"
    return "POSSIBLE" if relations & 16 else "PARTIAL"
