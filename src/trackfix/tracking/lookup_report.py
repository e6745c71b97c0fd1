"""What a search for one run has found, and all that it has tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from trackfix.tracking.errors import RunNotFoundError

Outcome: TypeAlias = Literal["found", "not found", "rejected", "skipped", "error"]


@dataclass(frozen=True)
class Attempt:
    """What came of one strategy.

    ``outcome`` is "rejected" for a run that is there but can't be meant, since it is deleted or in
    another experiment; "skipped" where there was nothing to go by; "error" where something local
    can't be read, a file for one. ``detail`` says more in words. ``run_id`` is that of a run found.

    >>> from trackfix.tracking.finder import Attempt
    >>> print(Attempt("run_id", "rejected", "run 0c5e is deleted"))
    run_id: rejected (run 0c5e is deleted)
    """

    strategy: str
    outcome: Outcome
    detail: str = ""
    run_id: str | None = None
    error: Exception | None = None

    def __str__(self) -> str:
        return f"{self.strategy}: {self.outcome}" + (f" ({self.detail})" if self.detail else "")


@dataclass(frozen=True)
class RunLookupReport:
    """Which run was found, by which strategy, and what came of each; ``print`` shows it all.

    >>> from trackfix.tracking import create_mlflow_client, find_mlflow_run
    >>> run = create_mlflow_client().create_run("0")
    >>> report = find_mlflow_run(run_id=run.info.run_id)
    >>> report.found, report.run_id == run.info.run_id, report.strategy_used
    (True, True, 'run_id')
    """

    attempts: tuple[Attempt, ...]

    @property
    def found(self) -> bool:
        """Whether a run was found."""
        return self._hit is not None

    @property
    def run_id(self) -> str | None:
        """The run that was found."""
        return self._hit.run_id if self._hit else None

    @property
    def strategy_used(self) -> str | None:
        """The strategy that found it."""
        return self._hit.strategy if self._hit else None

    def raise_if_not_found(self) -> str:
        """The id of the run that was found.

        Raises:
            RunNotFoundError: there is none; the message says what came of each strategy.

        >>> from trackfix.tracking import find_mlflow_run
        >>> report = find_mlflow_run(experiment_id="0", run_name="final", strict=False)
        >>> report.raise_if_not_found()
        Traceback (most recent call last):
        trackfix.tracking.errors.RunNotFoundError: no run found...
        """
        if self.run_id is None:
            raise RunNotFoundError(str(self))
        return self.run_id

    def __str__(self) -> str:
        head = f"run {self.run_id} found by {self.strategy_used}" if self.found else "no run found"
        return "\n  ".join([head, *map(str, self.attempts)])

    @property
    def _hit(self) -> Attempt | None:
        return next((attempt for attempt in self.attempts if attempt.outcome == "found"), None)
