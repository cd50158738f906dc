"""All questions that are asked of one release, whichever it is."""

import strawberry

from kakehashi.graphql.certificates import CertificateQueries
from kakehashi.graphql.changes import ChangeQueries
from kakehashi.graphql.context import Info
from kakehashi.graphql.coverage_queries import CoverageQueries
from kakehashi.graphql.crosswalk_queries import CrosswalkQueries
from kakehashi.graphql.edition_queries import EditionQueries
from kakehashi.graphql.gap_queries import GapQueries
from kakehashi.graphql.resource_queries import ResourceQueries
from kakehashi.graphql.resources import Release
from kakehashi.graphql.threat_queries import ThreatQueries


@strawberry.type(description="The questions that are asked of one release.")
class Questions(
    CertificateQueries,
    ChangeQueries,
    CoverageQueries,
    CrosswalkQueries,
    EditionQueries,
    GapQueries,
    ResourceQueries,
    ThreatQueries,
):
    """The fields of the root that a release answers."""

    @strawberry.field(description="The release that answers.")
    def release(self, info: Info) -> Release:
        """The release."""
        return Release(snapshot=info.context.snapshot)
