"""The SPARQL that the stores speak: named files of `queries/`."""

from functools import cache
from importlib.resources import files


@cache
def query(name: str) -> str:
    """The text of `queries/{name}.rq`, or of an update, `queries/{name}.ru`."""
    folder = files("kakehashi.store") / "queries"
    found = next(one for one in (folder / f"{name}.rq", folder / f"{name}.ru") if one.is_file())
    return found.read_text("utf-8")
