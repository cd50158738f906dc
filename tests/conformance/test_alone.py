"""What takes up the provisions of another file can be loaded before that file, and without it."""

from pathlib import Path

import pytest

from kakehashi.pipeline.load import load
from kakehashi.pipeline.report import Outcome
from tests.support.corpus import corpus
from tests.support.making import maker_at

BASELINES = (
    "oscal-fedramp-rev5/FedRAMP_rev5_LI-SaaS-baseline-resolved-profile_catalog.json",
    "oscal-nist-800-53/rev5.1.1/NIST_SP-800-53_rev5_PRIVACY-baseline-resolved-profile_catalog-min.json",
    "oscal-nist-800-53/rev5.1.1/NIST_SP-800-53_rev5_LOW-baseline_profile.json",
    "ciso-assistant/mappings/mapping-nist-csf-2.0-to-iso27001-2022.yaml",
)


@pytest.mark.parametrize("name", BASELINES)
def test_a_baseline_or_a_mapping_needs_no_other_file(tmp_path: Path, name: str) -> None:
    report = load(maker_at(tmp_path), [corpus(name)])
    assert [(one.outcome, one.faults) for one in report.sources] == [(Outcome.LOADED, ())]
