"""What is delivered with the program is listed, and the list is whole."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^([a-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)


@pytest.fixture(scope="module")
def sbom(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What `make sbom` writes."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    (recipe,) = re.findall(r"^\t\$\(BIN\)/cyclonedx-py (.*) -o dist/sbom\.json$", makefile, re.MULTILINE)
    file = tmp_path_factory.mktemp("sbom") / "sbom.json"
    program = str(Path(sys.executable).parent / "cyclonedx-py")
    subprocess.run([program, *recipe.split(), "-o", str(file)], cwd=ROOT, check=True, capture_output=True)
    return file.read_text("utf-8")


def test_it_lists_every_pin_of_the_lock_with_its_hashes(sbom: str) -> None:
    found = {one["name"]: one for one in json.loads(sbom)["components"]}
    pins = dict(PIN.findall((ROOT / "requirements.lock").read_text("utf-8")))
    assert len(pins) > 50
    assert {name: one["version"] for name, one in found.items()} == pins
    assert all(one["purl"] == f"pkg:pypi/{name}@{pins[name]}" for name, one in found.items())
    assert all(reference["hashes"] for one in found.values() for reference in one["externalReferences"])


def test_it_names_what_it_is_about_and_nothing_of_the_machine(sbom: str) -> None:
    about = json.loads(sbom)["metadata"]["component"]
    assert (about["name"], about["licenses"][0]["license"]["id"]) == ("kakehashi", "Apache-2.0")
    assert str(ROOT) not in sbom
