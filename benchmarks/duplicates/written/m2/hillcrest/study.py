"""Studies and trials, without any tracking."""

from __future__ import annotations

import enum
import time
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Optional, Protocol

import numpy as np

from hillcrest.space import Space


class State(str, enum.Enum):
    RUNNING = "RUNNING"
    COMPLETE = "COMPLETE"
    PRUNED = "PRUNED"
    FAILED = "FAILED"


class Pruned(Exception):
    """Raised by an objective that gives up."""


@dataclass
class Trial:
    number: int
    params: Dict[str, Any]
    state: State = State.RUNNING
    value: Optional[float] = None
    started: float = field(default_factory=time.time)


class Callback(Protocol):
    def on_start(self, study: "Study", trial: Trial) -> None: ...

    def on_end(self, study: "Study", trial: Trial) -> None: ...


@dataclass
class Study:
    name: str
    space: Space
    direction: str = "minimize"
    sampler: str = "random"
    seed: int = 0
    trials: List[Trial] = field(default_factory=list)

    def optimize(self, objective: Callable[[Trial], float], n: int, callbacks: Optional[List[Callback]] = None) -> None:
        rng = np.random.default_rng(self.seed + len(self.trials))
        for _ in range(n):
            trial = Trial(len(self.trials), self.space.sample(rng))
            self.trials.append(trial)
            for callback in callbacks or []:
                callback.on_start(self, trial)
            try:
                trial.value = float(objective(trial))
                trial.state = State.COMPLETE
            except Pruned:
                trial.state = State.PRUNED
            except Exception:
                trial.state = State.FAILED
                raise
            finally:
                for callback in callbacks or []:
                    callback.on_end(self, trial)

    @property
    def best_trial(self) -> Trial:
        done = [t for t in self.trials if t.state is State.COMPLETE]
        pick = min if self.direction == "minimize" else max
        return pick(done, key=lambda t: t.value)
