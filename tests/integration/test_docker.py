"""docker/: what the files say, and the image itself, built by hand where KAKEHASHI_IMAGE=1 (`make soak`: four minutes)."""

import json
import os
import re
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from kakehashi.cli.settings import Settings
from tests.support.balancer import TEMPLATE
from tests.support.image import ROOT, answers, image, inside, stages, with_volume
from tests.support.processes import status_of, until
from tests.support.server import Client
from tests.support.sparql_servers import free_port

COMPOSE = sorted((ROOT / "docker").glob("compose*.yaml"))
VARIABLES = {f"KAKEHASHI_{name.upper()}" for name in Settings.model_fields}


def services(file: Path) -> dict[str, dict[str, Any]]:
    found = yaml.safe_load(file.read_text("utf-8"))["services"]
    assert isinstance(found, dict)
    return found


@pytest.fixture(params=[(file, name) for file in COMPOSE for name in services(file)], ids=lambda one: f"{one[0].stem}:{one[1]}")
def service(request: pytest.FixtureRequest) -> dict[str, Any]:
    file, name = request.param
    found = services(file)[name]
    assert isinstance(found, dict)
    return found | {"file": file}


def health() -> list[str]:
    (command,) = re.findall(r"CMD (\[.*\])$", stages()[1][-1].last("HEALTHCHECK").rest)
    found: list[str] = json.loads(command)
    return found


def test_the_image_runs_as_nobody_in_particular_and_holds_no_tools() -> None:
    last = stages()[1][-1]
    assert int(last.last("USER").rest) > 1000
    assert [step.flags.get("from") for step in last.steps if step.word == "COPY"] == ["build", "build"]
    assert not [word for step in last.steps if step.word == "RUN" for word in ("pip", "gcc", "git") if word in step.rest.split()]
    assert set(last.environment()) - {"PATH", "PYTHONDONTWRITEBYTECODE"} <= VARIABLES


def test_what_compose_sets_are_settings(service: dict[str, Any]) -> None:
    names = {name for name in service.get("environment", {}) if name.startswith("KAKEHASHI_")}
    assert names <= VARIABLES
    if service["image"] == "kakehashi":
        Settings(**{name.removeprefix("KAKEHASHI_").lower(): value for name, value in service.get("environment", {}).items()})


def test_every_service_is_confined(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"mem_limit", "cpus", "pids_limit"} <= set(service)
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
    assert ":" in service["image"] or service["image"] == "kakehashi", "a version is named"


def test_every_service_that_stays_tells_of_its_health(service: dict[str, Any]) -> None:
    if service.get("profiles"):
        return
    assert service["restart"] == "unless-stopped"
    if service["image"] == "kakehashi":
        assert service["healthcheck"]["test"] == ["CMD", *health()]
        stops = Settings().drain_seconds + Settings().stop_seconds
        assert int(service["stop_grace_period"].removesuffix("s")) > stops
    else:
        assert service["healthcheck"]["test"][0] == "CMD"


def test_what_compose_refers_to_is_there(service: dict[str, Any]) -> None:
    whole = yaml.safe_load(service["file"].read_text("utf-8"))
    for volume in service.get("volumes", ()):
        source = volume.partition(":")[0]
        assert (ROOT / "docker" / source).is_file() if source.startswith(".") else source in whole["volumes"]
    for other in service.get("depends_on", ()):
        assert other in whole["services"]
    if "build" in service:
        assert (ROOT / "docker" / service["build"]["context"] / service["build"]["dockerfile"]).is_file()


def test_nginx_is_given_every_variable_of_its_template() -> None:
    given = services(ROOT / "docker" / "compose.scaled.yaml")["nginx"]["environment"]
    assert set(re.findall(r"\$\{(\w+)\}", TEMPLATE.read_text("utf-8"))) == set(given)
    replicas = [value.partition(":")[0] for name, value in given.items() if name.startswith("REPLICA_")]
    assert set(replicas) <= set(services(ROOT / "docker" / "compose.scaled.yaml"))


@pytest.mark.skipif(os.environ.get("KAKEHASHI_IMAGE") != "1", reason="four minutes: KAKEHASHI_IMAGE=1, in `make soak`")
@pytest.mark.timeout(1800)
def test_the_image_serves_as_its_user_from_a_file_system_that_cannot_be_written(tmp_path: Path) -> None:
    stage = stages()[1][-1]
    with image(tmp_path) as root:
        with_volume(root, stage)
        assert not list(root.glob("opt/kakehashi/.venv/bin/pip*"))
        refused = subprocess.run(inside(root, stage, ["touch", "/opt/kakehashi/x"]), capture_output=True, text=True, check=False)
        assert "Read-only file system" in refused.stderr
        port = free_port()
        command = json.loads(stage.last("CMD").rest)
        server = subprocess.Popen(
            inside(root, stage, command, {"KAKEHASHI_PORT": str(port), "KAKEHASHI_METRICS_PORT": str(free_port())})
        )
        try:
            until(lambda: status_of(Client(f"http://127.0.0.1:{port}"), "/readyz") == 200, "readiness")
            assert Client(f"http://127.0.0.1:{port}").ask("{ release { id } }")["release"]["id"]
            checked = [one.replace(":8000/", f":{port}/") for one in health()]
            assert subprocess.run(inside(root, stage, checked), check=False).returncode == 0
            assert json.loads(answers(f"http://127.0.0.1:{port}/readyz"))["status"] == "ready"
            owner = Path(f"/proc/{server.pid}/status").read_text("ascii")
            assert re.search(rf"^Uid:\s+{stage.last('USER').rest}\s", owner, re.MULTILINE)
            assert subprocess.run(inside(root, stage, ["kakehashi", "build"]), capture_output=True, check=False).returncode == 0
        finally:
            server.send_signal(signal.SIGTERM)
            assert server.wait(timeout=60) == 0
        assert subprocess.run(inside(root, stage, checked), capture_output=True, check=False).returncode != 0
