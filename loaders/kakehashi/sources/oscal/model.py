"""The shapes of OSCAL that are read: each object on its own, so that a fault in one hides none in another.

Lists of objects that are checked one by one are `list[Any]`. The published files are newer, older and looser than any one release
of the schemas, so unknown keys are passed over and only what is needed must be there.
"""

from typing import Any, Final, TypeAlias

from msgspec import Struct, field

Scalar: TypeAlias = str | int | float | bool | None
"""A text of OSCAL; YAML without quotes may have made something else of it."""

PLACEHOLDER: Final = "REPLACE_ME"
"""What OSCAL tools write where somebody still has to fill something in."""


def plain(value: Scalar) -> str:
    """A scalar as the text that was meant; empty where there is none."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def told(value: Scalar) -> str:
    """A text that says something: empty for a placeholder too."""
    text = plain(value)
    return "" if text == PLACEHOLDER else text


class _Shape(Struct, frozen=True, rename="kebab"):
    pass


class Prop(_Shape, frozen=True):
    """A name and a value; `remarks` joins those that belong together."""

    name: Scalar
    value: Scalar = None
    ns: Scalar = None
    class_: Scalar = field(default=None, name="class")
    remarks: Scalar = None


class Link(_Shape, frozen=True):
    """A reference of a kind to something."""

    href: Scalar
    rel: Scalar = None
    text: Scalar = None


class Party(_Shape, frozen=True):
    """Someone whom the document names."""

    uuid: Scalar = None
    type: Scalar = None
    name: Scalar = None


class ResponsibleParty(_Shape, frozen=True):
    """Who fills a role."""

    role_id: Scalar = None
    party_uuids: list[Scalar] = []


class DocumentId(_Shape, frozen=True):
    """An identifier that all versions of a document share."""

    identifier: Scalar = None


class Revision(_Shape, frozen=True):
    """An entry of the document's history."""

    published: Scalar = None
    last_modified: Scalar = None


class Metadata(_Shape, frozen=True):
    """What a document says of itself."""

    title: Scalar
    oscal_version: Scalar
    version: Scalar = None
    published: Scalar = None
    last_modified: Scalar = None
    language: Scalar = None
    remarks: Scalar = None
    revisions: list[Revision] = []
    document_ids: list[DocumentId] = []
    props: list[Prop] = []
    links: list[Link] = []
    parties: list[Party] = []
    responsible_parties: list[ResponsibleParty] = []


class ResourceLink(_Shape, frozen=True):
    """Where a resource of the back matter can be had."""

    href: Scalar = None


class BackResource(_Shape, frozen=True):
    """A resource of the back matter."""

    uuid: Scalar
    title: Scalar = None
    description: Any = None
    citation: Any = None
    props: list[Prop] = []
    rlinks: list[ResourceLink] = []


class BackMatter(_Shape, frozen=True):
    """The back matter."""

    resources: list[Any] = []


class Part(_Shape, frozen=True):
    """A piece of text of a group or control, or of another part."""

    name: Scalar
    id: Scalar = None
    title: Scalar = None
    prose: Scalar = None
    props: list[Prop] = []
    links: list[Any] = []
    parts: list[Any] = []


class Selection(_Shape, frozen=True):
    """A parameter's choice among several."""

    how_many: Scalar = None
    choice: list[Scalar] = []


class Constraint(_Shape, frozen=True):
    """What a parameter's value has to keep to."""

    description: Scalar = None


class Parameter(_Shape, frozen=True):
    """A place in a text for an organisation's own value; `param-id` where a profile or component sets it."""

    id: Scalar = None
    param_id: Scalar = None
    label: Scalar = None
    values: list[Scalar] = []
    select: Selection = Selection()
    constraints: list[Constraint] = []
    guidelines: list[Any] = []


class Control(_Shape, frozen=True):
    """A control, or a control within a control."""

    id: Scalar
    title: Scalar = None
    props: list[Prop] = []
    links: list[Link] = []
    params: list[Any] = []
    parts: list[Any] = []
    controls: list[Any] = []


class ControlGroup(_Shape, frozen=True):
    """A group of controls or of groups; not every group has an id."""

    id: Scalar = None
    title: Scalar = None
    props: list[Prop] = []
    links: list[Link] = []
    params: list[Any] = []
    parts: list[Any] = []
    controls: list[Any] = []
    groups: list[Any] = []


class _Root(_Shape, frozen=True):
    uuid: Any = None
    metadata: Any = None
    back_matter: Any = None


class Catalog(_Root, frozen=True):
    """A catalogue: controls and groups of them."""

    params: list[Any] = []
    controls: list[Any] = []
    groups: list[Any] = []


class Choice(_Shape, frozen=True):
    """Which controls an import takes, or leaves out."""

    with_ids: list[Scalar] = []
    with_child_controls: Scalar = None
    matching: list[Any] = []


class Import(_Shape, frozen=True):
    """What a profile takes of another document."""

    href: Scalar
    include_all: Any = None
    include_controls: list[Choice] = []
    exclude_controls: list[Choice] = []


