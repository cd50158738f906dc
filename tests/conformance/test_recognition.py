"""Every published file is recognised by the one format that it is of; what is of none is known by name."""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Final

import pytest

from kakehashi.pipeline.formats import FORMATS, format_of
from kakehashi.sources.files import File
from tests.support.corpus import files

FOLDERS: Final[Mapping[str, Mapping[str, int]]] = {
    "ciso-assistant/frameworks": {"ciso-assistant": 14},
    "ciso-assistant/mappings": {"ciso-assistant": 14},
    "ctid-mappings-explorer": {"ctid": 3},
    "d3fend": {"d3fend": 5, "d3fend-nist": 1, "d3fend-cci": 1},
    "fedramp-20x": {"fedramp-20x": 1},
    "fedramp-marketplace": {"fedramp-marketplace": 1},
    "mitre-attack": {"attack-stix": 1},
    "opencre": {"opencre": 2},
    "opencre/cres": {"opencre": 428},
    "opencre/owasp_mappings": {"opencre": 3},
    "oscal-component-definitions/civicactions": {"oscal": 3},
    "oscal-component-definitions/platform-one": {"oscal": 1},
    "oscal-component-definitions/redhat-ocp4-pcidss": {"oscal": 3},
    "oscal-component-definitions/trestle-tests": {"oscal": 3},
    "oscal-examples": {"oscal": 3},
    "oscal-fedramp-rev5": {"oscal": 2},
    "oscal-mapping-collections/oscal-compass": {"oscal": 4},
    "oscal-mapping-collections/trestle": {"oscal": 4},
    "oscal-nist-800-53/rev5.0.1": {"oscal": 1},
    "oscal-nist-800-53/rev5.1.1": {"oscal": 7},
    "prowler": {"prowler": 8},
    "sssom/real": {"sssom": 3},
    "sssom/spec-examples/embedded": {"sssom": 2},
    "sssom/spec-examples/external": {"sssom": 4},
    "sssom/spec-examples/schema": {"sssom": 10},
    "sssom/sssom-py-tests/invalid": {"sssom": 2},
    "sssom/sssom-py-tests/quirky": {"sssom": 1},
    "sssom/sssom-py-tests/valid": {"sssom": 6},
}
NO_DATA: Final = {
    "FORMATS.md",
    "ctid-mappings-explorer/mapex-unified-data-schema.json",
    "oscal-mapping-collections/schema/oscal_catalog_schema.json",
    "oscal-mapping-collections/schema/oscal_component_schema.json",
    "oscal-mapping-collections/schema/oscal_mapping_schema.json",
    "oscal-mapping-collections/schema/oscal_profile_schema.json",
    "sssom/schema/sssom_schema.schema.json",
    "sssom/schema/sssom_schema.yaml",
}
"""Schemas, and what the corpus says of itself; beside these, each collection has a SOURCE.md."""


@cache
def everything() -> tuple[File, ...]:
    return tuple(files())


def test_no_file_is_of_two_formats() -> None:
    claimed = {file.name: [one.name for one in FORMATS if one.recognises(file)] for file in everything()}
    assert {name: formats for name, formats in claimed.items() if len(formats) > 1} == {}


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_files_of_a_folder_are_of_its_formats(folder: str) -> None:
    found = Counter(known.name for file in everything() if file.folder == folder and (known := format_of(file)) is not None)
    assert found == FOLDERS[folder]


def test_files_of_no_format_are_the_schemas_and_the_notes() -> None:
    strangers = {file.name for file in everything() if format_of(file) is None}
    assert {name for name in strangers if not name.endswith("/SOURCE.md")} == NO_DATA
    assert {file.folder for file in everything() if format_of(file) is not None} == FOLDERS.keys()
