"""Programs that some tests need and that a machine may lack."""

import os
import shutil

import pytest

REQUIRE_ALL = "KAKEHASHI_REQUIRE_ALL"


def requires_program(name: str) -> str:
    """Return the path of a program; without it skip the test, or fail it where KAKEHASHI_REQUIRE_ALL=1."""
    path = shutil.which(name)
    if path is not None:
        return path
    reason = f"the program {name!r} is not on the path"
    if os.environ.get(REQUIRE_ALL) == "1":
        pytest.fail(f"{reason}, and {REQUIRE_ALL}=1 forbids skipping")
    pytest.skip(reason)
