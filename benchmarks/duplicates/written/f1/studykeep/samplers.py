"""Samplers that propose the next point."""

from typing import Any, Dict, List

import numpy as np

from studykeep.space import Float, Int, Space
from studykeep.trial import Trial, TrialState


class RandomSampler:
    """Draw each dimension by itself."""

    name = "random"

    def __init__(self, seed=None):
        self._rng = np.random.default_rng(seed)

    def propose(self, space: Space, history: List[Trial]) -> Dict[str, Any]:
        return {name: dim.sample(self._rng) for name, dim in space.dimensions.items()}


class HillClimbSampler(RandomSampler):
    """Move a little from the best point seen, now and then draw anew."""

    name = "hill-climb"

    def __init__(self, seed=None, explore=0.2, minimize=True):
        super().__init__(seed)
        self.explore = explore
        self.minimize = minimize

    def propose(self, space, history):
        done = [t for t in history if t.state is TrialState.COMPLETE and t.value is not None]
        if not done or self._rng.random() < self.explore:
            return super().propose(space, history)
        pick = min if self.minimize else max
        best = pick(done, key=lambda t: t.value)
        point = {}
        for name, dim in space.dimensions.items():
            if isinstance(dim, (Float, Int)):
                width = 0.1 * (dim.high - dim.low)
                moved = float(best.params[name]) + self._rng.normal(0, width)
                moved = min(max(moved, dim.low), dim.high)
                point[name] = int(round(moved)) if isinstance(dim, Int) else moved
            else:
                point[name] = dim.sample(self._rng)
        return point
