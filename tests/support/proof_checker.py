"""A small independent checker of served proofs: nothing of the engine but its tables of readings and compositions."""

from collections.abc import Callable, Collection, Iterator
from functools import reduce
from itertools import pairwise
from typing import Any

from kakehashi.crosswalk.algebra import ALL, COMPOSITION, CONVERSE
from kakehashi.crosswalk.meanings import MEANINGS, Brings, Certifies, Relates, SameScheme

Json = dict[str, Any]
Lookup = Callable[[str], Json | None]

BITS = {"EQUAL": 1, "SUBSET_OF": 2, "SUPERSET_OF": 4, "INTERSECTS_WITH": 8, "NO_RELATIONSHIP": 16}
STRONGEST_FIRST = ("OFFICIAL", "THIRD_PARTY", "CURATED", "VENDOR", "INFERRED")
CERTIFICATE_RULES = {"CERTIFICATE_ACCEPTED": ("accepted", "FULL"), "CERTIFICATE_EVIDENCE": ("evidence", "PARTIAL")}

STATEMENT = "query($id: ID!) { statement(id: $id) { id predicate authority subject { id } object { id } } }"
STEP = "subject { id } object { id } relation { relations } parentLink rationale { kind } mappingSet { id } statement { id }"
ROW = """
fragment Row on CrosswalkRow {
  source { id } target { id } candidate relation { relations }
  proof { rule authority conclusion { relations } chains { %STEP } links { id } missing { %STEP } }
}""".replace("%STEP", STEP)
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


def faults(requirement: str, coverage: Json, statement: Lookup, had: Collection[str] | None = None) -> list[str]:
    """Everything that is wrong with a proof; `statement` gives a statement as it is served, by id.

    `had` is what the question gave: where it is known, the links must begin there.
    """
    proof, control = coverage["proof"], coverage["control"]["id"]
    steps = [step for chain in proof["chains"] for step in chain]
    if any(step["statement"] is None for step in steps):
        return ["a chain has a step without a statement"]
    used = [step["statement"]["id"] for step in steps] + [link["id"] for link in proof["links"]]
    unknown = [one for one in used if statement(one) is None]
    if unknown:
        return [f"there is no statement {one}" for one in unknown]
    by_rule = _by_chains if proof["rule"] == "CHAIN" else _by_certificate
    found = [*by_rule(requirement, control, coverage, statement), *_missing(requirement, control, coverage)]
    weakest = max((_served(statement, one)["authority"] for one in used), key=STRONGEST_FIRST.index, default=None)
    if proof["authority"] != weakest:
        found.append("the authority is not that of the weakest statement")
    start = _start(control, proof, statement)
    return found if had is None or start in had else [*found, "the links do not begin with what was given"]


def row_faults(row: Json, statement: Lookup, hops: int, strict: Collection[str] = ()) -> list[str]:
    """Everything that is wrong with the row of a crosswalk; `strict` are the sets that use "intersects with" strictly."""
    proof, ends = row["proof"], (row["source"]["id"], row["target"]["id"])
    chains, conclusion = proof["chains"], _bits(proof["conclusion"])
    if not 1 <= len(chains) <= 4 or not all(1 <= len(chain) <= hops for chain in chains):
        return ["a proof has one to four chains of no more than the hops that were asked for"]
    found = [fault for chain in chains for fault in _chain_faults(chain, *ends, statement, strict)]
    if found:
        return found
    allowed = [_composed(chain) for chain in chains]
    if conclusion != _bits(row["relation"]) or conclusion != _together(allowed):
        found.append("the conclusion is not what the chains allow together")
    if len(allowed) > 1 and any(_together(allowed[:n] + allowed[n + 1 :]) == conclusion for n in range(len(allowed))):
        found.append("a chain adds nothing")
    if row["candidate"] != (conclusion == ALL) or row["candidate"] != (proof["missing"] is not None):
        found.append("just what is undecided is a candidate, and lacks a statement")
    steps = [step for chain in chains for step in chain if not step["parentLink"]]
    authorities = [_served(statement, step["statement"]["id"])["authority"] for step in steps]
    if authorities and STRONGEST_FIRST.index(proof["authority"]) < max(map(STRONGEST_FIRST.index, authorities)):
        found.append("the authority is stronger than that of the weakest statement")
    if proof["missing"] is not None:
        found += _would_not_decide(proof["missing"], chains[0], ends)
    return found


