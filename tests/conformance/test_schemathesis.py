"""schemathesis asks REST by its OpenAPI document and GraphQL by its schema: what fits, what does not, and what lies between.

KAKEHASHI_SCHEMATHESIS sets how many examples each operation is asked with at random, besides those of its bounds.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.assessing import home_at
from tests.support.importing import office
from tests.support.server import Client

HERE = Path(__file__).parent
INSTEAD = "not_a_server_error,positive_data_acceptance"
"""What takes each of GraphQL's errors for a failure; `schemathesis_hooks` has a check in their place."""
EXAMPLES = os.environ.get("KAKEHASHI_SCHEMATHESIS", "10")
ALLOWED_SECONDS = 3600 if "KAKEHASHI_SCHEMATHESIS" in os.environ else 280


def run(folder: Path, location: str, *more: str) -> str:
    """What schemathesis says of an API; fails where it finds anything."""
    program = Path(sys.executable).with_name("schemathesis")
    how = [
        "--max-examples",
        EXAMPLES,
        "--generation-deterministic",
        "--request-timeout",
        "60",
        "--continue-on-failure",
        "--no-color",
    ]
    command = [str(program), "--config-file", str(HERE / "schemathesis.toml"), "run", location, *how, *more]
    hooked = os.environ | {"SCHEMATHESIS_HOOKS": "tests.support.schemathesis_hooks", "PYTHONPATH": str(HERE.parents[1])}
    done = subprocess.run(command, check=False, env=hooked, cwd=folder, capture_output=True, text=True, timeout=ALLOWED_SECONDS)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2000:]
    return done.stdout


def counted(told: str) -> int:
    found = re.search(r"(\d+) generated, (\d+) passed", told)
    assert found is not None, told
    assert found[1] == found[2]
    return int(found[1])


@pytest.mark.timeout(ALLOWED_SECONDS + 20)
def test_rest_keeps_its_word(client: Client, tmp_path: Path) -> None:
    assert counted(run(tmp_path, f"{client.base}/openapi.json", "--exclude-path-regex", "^/imports")) > 1000
    assert client.send("/readyz").status == 200


@pytest.mark.timeout(ALLOWED_SECONDS + 20)
def test_imports_keep_their_word(tmp_path: Path) -> None:
    """With a key that may do all, and with what schemathesis sends in its stead; what is accepted waits and is not built."""
    with office(home_at(tmp_path)) as here:
        key = here.sender("imports:write", "imports:private", "admin").key
        how = ["--include-path-regex", "^/imports", "--header", f"Authorization: Bearer {key}"]
        assert counted(run(tmp_path, f"{here.client.base}/openapi.json", *how)) > 100
        assert here.client.send("/readyz").status == 200


@pytest.mark.timeout(ALLOWED_SECONDS + 20)
def test_graphql_keeps_its_word(client: Client, tmp_path: Path) -> None:
    assert counted(run(tmp_path, f"{client.base}/graphql", "--exclude-checks", INSTEAD)) > 50
    assert client.send("/readyz").status == 200
