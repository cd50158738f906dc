"""Every example of docs/keys.md and docs/imports.md, run by a shell against a real server, in the order of the page."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kakehashi.http.keys import KeyBook
from tests.faults.test_killed_imports import serving
from tests.support.assessing import home_at
from tests.support.importing import Sender, assessments, catalogue, waited

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(("page", "blocks"), [("keys", 3), ("imports", 6)])
def test_the_examples_run(tmp_path: Path, page: str, blocks: int) -> None:
    home, work = home_at(tmp_path), tmp_path / "work"
    work.mkdir()
    (work / "kakehashi").write_text(f'#!/bin/sh\nexec {sys.executable} -c "from kakehashi.cli.main import main; main()" "$@"\n')
    (work / "kakehashi").chmod(0o755)
    (work / "rules.xlsx").write_bytes(catalogue())
    (work / "assessments.xlsx").write_bytes(assessments("Example City"))
    found = re.findall(r"```sh\n(.*?)```", (DOCS / f"{page}.md").read_text("utf-8"), re.DOTALL)
    assert len(found) == blocks
    with serving(home) as served:
        environment = os.environ | {
            "KAKEHASHI_HOME": str(home), "KAKEHASHI_URL": served.client.base, "LANG": "C.UTF-8",
            "PATH": f"{work}:{os.environ['PATH']}",
        }  # fmt: skip
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", "\n".join(found)],
            cwd=work, env=environment, capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert '"errors"' not in done.stdout, done.stdout
        if page == "keys":
            assert done.stdout.endswith("401\n")
            return
        admin = Sender(served.client, KeyBook(home / "keys").create("admin", ["admin"], [], 1)[1])
        jobs = [waited(admin, f"/imports/{one['id']}") for one in admin.get().json()]
        assert [job["state"] for job in jobs] == ["done"] * 4
        assert served.client.ask('{ resources(text: "条") { totalCount } }')["resources"]["totalCount"] == 1
