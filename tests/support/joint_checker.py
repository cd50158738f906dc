"""A small independent checker of served proofs of what several things meet together: nothing of the engine but its readings."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kakehashi.crosswalk.meanings import MEANINGS, Relates
from tests.support.proof_checker import BITS, PROOF, STRONGEST_FIRST, Json, Lookup, faults

Wholes = Mapping[str, Sequence[str]]
"""The children in use of each provision whose framework declares that the children together are the whole."""

INSIDE, AROUND = BITS["EQUAL"] | BITS["SUBSET_OF"], BITS["EQUAL"] | BITS["SUPERSET_OF"]

_PARTS = "authority controls { id } group { id } parts { part { id } satisfiedBy { ...Checked } %s }"
JOINT = f"""
fragment Jointly on RequirementCoverage {{
  jointly {{ {(_PARTS % f"jointly {{ {_PARTS} }}") % f"jointly {{ {_PARTS % ''} }}"} }}
}}{PROOF}"""
GROUP = """query($id: ID!) { mappingGroup(id: $id) {
  id predicate authority subjects { id } objects { id } mapping { rationaleKind mappingSet { ... on MappingSet { origin } } }
} }"""
EDITIONS = """query($after: String) { editions(first: 1, after: $after) {
  pageInfo { hasNextPage endCursor }
  nodes { framework { parentLink } provisions(first: 100) { totalCount nodes { id lifecycle parent { id } } } }
} }"""


def wholes(ask: Callable[..., Json]) -> Wholes:
    """Which provisions their children are the whole of, read off the editions as they are served."""
    found: dict[str, list[str]] = {}
    page: Json = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        answer = ask(EDITIONS, after=page["endCursor"])["editions"]
        page = answer["pageInfo"]
        for edition in answer["nodes"]:
            if edition["framework"]["parentLink"] != "PARTITION":
                continue
            assert len(edition["provisions"]["nodes"]) == edition["provisions"]["totalCount"]
            for one in edition["provisions"]["nodes"]:
                if one["parent"] is not None and one["lifecycle"] is None:
                    found.setdefault(one["parent"]["id"], []).append(one["id"])
    return found


@dataclass(frozen=True, slots=True)
class Served:
    """What proofs are held against: statements and n:m mappings by id, and partitions, as they are served."""

    statement: Lookup
    group: Lookup
    children: Wholes


def joint_faults(requirement: str, joint: Json, served: Served, hops: int, had: Collection[str] | None = None) -> list[str]:
    """Everything that is wrong with a proof by parts, where chains may be so long; `had` is what the question gave."""
    parts = [part["part"]["id"] for part in joint["parts"]]
    found = list(_union_faults(requirement, joint, parts, served))
    controls: set[str] = set()
    authorities = [joint["authority"]]
    for part in joint["parts"]:
        name, alone, jointly = part["part"]["id"], part["satisfiedBy"], part.get("jointly")
        if (alone is None) == (jointly is None):
            found.append("a part is met alone or jointly, and just one of the two")
        elif alone is not None:
            found += [f"of {name}: {fault}" for fault in faults(name, alone, served.statement, had)]
            found += list(_alone_faults(alone, hops - 1))
            controls.add(alone["control"]["id"])
            authorities.append(alone["proof"]["authority"])
        else:
            found += [f"of {name}: {fault}" for fault in joint_faults(name, jointly, served, hops - 1, had)]
            controls |= {one["id"] for one in jointly["controls"]}
            authorities.append(jointly["authority"])
    if [one["id"] for one in joint["controls"]] != sorted(controls):
        found.append("the controls are not those of the parts")
    if max(authorities, key=STRONGEST_FIRST.index) != joint["authority"]:
        found.append("the authority is stronger than that of a part")
    return found


def _union_faults(requirement: str, joint: Json, parts: list[str], served: Served) -> Iterator[str]:
    if joint["group"] is None:
        if not parts or parts != list(served.children.get(requirement, ())):
            yield "the parts are not all children of a partition"
        return
    stated = served.group(joint["group"]["id"])
    if stated is None:
        yield "there is no such n:m mapping"
        return
    subjects, objects = ([one["id"] for one in stated[side]] for side in ("subjects", "objects"))
    read = _reading(stated)
    by_subjects = not read & ~INSIDE and requirement in subjects and sorted(parts) == sorted(objects)
    by_objects = not read & ~AROUND and requirement in objects and sorted(parts) == sorted(subjects)
    if not (by_subjects or by_objects):
        yield "the n:m mapping does not put the requirement inside the union of the parts"
    if STRONGEST_FIRST.index(joint["authority"]) < STRONGEST_FIRST.index(stated["authority"]):
        yield "the authority is stronger than that of the n:m mapping"


def _reading(stated: Json) -> int:
    """How its word is read; what does not count may be anything."""
    meaning, detail = MEANINGS[stated["predicate"]], stated["mapping"]
    if not isinstance(meaning, Relates) or detail["mappingSet"].get("origin", "ORIGINAL") != "ORIGINAL":
        return sum(BITS.values())
    syntactic = detail["rationaleKind"] == "SYNTACTIC" and meaning.relations != BITS["EQUAL"]
    return sum(BITS.values()) if syntactic else meaning.relations


def _alone_faults(coverage: Json, hops: int) -> Iterator[str]:
    if coverage["status"] != "FULL":
        yield "a part is not fully met"
    if coverage["proof"]["rule"] != "CHAIN":
        yield "a certificate says nothing of a set"
    if any(len(chain) > hops for chain in coverage["proof"]["chains"]):
        yield "a part is met by a chain that is too long"
