"""The ATT&CK Navigator's layer format 4.5 as a JSON schema.

Written from MITRE's description, for MITRE publishes no schema: mitre-attack/attack-navigator, layers/spec/v4.5/layerformat.md.
Properties that it does not name are refused, so that a misspelt one is found.
"""

from typing import Any, Final


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


_TEXT: Final = {"type": "string"}
_FLAG: Final = {"type": "boolean"}
_NUMBER: Final = {"type": "number"}
_COLOUR: Final = {"type": "string", "pattern": "^(#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?)?$"}
_DIVIDER: Final = _object(["divider"], divider=_FLAG)
_METADATA: Final = {"type": "array", "items": {"anyOf": [_object(["name", "value"], name=_TEXT, value=_TEXT), _DIVIDER]}}
_URL: Final = {"type": "string", "pattern": "^[a-z]+://"}
_LINKS: Final = {"type": "array", "items": {"anyOf": [_object(["label", "url"], label=_TEXT, url=_URL), _DIVIDER]}}
_TECHNIQUE: Final = _object(
    ["techniqueID"], techniqueID={"type": "string", "pattern": "^T[0-9]{4}([.][0-9]{3})?$"},
    tactic={"type": "string", "pattern": "^[a-z]+(-[a-z]+)*$"}, comment=_TEXT, enabled=_FLAG, score=_NUMBER, color=_COLOUR,
    metadata=_METADATA, links=_LINKS, showSubtechniques=_FLAG,
)  # fmt: skip
_LAYOUT: Final = _object(
    [], layout={"enum": ["side", "flat", "mini"]}, showID=_FLAG, showName=_FLAG, showAggregateScores=_FLAG, countUnscored=_FLAG,
    aggregateFunction={"enum": ["average", "min", "max", "sum"]}, expandedSubtechniques={"enum": ["none", "all", "annotated"]},
)  # fmt: skip
_VERSIONS: Final = _object(
    ["navigator", "layer"], attack={"type": "string", "pattern": "^[0-9]+$"},
    navigator={"type": "string", "pattern": "^(4[.]9|[5-9])[.0-9]*$"}, layer={"const": "4.5"},
)  # fmt: skip
_GRADIENT: Final = _object(
    ["colors", "minValue", "maxValue"], colors={"type": "array", "items": _COLOUR, "minItems": 2}, minValue=_NUMBER,
    maxValue=_NUMBER,
)  # fmt: skip

LAYER: Final[dict[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **_object(
        ["name", "domain"], versions=_VERSIONS, name=_TEXT, description=_TEXT,
        domain={"enum": ["enterprise-attack", "mobile-attack", "ics-attack"]}, customDataURL=_URL,
        filters=_object([], platforms={"type": "array", "items": _TEXT}), sorting={"enum": [0, 1, 2, 3]}, layout=_LAYOUT,
        hideDisabled=_FLAG, techniques={"type": "array", "items": _TECHNIQUE}, gradient=_GRADIENT,
        legendItems={"type": "array", "items": _object(["label", "color"], label=_TEXT, color=_COLOUR)},
        showTacticRowBackground=_FLAG, tacticRowBackground=_COLOUR, selectTechniquesAcrossTactics=_FLAG,
        selectSubtechniquesWithParent=_FLAG, selectVisibleTechniques=_FLAG, metadata=_METADATA, links=_LINKS,
    ),
}  # fmt: skip
