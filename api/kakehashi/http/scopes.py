"""What somebody may do: each scope with what it means, for `kakehashi keys` and the documents alike (docs/decisions/0018)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kakehashi.vocabulary.text import Text

READ: Final = "read"
PRIVATE_READ: Final = "private:read"
IMPORTS_WRITE: Final = "imports:write"
IMPORTS_PRIVATE: Final = "imports:private"
ADMIN: Final = "admin"

SCOPES: Final[Mapping[str, Text]] = MappingProxyType({
    READ: Text("公開の内容を読む", "Read what is public"),
    PRIVATE_READ: Text("担当する組織の非公開の評価を読む", "Read the private assessments of one's own organisations"),
    IMPORTS_WRITE: Text("公開の出典を送る", "Send in public sources"),
    IMPORTS_PRIVATE: Text("担当する組織の非公開の評価を送る", "Send in private assessments of one's own organisations"),
    ADMIN: Text("すべての人の取り込みを見て、確定する", "See and commit everybody's imports"),
})  # fmt: skip
"""No scope includes another: what a caller may do is what the caller's list says."""

EVERYBODYS: Final = frozenset({READ})
"""What whoever sends no credential may do."""
