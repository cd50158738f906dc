"""MITRE D3FEND: the ontology in Turtle, and the two workbooks that map controls to its techniques."""

from typing import Final

from kakehashi.sources.d3fend.ontology import FORMAT
from kakehashi.sources.d3fend.workbooks import CCI_FORMAT, NIST_FORMAT
from kakehashi.sources.format import Format

FORMATS: Final[tuple[Format, ...]] = (FORMAT, NIST_FORMAT, CCI_FORMAT)

__all__ = ["CCI_FORMAT", "FORMAT", "FORMATS", "NIST_FORMAT"]
