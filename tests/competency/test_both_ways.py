"""The check on every competency question looks at something."""

from tests.competency.conftest import Seen
from tests.support.server import Client


def test_what_is_asked_over_http_is_answered_both_ways(client: Client, seen: Seen) -> None:
    client.ask('{ resource(id: "cs-gold-mark") { prefLabel { value } } }')
    [(by_plan, by_core)] = seen
    assert by_plan.by_plan
    assert not by_core.by_plan
