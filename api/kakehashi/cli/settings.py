"""Settings from the environment; options of the command line win over them."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from kakehashi.vocabulary.iris import DEFAULT_BASE


class Settings(BaseSettings):
    """KAKEHASHI_HOME, the folder of releases, and KAKEHASHI_BASE, what instance IRIs begin with.

    KAKEHASHI_SPARQL turns /sparql on, KAKEHASHI_SPARQL_ALL lets it answer from all sources, KAKEHASHI_SPARQL_TIME_LIMIT is how
    many seconds a query may take, and KAKEHASHI_SPARQL_WORKERS how many are answered at a time.

    KAKEHASHI_SERVE_PRIVATE lets GraphQL answer from private sources, on a server that listens on this machine alone.

    KAKEHASHI_MCP mounts the tools for assistants at /mcp, and KAKEHASHI_MCP_HOSTS, a JSON list, names the hosts beside this
    machine that requests to them may be addressed to.

    KAKEHASHI_TRUSTED_DOCUMENTS is a manifest or a folder of documents that are asked for by their sha256, KAKEHASHI_TRUSTED_ONLY
    refuses all others. KAKEHASHI_RATE_LIMIT is how many points a client may spend an hour (0: no limit), counted in
    KAKEHASHI_RATE_LIMIT_STORAGE (memory://, redis://...). KAKEHASHI_ORIGINS are the sites, parted by commas, whose pages may read
    answers (*: any). KAKEHASHI_PLACES is how many answers are computed at a time, KAKEHASHI_TIME_LIMIT for how many seconds each.

    KAKEHASHI_STORE is the query address of a SPARQL server that holds the releases instead of the home; what does not follow from
    it (for servers other than Oxigraph and Virtuoso) is said by KAKEHASHI_STORE_UPDATE and KAKEHASHI_STORE_GRAPHS.

    KAKEHASHI_KEYS is the folder of the API keys, for replicas to share (else below the home). KAKEHASHI_ANONYMOUS_READ=false
    wants a key or a token for reading too. KAKEHASHI_OIDC_ISSUER, KAKEHASHI_OIDC_AUDIENCE and KAKEHASHI_OIDC_JWKS_URL, all three,
    let an issuer's tokens in; KAKEHASHI_OIDC_ALGORITHMS are those that it may sign with, KAKEHASHI_OIDC_LEEWAY is by how many
    seconds clocks may differ, and KAKEHASHI_OIDC_SCOPES_CLAIM and KAKEHASHI_OIDC_ORGANISATIONS_CLAIM say where a token tells
    its rights.

    KAKEHASHI_IMPORTS takes imports and builds them, KAKEHASHI_IMPORTS_FOLDER is their journal, for replicas to share (else below
    the home), KAKEHASHI_IMPORTS_MAX_BYTES how large one may be, KAKEHASHI_IMPORTS_KEPT how many finished ones are remembered.
    """

    model_config = SettingsConfigDict(env_prefix="KAKEHASHI_")

    home: Path = Path(".kakehashi")
    base: str = DEFAULT_BASE
    store: str | None = None
    store_update: str | None = None
    store_graphs: str | None = None
    store_user: str | None = None
    store_password: SecretStr | None = None
    sparql: bool = False
    sparql_all: bool = False
    sparql_time_limit: Annotated[float, Field(gt=0, le=3600)] = 10.0
    serve_private: bool = False
    mcp: bool = False
    mcp_hosts: tuple[str, ...] = ()
    sparql_workers: Annotated[int, Field(ge=1, le=64)] = 2
    keys: Path | None = None
    anonymous_read: bool = True
    oidc_issuer: str | None = None
    oidc_audience: str | None = None
    oidc_jwks_url: str | None = None
    oidc_algorithms: str = "RS256,ES256"
    oidc_leeway: Annotated[float, Field(ge=0, le=300)] = 30.0
    oidc_scopes_claim: str = "scope"
    oidc_organisations_claim: str = "organisations"
    imports: bool = False
    imports_folder: Path | None = None
    imports_max_bytes: Annotated[int, Field(ge=1, le=512 * 1024 * 1024)] = 64 * 1024 * 1024
    imports_kept: Annotated[int, Field(ge=1, le=10_000)] = 200
    trusted_documents: Path | None = None
    trusted_only: bool = False
    rate_limit: Annotated[int, Field(ge=0, le=1_000_000)] = 5000
    rate_limit_storage: SecretStr = SecretStr("memory://")
    origins: str = "*"
    places: Annotated[int, Field(ge=1, le=32)] = 16
    time_limit: Annotated[float, Field(gt=0, le=600)] = 20.0
