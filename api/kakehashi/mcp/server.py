"""The server of the tools, by the official `mcp` package: what speaks by stdio, and what is mounted in an HTTP application."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

import anyio
import anyio.to_thread
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
)

from kakehashi.http.working import BUSY
from kakehashi.mcp.arguments import both
from kakehashi.mcp.asking import Asking, refused
from kakehashi.mcp.tools import TOOLS
from kakehashi.vocabulary.text import ErrorCode, Text, shown

PATH: Final = "/mcp"
MAX_BODY_BYTES: Final = 256 * 1024
MAX_AT_ONCE: Final = 8
"""How many calls are answered at a time; four times as many may wait, and others are told to come again."""

NAME: Final = "kakehashi"
TITLE: Final = "Kakehashi 架け橋"
ABOUT: Final = both(
    "コンプライアンスの知識グラフ。要求事項を満たす管理策と残る不足を、証明とともに示す。読み取り専用。",
    "A knowledge graph of compliance: which controls satisfy which requirement and where gaps remain, with proofs. Read-only.",
)
NO_TOOL: Final = Text("「{name}」というツールはありません。", "There is no tool '{name}'.")

_LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")

_Context = ServerRequestContext[Any, Any]


def server_of(asking: Asking) -> Server[Any]:
    """The server of the six tools.

    A call that is cancelled is answered no more; what it asked runs on to its end or time limit, and holds its place till then.
    """
    at_once, inside = anyio.CapacityLimiter(MAX_AT_ONCE), set[int]()
    listed = [tool.listed(asking.schema._schema) for tool in TOOLS.values()]  # noqa: SLF001 - strawberry shows it nowhere else

    async def list_tools(_: _Context, __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=listed)

    async def call_tool(context: _Context, params: CallToolRequestParams) -> CallToolResult:
        tool = TOOLS.get(params.name)
        if tool is None:
            text = NO_TOOL(name=shown(params.name[:80]))
            raise MCPError(code=INVALID_PARAMS, message=f"{text.en} / {text.ja}")
        if len(inside) >= 5 * MAX_AT_ONCE:
            return refused(ErrorCode.BUSY, BUSY)
        inside.add(id(context))
        try:
            return await anyio.to_thread.run_sync(
                asking.call, tool, params.arguments or {}, context.request, abandon_on_cancel=True, limiter=at_once
            )
        finally:
            inside.discard(id(context))

    return Server(
        NAME, title=TITLE, version=version("kakehashi"), instructions=ABOUT, on_list_tools=list_tools, on_call_tool=call_tool
    )


def run_stdio(asking: Asking) -> None:
    """Answer whoever started this process, until its standard input ends. Nothing else may write to standard output."""

    async def run() -> None:
        server = server_of(asking)
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    anyio.run(run)


@dataclass(frozen=True, slots=True)
class Mounted:
    """The tools over streamable HTTP, for an application that has `routes` and runs `running()` as long as it lives."""

    routes: Sequence[Any]
    running: Any

    @classmethod
    def of(cls, asking: Asking, hosts: Sequence[str] = ()) -> "Mounted":
        """Answers without sessions, so that any replica answers any request.

        Requests whose Host or Origin is neither this machine nor one of `hosts` are refused (DNS rebinding).
        """
        server = server_of(asking)
        app = server.streamable_http_app(
            streamable_http_path=PATH, json_response=True, stateless_http=True, max_request_body_size=MAX_BODY_BYTES,
            transport_security=_guard((*_LOOPBACK, *hosts)),
        )  # fmt: skip
        return cls(app.routes, server.session_manager.run)


def _guard(hosts: Sequence[str]) -> TransportSecuritySettings:
    names = [form for host in hosts for form in (host, f"{host}:*")]
    origins = [f"{scheme}://{name}" for name in names for scheme in ("http", "https")]
    return TransportSecuritySettings(allowed_hosts=names, allowed_origins=origins)
