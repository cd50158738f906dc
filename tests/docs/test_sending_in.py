"""The pages on keys and imports: their examples need a server that takes imports, and files to send."""

from pathlib import Path
from typing import Final

import pytest

from kakehashi.http.keys import KeyBook
from tests.docs.blocks import DOCS, ROOT
from tests.docs.running import Place, prepare, run_page
from tests.faults.test_killed_imports import serving
from tests.support.assessing import home_at
from tests.support.importing import Sender, assessments, catalogue, waited
from tests.support.server import Client

KEYS: Final = [DOCS / "keys.md", DOCS / "keys.ja.md"]
IMPORTS: Final = [DOCS / "imports.md", DOCS / "imports.ja.md"]
SENDING_IN: Final = [*KEYS, *IMPORTS]


@pytest.mark.parametrize("page", SENDING_IN, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_runs(page: Path, tmp_path: Path) -> None:
    home = home_at(tmp_path)
    with serving(home) as served:
        run_page(page, Place(with_files(prepare(tmp_path / "work")), home, served.client))
        if page in IMPORTS:
            everything_is_built(home, served.client)


def with_files(folder: Path) -> Path:
    """A folder with the workbooks that the pages send in."""
    (folder / "rules.xlsx").write_bytes(catalogue())
    (folder / "assessments.xlsx").write_bytes(assessments("Example City"))
    return folder


def everything_is_built(home: Path, client: Client) -> None:
    """All that the page sent is built, and what is public of it is served."""
    admin = Sender(client, KeyBook(home / "keys").create("admin", ["admin"], [], 1)[1])
    jobs = [waited(admin, f"/imports/{one['id']}") for one in admin.get().json()]
    assert [job["state"] for job in jobs] == ["done"] * 4
    found = client.ask('{ resources(filter: {prefLabel: {contains: "条"}}) { totalCount } }')
    assert found["resources"]["totalCount"] == 1