class Addition(_Shape, frozen=True):
    """What a profile adds to a control."""

    by_id: Scalar = None
    position: Scalar = None
    title: Scalar = None
    params: list[Any] = []
    props: list[Prop] = []
    links: list[Link] = []
    parts: list[Any] = []


class Alteration(_Shape, frozen=True):
    """What a profile changes of a control."""

    control_id: Scalar
    adds: list[Any] = []
    removes: list[Any] = []


class Modification(_Shape, frozen=True):
    """What a profile sets and changes."""

    set_parameters: list[Any] = []
    alters: list[Any] = []


class Profile(_Root, frozen=True, kw_only=True):
    """A profile: imports, how they are merged, and what is modified."""

    imports: list[Any]
    merge: Any = None
    modify: Modification = Modification()


class ImplementedStatement(_Shape, frozen=True):
    """How a component deals with one statement of a control."""

    statement_id: Scalar
    description: Scalar = None
    props: list[Prop] = []
    set_parameters: list[Any] = []


class ImplementedRequirement(_Shape, frozen=True):
    """How a component deals with a control."""

    uuid: Scalar
    control_id: Scalar
    description: Scalar = None
    props: list[Prop] = []
    links: list[Any] = []
    set_parameters: list[Any] = []
    responsible_roles: list[Any] = []
    statements: list[Any] = []


class ControlImplementation(_Shape, frozen=True):
    """How a component deals with the controls of one catalogue or profile."""

    uuid: Scalar
    source: Scalar
    implemented_requirements: list[Any]
    description: Scalar = None
    props: list[Prop] = []
    links: list[Any] = []
    set_parameters: list[Any] = []


class Component(_Shape, frozen=True):
    """A component, or a capability (which has a `name`, and components in it)."""

    uuid: Scalar
    title: Scalar = None
    name: Scalar = None
    description: Scalar = None
    purpose: Scalar = None
    props: list[Prop] = []
    links: list[Any] = []
    responsible_roles: list[Any] = []
    protocols: list[Any] = []
    incorporates_components: list[Any] = []
    control_implementations: list[Any] = []


class ComponentDefinition(_Root, frozen=True):
    """A component definition."""

    import_component_definitions: list[Any] = []
    components: list[Any] = []
    capabilities: list[Any] = []


class ConfidenceScore(_Shape, frozen=True):
    """How sure the author of a mapping is: a share of 1, or a word."""

    percentage: Scalar = None
    category: Scalar = None


class Coverage(_Shape, frozen=True):
    """How much of the targets the sources cover, as a share of 1."""

    target_coverage: Scalar = None


class Provenance(_Shape, frozen=True):
    """How a mapping was made, for a whole collection; a mapping says the same for itself."""

    method: Scalar = None
    matching_rationale: Scalar = None
    status: Scalar = None
    confidence_score: ConfidenceScore | None = None


class MappedResource(_Shape, frozen=True):
    """A catalogue or profile that a mapping starts from or leads to."""

    href: Scalar
    type: Scalar = None
    props: list[Prop] = []


class MappingItem(_Shape, frozen=True):
    """A control, or a statement of one, on a side of a map; published files write `id_ref` too."""

    type: Scalar
    id_ref: Scalar = None
    id_ref_misspelt: Scalar = field(default=None, name="id_ref")
    props: list[Any] = []
    links: list[Any] = []
    remarks: Scalar = None


class Qualifier(_Shape, frozen=True):
    """A condition under which a map holds."""

    subject: Scalar = None
    predicate: Scalar = None
    category: Scalar = None
    description: Scalar = None
    remarks: Scalar = None


class Map(_Shape, frozen=True):
    """The sources of a mapping in a relation to the targets."""

    relationship: Scalar
    sources: list[MappingItem]
    targets: list[MappingItem]
    ns: Scalar = None
    matching_rationale: Scalar = None
    qualifiers: list[Qualifier] = []
    confidence_score: ConfidenceScore | None = None
    coverage: Coverage | None = None
    props: list[Prop] = []
    links: list[Any] = []
    remarks: Scalar = None


class Unmapped(_Shape, frozen=True):
    """What has no counterpart."""

    unmapped_controls: list[Choice] = []


class Mapping(_Shape, frozen=True):
    """A mapping of one resource to another."""

    uuid: Scalar
    source_resource: MappedResource
    target_resource: MappedResource
    maps: list[Any]
    method: Scalar = None
    matching_rationale: Scalar = None
    status: Scalar = None
    mapping_description: Scalar = None
    confidence_score: ConfidenceScore | None = None
    coverage: Coverage | None = None
    props: list[Any] = []
    links: list[Any] = []
    remarks: Scalar = None
    source_gap_summary: Unmapped | None = None
    target_gap_summary: Unmapped | None = None


class MappingCollection(_Root, frozen=True, kw_only=True):
    """A collection of mappings; one mapping may stand without a list around it."""

    mappings: Any
    provenance: Provenance = Provenance()
