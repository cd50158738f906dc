"""The steps of docker/Dockerfile carried out in fresh Debian roots: without a Docker engine, but as root and with debootstrap."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.programs import requires_program

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "docker" / "Dockerfile"
SUITE = re.compile(r"^BASE=debian:(\w+)-slim$")
NETWORK = ("etc/resolv.conf", "etc/ssl/certs/ca-certificates.crt")
"""What a root needs of this machine to reach the package archives."""


@dataclass(frozen=True)
class Step:
    """One instruction: its word, its flags without the dashes, and the rest."""

    word: str
    flags: dict[str, str]
    rest: str


@dataclass
class Stage:
    """One FROM with what follows."""

    name: str
    steps: list[Step] = field(default_factory=list)

    def last(self, word: str) -> Step:
        return next(step for step in reversed(self.steps) if step.word == word)

    def environment(self) -> dict[str, str]:
        return dict(step.rest.split("=", 1) for step in self.steps if step.word == "ENV")


def stages() -> tuple[str, list[Stage]]:
    """The suite of the base image, and the stages."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text("utf-8"), flags=re.MULTILINE)
    suite, found = "", []
    for line in filter(None, map(str.strip, re.sub(r"\\\n", " ", text).splitlines())):
        word, _, rest = line.partition(" ")
        if word == "ARG" and (base := SUITE.match(rest)):
            suite = base[1]
        elif word == "FROM":
            found.append(Stage(rest.partition(" AS ")[2]))
        else:
            found[-1].steps.append(_step(word, rest))
    return suite, found


def _step(word: str, rest: str) -> Step:
    flags = {}
    while found := re.match(r"--([a-z-]+)=(\S+)\s+", rest):
        flags[found[1]] = found[2]
        rest = rest[found.end() :]
    return Step(word, flags, rest.strip())


@contextmanager
def image(folder: Path) -> Iterator[Path]:
    """The root of the last stage, mounted read-only but for /tmp and the volume, as `--read-only --tmpfs /tmp` would be."""
    suite, found = stages()
    base = folder / "base"
    _run([requires_program("debootstrap"), "--variant=minbase", suite, str(base)])
    for file in NETWORK:
        (base / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(f"/{file}", base / file)
    roots: dict[str, Path] = {}
    for number, stage in enumerate(found):
        root = roots[stage.name or str(number)] = folder / f"stage-{number}"
        _run(["cp", "-a", str(base), str(root)])
        _build(stage, root, roots)
    yield root


def _build(stage: Stage, root: Path, roots: dict[str, Path]) -> None:
    directory, environment = "/", {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", **installing()}
    for step in stage.steps:
        if step.word == "WORKDIR":
            directory = step.rest
            (root / directory.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif step.word == "ENV":
            environment |= dict([step.rest.split("=", 1)])
        elif step.word == "COPY":
            _copy(step, root, directory, roots)
        elif step.word == "RUN":
            assignments = [f"{name}={value}" for name, value in environment.items()]
            command = ["/bin/sh", "-c", f"cd {shlex.quote(directory)} && {step.rest}"]
            _run(_with_archives(root, ["env", "-i", *assignments, "DEBIAN_FRONTEND=noninteractive", *command]))


def installing() -> dict[str, str]:
    """How pip is set up on this machine, as variables: the root has to find the same packages."""
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True)
    settings = (line.partition("=") for line in listed.stdout.splitlines())
    names = ((name.rpartition(".")[2], value.strip("'")) for name, _, value in settings)
    return {f"PIP_{name.upper().replace('-', '_')}": value for name, value in names}


def _with_archives(root: Path, command: list[str]) -> list[str]:
    """The command in the root, which sees the files and folders of this machine that pip's settings name."""
    words = {word.removeprefix("file://") for value in installing().values() for word in value.split()}
    mounts = []
    for place in sorted(path for path in map(Path, words) if path.is_absolute() and path.exists()):
        inside_root = root / str(place).lstrip("/")
        if place.is_file():
            inside_root.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(place, inside_root)
        else:  # an index refers to files beside itself
            whole = Path(*place.parts[:3])
            (root / str(whole).lstrip("/")).mkdir(parents=True, exist_ok=True)
            mounts.append(f"mount --bind {shlex.quote(str(whole))} {shlex.quote(f'{root}{whole}')}")
    run = shlex.join(["chroot", str(root), *command])
    return ["unshare", "--mount", "sh", "-ec", "\n".join([*mounts, f"exec {run}"])]


def _copy(step: Step, root: Path, directory: str, roots: dict[str, Path]) -> None:
    source, target = step.rest.split()
    place = root / os.path.normpath(os.path.join(directory, target)).lstrip("/")  # noqa: PTH118 - a path inside the root
    if "from" in step.flags:
        place.parent.mkdir(parents=True, exist_ok=True)
        _run(["cp", "-a", f"{roots[step.flags['from']]}{source}", str(place)])
    elif source == ".":
        shutil.copytree(ROOT, place, dirs_exist_ok=True, ignore=_ignored)
    else:
        shutil.copy(ROOT / source, place / source)
    if "chown" in step.flags:
        _run(["chown", "-R", step.flags["chown"], str(place)])


def _ignored(folder: str, names: list[str]) -> set[str]:
    """What .dockerignore leaves out of the context."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").split()
    anywhere = [line.removeprefix("**/") for line in lines if line.startswith("**/")]
    found = {name for name in names for pattern in anywhere if Path(name).match(pattern)}
    return found | ({*lines} & {*names} if Path(folder) == ROOT else set())


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{shlex.join(command)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


def inside(root: Path, stage: Stage, command: list[str], settings: dict[str, str] | None = None) -> list[str]:
    """The command line that runs a command in the image, as its user, with nothing writable but /tmp and the volume."""
    (volume,) = json.loads(stage.last("VOLUME").rest)
    user = stage.last("USER").rest
    environment = [f"{name}={value}" for name, value in (stage.environment() | (settings or {})).items()]
    place = shlex.quote(str(root))
    mounts = (
        f"mount --bind {place} {place} && mount -o remount,bind,ro {place} && mount -t tmpfs tmpfs {place}/tmp"
        f" && mount --bind {place}.volume {place}{volume}"
    )
    run = shlex.join(["chroot", f"--userspec={user}:{user}", str(root), "/usr/bin/env", "-i", *environment, *command])
    return ["unshare", "--mount", "sh", "-c", f"{mounts} && exec {run}"]


def with_volume(root: Path, stage: Stage) -> None:
    """A fresh volume, which begins with what the image has there, as a named one does."""
    (volume,) = json.loads(stage.last("VOLUME").rest)
    _run(["cp", "-a", f"{root}{volume}", f"{root}.volume"])


def answers(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as reply:
        found: bytes = reply.read()
        return found
