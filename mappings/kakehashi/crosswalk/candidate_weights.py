"""What the estimator of candidates was fitted to be: written by `benchmarks.candidates`, not by hand."""

from typing import Final

from kakehashi.crosswalk.candidate_estimator import Estimator, Weight

FITTED: Final = Estimator(
    intercept=-3.77927,
    weights=(
        Weight("share", 0.345061, -3.65912, 1.05941),
        Weight("chains", 0.0288902, 1.04387, 0.518095),
        Weight("routes", 0.121129, 0.735351, 0.129813),
        Weight("longer", -0.0695245, 0.870503, 0.33575),
        Weight("names", 0.0625198, 0.039369, 0.116274),
        Weight("words", 0.0445747, 0.0501499, 0.0589336),
        Weight("characters", 0.088642, 0.0997644, 0.0670887),
        Weight("counterparts", 0.1445, 0.168512, 0.107228),
        Weight("stands out", 0.856479, 0.768881, 0.431242),
    ),
    fitted_on=(
        "adobe-ccf/v5 : iso-27001/2022",
        "adobe-ccf/v5 : nist-csf/1.1",
        "adobe-ccf/v5 : nist-sp-800-53/rev5",
        "adobe-ccf/v5 : pci-dss/4.0",
        "adobe-ccf/v5 : soc-2/2017-rev-2022",
        "iso-27001/2022 : nist-csf/2.0",
        "iso-27001/2022 : nist-sp-800-53/rev5",
        "iso-27001/2022 : opencre/2023",
        "iso-27001/2022 : scf/2025.2.2",
        "nist-csf/2.0 : scf/2025.2.2",
        "nist-sp-800-53/rev5 : opencre/2023",
        "pci-dss/4.0 : scf/2025.2.2",
        "scf/2025.2.2 : soc-2/2017-rev-2022",
    ),
)
