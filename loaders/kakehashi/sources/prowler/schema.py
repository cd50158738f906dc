"""The two schemas of Prowler's compliance files: of one provider (Framework, Requirements ...) and of all (lower-case keys)."""

from typing import Annotated, Any

from msgspec import Meta, Struct

Named = Annotated[str, Meta(pattern=r"\S")]


class Document(Struct, frozen=True, kw_only=True):
    """A file of all providers (lower-case keys)."""

    framework: Named
    requirements: list[Any]
    name: str = ""
    version: str | None = None
    provider: str | None = None
    description: str = ""
    icon: str | None = None
    attributes_metadata: Any = None
    outputs: Any = None


class ProviderDocument(
    Struct,
    frozen=True,
    kw_only=True,
    rename={name: name.capitalize() for name in ("framework", "requirements", "provider", "name", "version", "description")},
):
    """A file of one provider."""

    framework: Named
    requirements: list[Any]
    provider: Named
    name: str = ""
    version: str | None = None
    description: str = ""


class Requirement(Struct, frozen=True, kw_only=True):
    """A requirement of a file of all providers."""

    id: Named
    description: str = ""
    name: str | None = None
    attributes: dict[str, Any] | list[dict[str, Any]] = {}
    checks: dict[str, list[str]] | list[str] = {}
    config_requirements: list[dict[str, Any]] | None = None
    tactics: list[str] | None = None
    sub_techniques: list[str] | None = None
    platforms: list[str] | None = None
    technique_url: str | None = None


class ProviderRequirement(
    Struct,
    frozen=True,
    kw_only=True,
    rename={
        "id": "Id", "description": "Description", "name": "Name", "attributes": "Attributes", "checks": "Checks",
        "config_requirements": "ConfigRequirements", "tactics": "Tactics", "sub_techniques": "SubTechniques",
        "platforms": "Platforms", "technique_url": "TechniqueURL",
    },
):  # fmt: skip
    """A requirement of a file of one provider."""

    id: Named
    description: str = ""
    name: str | None = None
    attributes: list[dict[str, Any]] = []
    checks: list[str] = []
    config_requirements: list[dict[str, Any]] | None = None
    tactics: list[str] | None = None
    sub_techniques: list[str] | None = None
    platforms: list[str] | None = None
    technique_url: str | None = None


AnyDocument = Document | ProviderDocument
AnyRequirement = Requirement | ProviderRequirement
