"""The folder that a process keeps its releases in, or its copies of them: one KAKEHASHI_HOME.

KAKEHASHI_HOME/
  records/{digest}.json   what one source says, as records; shared by all releases that hold the source
  reports/{id}.json       what the load that made a release read, kept and left out
  cache/                  what was fetched; nothing private stays there
  lock                    held by whoever makes a release
  private/                the private releases: a home of its own, which nothing public opens
  current, releases/      the embedded store (`store.embedded`), where no server is used
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from kakehashi.records.model import Record, Term
from kakehashi.store.durable import write_whole

Stored = Record | Term

_DECODER: Final = msgspec.json.Decoder(list[Stored])
_ENCODER: Final = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Home:
    """Paths below one KAKEHASHI_HOME, and the records that are kept there; `mode` is who may enter the folder when it is made."""

    root: Path
    mode: int = 0o777

    @property
    def closed(self) -> bool:
        """Whether other users of the machine may not enter it, whoever made it."""
        return self.mode & 0o077 == 0

    @property
    def lock(self) -> Path:
        """The file that whoever makes a release locks."""
        return self.root / "lock"

    @property
    def private(self) -> "Home":
        """The home of the private releases beside these, which other users of the machine may not enter."""
        return Home(self.root / "private", 0o700)

    @property
    def cache(self) -> Path:
        """Where fetched files are kept."""
        return self.root / "cache"

    def report(self, release_id: str) -> Path:
        """The report of the load that made a release."""
        return self.root / "reports" / f"{release_id}.json"

    def records(self, digest: str) -> list[Stored] | None:
        """What the source with a content digest says; None where it is not kept here, or cannot be read."""
        file = self._file(digest)
        try:
            return _DECODER.decode(file.read_bytes())
        except OSError:
            return None
        except msgspec.DecodeError:
            file.unlink(missing_ok=True)  # a power cut left a part of it
            return None

    def keep(self, digest: str, records: list[Stored]) -> None:
        """Keep what a source says; what is lost can be read out of the store again."""
        file = self._file(digest)
        if not file.exists():
            write_whole(file, _ENCODER.encode(records), lasting=False)

    def forget(self, digests: frozenset[str]) -> None:
        """Remove all kept records but those of some digests."""
        for file in self.root.glob("records/*.json"):
            if file.stem not in digests:
                file.unlink(missing_ok=True)

    def _file(self, digest: str) -> Path:
        return self.root / "records" / f"{digest}.json"
