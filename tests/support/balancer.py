"""nginx before three replicas, with the file that docker/ gives it."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template

from tests.support.processes import status_of, until
from tests.support.programs import requires_program
from tests.support.server import Client
from tests.support.sparql_servers import free_port

TEMPLATE = Path(__file__).parents[2] / "docker" / "nginx.conf.template"
AROUND = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def rendered(**values: str) -> str:
    """The template as the image fills it in: what is no variable of ours is nginx's own."""
    return Template(TEMPLATE.read_text("utf-8")).safe_substitute(values)


@contextmanager
def balancing(folder: Path, ports: tuple[int, int, int]) -> Iterator[int]:
    """Run it; gives its port."""
    program, port = requires_program("nginx"), free_port()
    folder.mkdir()
    replicas = {f"REPLICA_{number}": f"127.0.0.1:{one}" for number, one in enumerate(ports, start=1)}
    (folder / "site.conf").write_text(rendered(LISTEN=f"127.0.0.1:{port}", **replicas), "utf-8")
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder), "utf-8")
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        until(lambda: status_of(Client(f"http://127.0.0.1:{port}"), "/healthz") > 0, "nginx")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)
