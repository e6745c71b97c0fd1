"""A tracker for each stage of a pipeline: each has its own experiment and says so in a tag."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from trackfix.tracking.tag_keys import DEFAULT_TAG_KEYS
from trackfix.tracking.tracker import MLflowTracker

if TYPE_CHECKING:
    from typing_extensions import Self


class StageTracker(MLflowTracker):
    """An ``MLflowTracker`` whose runs carry the tag ``code.stage`` and which names an experiment.

    The experiment is that of the name, whatever experiment is active in the process: two trackers
    side by side keep to their own. Neither it nor the tracking URI of the process is changed.

    >>> from trackfix.tracking.trackers import MLflowTrainingTracker
    >>> with MLflowTrainingTracker("churn-training") as tracker:
    ...     tracker.log_metric("loss", 0.5)
    >>> tracker.client.get_run(tracker.run_id).data.tags["code.stage"]
    'training'
    """

    stage: ClassVar[str]

    def __init__(
        self, experiment_name: str, *, tags: Mapping[str, Any] | None = None, **options: Any
    ) -> None:
        """
        Args:
            tags: of every run, beside the stage.
            options: those of ``MLflowTracker``.

        Raises:
            ConfigError: a value that can't be used.
        """
        tags = {DEFAULT_TAG_KEYS.stage: self.stage, **(tags or {})}
        super().__init__(experiment_name, tags=tags, **options)

    def _start(
        self, run_name: str | None, params: Mapping[Any, Any] | None, options: Mapping[str, Any]
    ) -> Self:
        self.start_run(run_name, **options)
        if params:
            self.log_params(params)
        return self


class MLflowTrainingTracker(StageTracker):
    """Tracks a training.

    >>> from trackfix.tracking import MLflowTrainingTracker
    >>> tracker = MLflowTrainingTracker("churn-training", buffer_seconds=5)
    >>> with tracker.start_training_run("fit", {"rate": 0.1}):
    ...     for epoch in range(3):
    ...         tracker.log_epoch(epoch, {"loss": 1 / (epoch + 1)})
    """

    stage = "training"

    def start_training_run(
        self, run_name: str | None = None, params: Mapping[Any, Any] | None = None, **options: Any
    ) -> Self:
        """``start_run`` with its options, and the params logged.

        >>> from trackfix.tracking import MLflowTrainingTracker
        >>> with MLflowTrainingTracker("churn-training").start_training_run("fit", {"rate": 0.1}):
        ...     pass
        """
        return self._start(run_name, params, options)

    def log_epoch(self, epoch: int, metrics: Mapping[str, Any]) -> None:
        """Log the metrics of one epoch, which is their step.

        >>> from trackfix.tracking import MLflowTrainingTracker
        >>> with MLflowTrainingTracker("churn-training") as tracker:
        ...     tracker.log_epoch(1, {"loss": 0.5, "f1": 0.8})
        """
        self.log_metrics(metrics, step=epoch)


class MLflowSweepTracker(StageTracker):
    """Tracks a sweep: its own run, and a child for each trial.

    >>> from trackfix.tracking import MLflowSweepTracker
    >>> sweep = MLflowSweepTracker("churn-hpo")
    >>> with sweep.start_sweep_run("grid", {"trials": 2}):
    ...     for number, rate in enumerate([0.1, 0.01]):
    ...         with sweep.start_trial(number, {"rate": rate}) as trial:
    ...             trial.log_metric("loss", rate * 2)
    ...     sweep.log_metric("best_loss", 0.02)
    >>> trial.client.get_run(trial.run_id).data.tags["mlflow.parentRunId"] == sweep.run_id
    True
    """

    stage = "hpo"

    def start_sweep_run(
        self, run_name: str | None = None, params: Mapping[Any, Any] | None = None, **options: Any
    ) -> Self:
        """``start_run`` with its options, and the params logged.

        >>> from trackfix.tracking import MLflowSweepTracker
        >>> with MLflowSweepTracker("churn-hpo").start_sweep_run("grid", {"trials": 2}):
        ...     pass
        """
        return self._start(run_name, params, options)

    def start_trial(self, number: int, params: Mapping[Any, Any] | None = None) -> Self:
        """A tracker of its own for a trial, its run started as a child of the open sweep.

        Trials may run side by side in threads.

        Raises:
            RunStateError: the sweep has no open run.
            TrackingError: the run can't be created.

        >>> from trackfix.tracking import MLflowSweepTracker
        >>> with MLflowSweepTracker("churn-hpo") as sweep:
        ...     with sweep.start_trial(0, {"rate": 0.1}) as trial:
        ...         trial.log_metric("loss", 0.5)
        """
        sweep_run_id = self._open_run_id(f"starting trial {number}")
        trial = type(self)(
            self.experiment_name or "",
            tracking_uri=self.tracking_uri,
            tags={**self.tags, DEFAULT_TAG_KEYS.trial_number: number},
            require_setup=self.require_setup,
            on_missing_run=self.on_missing_run,
            on_artifact_error=self.on_artifact_error,
            buffer_seconds=self.buffer_seconds,
        )
        return trial._start(f"trial_{number}", params, {"parent_run_id": sweep_run_id})


class MLflowBenchmarkTracker(StageTracker):
    """Tracks a benchmark.

    >>> from trackfix.tracking import MLflowBenchmarkTracker
    >>> tracker = MLflowBenchmarkTracker("churn-benchmark")
    >>> with tracker.start_benchmark_run("latency", {"device": "cpu"}):
    ...     tracker.log_results({1: {"ms": 4.5}, 8: {"ms": 11.0}})
    >>> tracker.client.get_run(tracker.run_id).data.metrics["batch_8.ms"]
    11.0
    """

    stage = "benchmark"

    def start_benchmark_run(
        self, run_name: str | None = None, params: Mapping[Any, Any] | None = None, **options: Any
    ) -> Self:
        """``start_run`` with its options, and the params logged.

        >>> from trackfix.tracking import MLflowBenchmarkTracker
        >>> with MLflowBenchmarkTracker("churn-benchmark").start_benchmark_run("latency"):
        ...     pass
        """
        return self._start(run_name, params, options)

    def log_results(self, results: Mapping[int, Mapping[str, Any]]) -> None:
        """Log the metrics of each batch size as ``batch_<size>.<metric>``, in one request.

        >>> from trackfix.tracking import MLflowBenchmarkTracker
        >>> with MLflowBenchmarkTracker("churn-benchmark") as tracker:
        ...     tracker.log_results({1: {"ms": 4.5}, 8: {"ms": 11.0}})
        """
        self.log_metrics(
            {
                f"batch_{size}.{key}": value
                for size, metrics in results.items()
                for key, value in metrics.items()
            }
        )


class MLflowConversionTracker(StageTracker):
    """Tracks the conversion of a model into another format.

    >>> from pathlib import Path
    >>> from trackfix.tracking import MLflowConversionTracker
    >>> _ = Path("model.pt").write_bytes(b"x" * 100), Path("model.onnx").write_bytes(b"x" * 25)
    >>> tracker = MLflowConversionTracker("churn-conversion")
    >>> with tracker.start_conversion_run("onnx", {"opset": 17}):
    ...     tracker.log_conversion("model.pt", "model.onnx")
    >>> tracker.client.get_run(tracker.run_id).data.metrics["size_ratio"]
    0.25
    """

    stage = "conversion"

    def start_conversion_run(
        self, run_name: str | None = None, params: Mapping[Any, Any] | None = None, **options: Any
    ) -> Self:
        """``start_run`` with its options, and the params logged.

        >>> from trackfix.tracking import MLflowConversionTracker
        >>> with MLflowConversionTracker("churn-conversion").start_conversion_run("onnx"):
        ...     pass
        """
        return self._start(run_name, params, options)

    def log_conversion(self, source: str | Path, target: str | Path) -> None:
        """Log both sizes in bytes and their ratio, and upload the converted file.

        Raises:
            OSError: one of the files can't be read.

        >>> from pathlib import Path
        >>> from trackfix.tracking import MLflowConversionTracker
        >>> _ = Path("model.pt").write_bytes(b"x" * 100), Path("model.onnx").write_bytes(b"x" * 25)
        >>> with MLflowConversionTracker("churn-conversion") as tracker:
        ...     tracker.log_conversion("model.pt", "model.onnx")
        """
        before, after = Path(source).stat().st_size, Path(target).stat().st_size
        sizes = {"source_bytes": before, "target_bytes": after}
        self.log_metrics({**sizes, "size_ratio": after / before} if before else sizes)
        self.log_artifact(target)