def _chain_faults(chain: list[Json], source: str, target: str, statement: Lookup, strict: Collection[str]) -> Iterator[str]:
    ends = [source, *(step["object"]["id"] for step in chain)]
    if [step["subject"]["id"] for step in chain] != ends[:-1] or ends[-1] != target:
        yield "a chain does not lead from the source to the target"
    for step in chain:
        if step["parentLink"]:
            if _bits(step["relation"]) not in (BITS["EQUAL"] | BITS["SUBSET_OF"], BITS["EQUAL"] | BITS["SUPERSET_OF"]):
                yield "a parent link is read as something else"
        elif statement(step["statement"]["id"]) is None:
            yield "a step has a statement that there is not"
        else:
            yield from _reading_faults(step, _served(statement, step["statement"]["id"]), strict)


def _reading_faults(step: Json, stated: Json, strict: Collection[str]) -> Iterator[str]:
    meaning, ends = MEANINGS[stated["predicate"]], (step["subject"]["id"], step["object"]["id"])
    if not isinstance(meaning, Relates) or ends not in (_ends(stated), _ends(stated)[::-1]):
        yield "a step's statement does not relate its ends"
        return
    read = meaning.relations
    if step["rationale"] is not None and step["rationale"]["kind"] == "SYNTACTIC" and read != BITS["EQUAL"]:
        read = ALL
    elif stated["predicate"] == "intersects-with" and step["mappingSet"] is not None and step["mappingSet"]["id"] in strict:
        read = BITS["INTERSECTS_WITH"]
    if _bits(step["relation"]) != (read if ends == _ends(stated) else _turned(read)):
        yield "a step is read otherwise than its word"


def _would_not_decide(missing: Json, chain: list[Json], ends: tuple[str, str]) -> Iterator[str]:
    wanted = (missing["subject"]["id"], missing["object"]["id"])
    assumed = [
        _bits(missing["relation"]) if (step["subject"]["id"], step["object"]["id"]) == wanted else _bits(step["relation"])
        for step in chain
    ]
    if missing["statement"] is not None or (wanted != ends and reduce(_compose, assumed) == ALL):
        yield "what is missing would not decide it"


def _composed(chain: list[Json]) -> int:
    return reduce(_compose, (_bits(step["relation"]) for step in chain))


def _turned(relations: int) -> int:
    return sum(CONVERSE[base] for base in BITS.values() if relations & base)


def _by_chains(requirement: str, control: str, coverage: Json, statement: Lookup) -> Iterator[str]:
    chains, conclusion = coverage["proof"]["chains"], _bits(coverage["proof"]["conclusion"])
    if not 1 <= len(chains) <= 4 or not all(chains):
        yield "a proof has one to four chains"
        return
    for chain in chains:
        yield from _step_faults(chain, statement)
        ends = [control, *(step["object"]["id"] for step in chain)]
        if [step["subject"]["id"] for step in chain] != ends[:-1] or ends[-1] != requirement:
            yield "a chain does not lead from the control to the requirement"
    allowed = [reduce(_compose, (_bits(step["relation"]) for step in chain)) for chain in chains]
    if conclusion != _bits(coverage["relation"]) or conclusion != _together(allowed):
        yield "the conclusion is not what the chains allow together"
    if len(allowed) > 1 and any(_together(allowed[:n] + allowed[n + 1 :]) == conclusion for n in range(len(allowed))):
        yield "a chain adds nothing"
    if coverage["status"] != _status(conclusion):
        yield "the status does not follow from the conclusion"
    yield from _links_lead_to(control, coverage["proof"], statement)


