"""The estimator of candidates: a logistic model over named features, as a frozen table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weight:
    """What a feature counts for: added to the log odds for every `scale` that it lies above `mean`."""

    feature: str
    weight: float
    mean: float
    scale: float


@dataclass(frozen=True, slots=True)
class Estimator:
    """A fitted logistic model; `fitted_on` names the pairs of works whose published tables it was fitted on."""

    intercept: float
    weights: tuple[Weight, ...]
    fitted_on: tuple[str, ...] = ()

    def probabilities(self, features: Mapping[str, Floats]) -> Floats:
        """The probability for each row of the features, 0 to 1; what is unknown (NaN) counts as the mean of the fit."""
        odds = np.full(len(next(iter(features.values()))), self.intercept)
        for one in self.weights:
            odds += np.nan_to_num(features[one.feature] - one.mean, nan=0.0) / one.scale * one.weight
        found: Floats = 1 / (1 + np.exp(-odds))
        return found

    @property
    def features(self) -> Sequence[str]:
        """The names of the features, in order."""
        return [one.feature for one in self.weights]
