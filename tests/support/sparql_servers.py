"""Real SPARQL servers on loopback, each with its data in a folder of its own, that tests start, stop and kill."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.support.programs import requires_program

START_WITHIN = 60.0
PASSWORD = "dba"  # what a new Virtuoso is born with

VIRTUOSO_INI = """\
[Database]
DatabaseFile       = {folder}/virtuoso.db
ErrorLogFile       = {folder}/virtuoso.log
LockFile           = {folder}/virtuoso.lck
TransactionFile    = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
ErrorLogLevel      = 7
FileExtend         = 200
MaxCheckpointRemap = 2000
Striping           = 0
TempStorage        = TempDatabase

[TempDatabase]
DatabaseFile       = {folder}/temporary.db
TransactionFile    = {folder}/temporary.trx
MaxCheckpointRemap = 2000
Striping           = 0

[Parameters]
ServerPort               = 127.0.0.1:{sql_port}
DisableUnixSocket        = 1
MaxClientConnections     = 10
CheckpointInterval       = 60
O_DIRECT                 = 0
CaseMode                 = 2
AllowOSCalls             = 0
DirsAllowed              = {folder}
MaxMemPoolSize           = 200000000
MaxQueryMem              = 2G
NumberOfBuffers          = 10000
MaxDirtyBuffers          = 6000

[HTTPServer]
ServerPort               = 127.0.0.1:{port}
ServerRoot               = {folder}
MaxClientConnections     = 10
ServerThreads            = 10
MaxKeepAlives            = 10
KeepAliveTimeout         = 10
Charset                  = UTF-8
EnabledGzipContent       = 1

[SPARQL]
ResultSetMaxRows           = {rows}
MaxQueryCostEstimationTime = 400
MaxQueryExecutionTime      = 60
"""


def free_port() -> int:
    """A port of loopback that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    assert isinstance(port, int)
    return port


@dataclass
class SparqlServer:
    """One server process; its data outlives it, and its address stays the same when it is started again."""

    command: tuple[str, ...]
    folder: Path
    url: str
    alive_at: str
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> Self:
        """Start it and wait until it answers."""
        with (self.folder / "output.log").open("ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder)
        deadline = time.monotonic() + START_WITHIN
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "output.log").read_text("utf-8", "replace")
            assert time.monotonic() < deadline, f"{self.command[0]} did not start"
            time.sleep(0.05)
        return self

    def stop(self) -> None:
        """Let it shut down in order."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """As a power failure would: no checkpoint, no goodbye."""
        self._end(signal.SIGKILL)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.kill()

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            os.kill(self.process.pid, how)
            self.process.wait(timeout=60)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.alive_at, timeout=5):
                return True
        except urllib.error.HTTPError as error:
            error.close()
            return True
        except OSError:
            return False


ServerMaker = Callable[[Path], SparqlServer]


def oxigraph_server(folder: Path) -> SparqlServer:
    """Oxigraph's own server, from the binary beside the running interpreter."""
    beside = Path(sys.executable).parent / "oxigraph"
    program = str(beside) if beside.is_file() else requires_program("oxigraph")
    folder.mkdir(parents=True, exist_ok=True)
    address = f"127.0.0.1:{free_port()}"
    command = (program, "serve", "--location", str(folder / "data"), "--bind", address)
    return SparqlServer(command, folder, f"http://{address}/query", f"http://{address}/")


def virtuoso_server(folder: Path, rows: int = 10_000) -> SparqlServer:
    """Debian's Virtuoso, which cuts every result at `rows` rows without a word."""
    program = requires_program("virtuoso-t")
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    ini = VIRTUOSO_INI.format(folder=folder, sql_port=free_port(), port=port, rows=rows)
    (folder / "virtuoso.ini").write_text(ini, "utf-8")
    command = (program, "+foreground", "+configfile", str(folder / "virtuoso.ini"))
    address = f"127.0.0.1:{port}"
    return SparqlServer(command, folder, f"http://dba:{PASSWORD}@{address}/sparql", f"http://{address}/sparql")
