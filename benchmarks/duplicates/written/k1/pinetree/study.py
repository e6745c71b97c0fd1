"""Runs a whole study."""

from __future__ import annotations

import random
from typing import Any

from pinetree.config import StudyConfig
from pinetree.models import fit_and_score
from pinetree.space import Space
from pinetree.tracking.auto import AutoTracker
from pinetree.tracking.manager import StudyTracker


class Study:
    """Samples points and keeps what they scored."""

    def __init__(self, config: StudyConfig) -> None:
        self.config = config
        self.space = Space(config.space)
        self.rng = random.Random(config.seed)

    def _points(self) -> Any:
        if self.config.sampler == "grid":
            yield from self.space.grid()
            return
        for _ in range(self.config.n_trials):
            yield self.space.sample(self.rng)

    def run(self, frame: Any) -> dict[str, str]:
        """Try all points and return the best ones' params."""
        if self.config.autolog:
            return self._run_auto(frame)
        tracker = StudyTracker(self.config)
        tracker.open_study()
        for n, point in enumerate(self._points()):
            run_id = tracker.start_trial(n, point)
            try:
                metrics = fit_and_score(point, frame, self.config.target, self.config.seed)
            except ValueError:
                tracker.end_trial(run_id, {}, ok=False)
                continue
            tracker.end_trial(run_id, metrics)
        return tracker.best_params()

    def _run_auto(self, frame: Any) -> dict[str, str]:
        tracker = AutoTracker(self.config)
        with tracker.study():
            for n, point in enumerate(self._points()):
                with tracker.trial(n):
                    fit_and_score(point, frame, self.config.target, self.config.seed)
        manual = StudyTracker(self.config)
        best = manual.best_trial(tracker.parent)
        return best.data.params if best is not None else {}
