"""Power Query M has no interpreter outside Excel and Power BI, so that a block is checked as far as can be.

It is parsed by Microsoft's own parser, each request that it would make is made, and each field that it takes of an answer must be
there. That the table comes out right is not shown by this.
"""

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from tests.support.programs import requires_program
from tests.support.server import Client

PARSER: Final = "@microsoft/powerquery-parser@0.18.4"
SCRIPT: Final = Path(__file__).with_suffix(".mjs")


def run_m(code: str, client: Client, where: str) -> str:
    """The answers to the requests of a block, one JSON a line."""
    told = parsed(code, where)
    assert told["requests"], f"{where}: no request is made"
    answers = [_answer(client, one, where) for one in told["requests"]]
    known = {key for answer in answers for key in _keys(answer)}
    assert set(told["fields"]) <= known, f"{where}: no answer has {set(told['fields']) - known}"
    return "\n".join(json.dumps(answer, ensure_ascii=False) for answer in answers)


def parsed(code: str, where: str) -> Any:
    """The requests and fields of a block; an assertion fails where it is no M."""
    command = [requires_program("node"), str(SCRIPT), str(_parser())]
    done = subprocess.run(command, input=code, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{where}\n{done.stderr}"
    return json.loads(done.stdout)


@cache
def _parser() -> Path:
    """The folder that the parser is installed in, once a run; nothing of it is executed while it is installed."""
    folder = Path(mkdtemp(prefix="powerquery-parser-"))
    command = [requires_program("npm"), "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder), PARSER]
    subprocess.run(command, check=True, capture_output=True, timeout=120, env=os.environ)
    return folder


def _answer(client: Client, request: Any, where: str) -> Any:
    path = request["url"].removeprefix(client.base)
    assert path != request["url"], f"{where}: {request['url']} is not the served release"
    content, headers = request["content"], {key.strip('#"').lower(): one for key, one in request["headers"].items()}
    body = None if content is None else content.encode()
    reply = client.send(path, method="GET" if body is None else "POST", body=body, headers=headers)
    assert reply.status == 200, f"{where}\n{reply.body.decode()}"
    answer = reply.json()
    assert "errors" not in answer, f"{where}\n{answer}"
    return answer


def _keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(_keys, value.values()))
    return set().union(*map(_keys, value)) if isinstance(value, list) else set()
