"""One question for every route of REST, of the default release: what tests ask of all of them."""

from typing import Any, Final
from urllib.parse import urlencode

LAW: Final = "leaflet-legal-considerations/2020-01"
MEASURES: Final = "leaflet-security-measures/2020-01"
ITEMS: Final = "leaflet-recommended-items/2020-01"

# What stands in an address, by operation. Each answer has something in it.
QUERIES: Final[dict[str, dict[str, Any]]] = {
    "release": {},
    "resources": {"kind": ["ministry", "product"], "first": 2},
    "resource": {"id": "cs-gold-mark", "first": 2},
    "statements": {"resource": "cs-gold-mark", "direction": "IN", "first": 2},
    "search": {"text": "ゴールド", "first": 5},
    "frameworks": {"first": 2},
    "editions": {"first": 2},
    "provisions": {"id": LAW, "first": 1},
    "mappingSets": {"first": 5},
    "crosswalk": {"source": LAW, "target": ITEMS, "maxHops": 2, "first": 2, "proof": "true"},
    "crosswalkDisputed": {"source": LAW, "target": ITEMS},
    "crosswalkShared": {"source": LAW, "target": ITEMS},
    "crosswalkUnmappedSource": {"source": LAW, "target": ITEMS, "first": 2},
    "crosswalkUnmappedTarget": {"source": LAW, "target": ITEMS, "first": 2},
    "relation": {"source": "cs-gold-mark", "target": "rec-3-audit"},
    "coverage": {"edition": ITEMS, "products": ["office-365"], "certificates": ["cs-gold-mark"], "first": 2, "proof": "true"},
    "gaps": {"edition": ITEMS, "products": ["office-365"], "minAuthority": "INFERRED", "first": 2},
    "closeGaps": {"edition": ITEMS, "products": ["office-365"], "budget": 2, "first": 2},
    "threats": {"everything": "true", "first": 2, "proof": "true"},
}


def address(path: str, question: dict[str, Any]) -> str:
    """The address of a question, with its id in the path where the path has one."""
    rest = {name: value for name, value in question.items() if f"{{{name}}}" not in path}
    place = path.format_map(question)
    return f"{place}?{urlencode(rest, doseq=True)}" if rest else place