def _step_faults(chain: list[Json], statement: Lookup) -> Iterator[str]:
    for step in chain:
        stated = _served(statement, step["statement"]["id"])
        meaning = MEANINGS[stated["predicate"]]
        ends = (step["subject"]["id"], step["object"]["id"])
        if not isinstance(meaning, Relates):
            yield "a step's statement relates nothing"
        elif ends == _ends(stated):
            if _bits(step["relation"]) != meaning.relations:
                yield "a step is read otherwise than its word"
        elif ends != _ends(stated)[::-1]:
            yield "a step's ends are not its statement's"
        elif _bits(step["relation"]) != sum(CONVERSE[base] for base in BITS.values() if meaning.relations & base):
            yield "a converse is read wrongly"


def _links_lead_to(control: str, proof: Json, statement: Lookup) -> Iterator[str]:
    links = [_served(statement, link["id"]) for link in proof["links"]]
    if not all(isinstance(MEANINGS[link["predicate"]], Brings) for link in links):
        yield "a link brings nothing"
    if any(first["object"]["id"] != second["subject"]["id"] for first, second in pairwise(links)):
        yield "the links do not follow one another"
    if links and links[-1]["object"]["id"] != control:
        yield "the links do not lead to the control"


def _by_certificate(requirement: str, scheme: str, coverage: Json, statement: Lookup) -> Iterator[str]:
    proof = coverage["proof"]
    if [len(chain) for chain in proof["chains"]] != [1] or coverage["relation"] or proof["conclusion"]:
        yield "a certificate counts by one statement, outside the algebra"
        return
    step = proof["chains"][0][0]
    stated = _served(statement, step["statement"]["id"])
    meaning = MEANINGS[stated["predicate"]]
    rule = meaning.rule.value if isinstance(meaning, Certifies) else None
    if (rule, coverage["status"]) != CERTIFICATE_RULES.get(proof["rule"]):
        yield "the rule does not give the status"
    if _ends(stated) != (step["subject"]["id"], step["object"]["id"]) or _ends(stated)[0] != requirement:
        yield "the rule is another requirement's, or of another scheme"
    if _bits(step["relation"]) != ALL:
        yield "a certificate rule says nothing in the algebra"
    links = [_served(statement, link["id"]) for link in proof["links"]]
    same = all(isinstance(MEANINGS[link["predicate"]], SameScheme) for link in links)
    if not same or [set(_ends(link)) for link in links] != ([] if scheme == _ends(stated)[1] else [{scheme, _ends(stated)[1]}]):
        yield "the certificate is not of the scheme that the rule names"


def _missing(requirement: str, control: str, coverage: Json) -> Iterator[str]:
    missing = coverage["proof"]["missing"]
    if (missing is not None) != (coverage["status"] == "POSSIBLE"):
        yield "just a candidate names the statement that would decide it"
    wanted = {"subject": {"id": control}, "object": {"id": requirement}, "statement": None}
    if missing is not None and missing != wanted:
        yield "what is missing would not decide it"


def _start(control: str, proof: Json, statement: Lookup) -> str:
    """What was given: the first link's subject, or the control or the certificate's scheme itself."""
    if proof["rule"] != "CHAIN" or not proof["links"]:
        return control
    return _ends(_served(statement, proof["links"][0]["id"]))[0]


def _served(statement: Lookup, identifier: str) -> Json:
    found = statement(identifier)
    assert found is not None
    return found


def _ends(stated: Json) -> tuple[str, str]:
    return stated["subject"]["id"], (stated["object"] or {"id": ""})["id"]


def _bits(relation_set: Json | None) -> int:
    return sum(BITS[name] for name in relation_set["relations"]) if relation_set else 0


def _compose(first: int, second: int) -> int:
    return reduce(int.__or__, (result for (a, b), result in COMPOSITION.items() if first & a and second & b), 0)


def _together(relations: list[int]) -> int:
    return reduce(int.__and__, relations, ALL)


def _status(relations: int) -> str:
    if not relations & ~(BITS["EQUAL"] | BITS["SUPERSET_OF"]):
        return "FULL"
    if relations == BITS["NO_RELATIONSHIP"]:
        return "EXCLUDED"
    return "POSSIBLE" if relations & BITS["NO_RELATIONSHIP"] else "PARTIAL"
