"""Remove what nobody needs."""

from __future__ import annotations

from mlflow.tracking import MlflowClient


def drop_session(experiment: str, session: str) -> int:
    """Delete all runs of a session."""
    client = MlflowClient()
    exp = client.get_experiment_by_name(experiment)
    if exp is None:
        return 0
    count = 0
    for run in client.search_runs([exp.experiment_id], f"tags.Session = '{session}'"):
        client.delete_run(run.info.run_id)
        count += 1
    return count


def keep_top(experiment_id: str, keep: int = 10) -> None:
    """Delete the artifacts of all models but the best ones."""
    client = MlflowClient()
    ranked = client.search_runs([experiment_id], order_by=["metrics.cv_score DESC"])
    for run in ranked[keep:]:
        client.delete_run(run.info.run_id)


def owner_of(run_id: str) -> str:
    return MlflowClient().get_run(run_id).data.tags.get("mlflow.user", "unknown")


def annotate(run_id: str, frame_shape: tuple[int, int], python: str, packages: str) -> None:
    client = MlflowClient()
    client.set_tag(run_id, "rows", frame_shape[0])
    client.set_tag(run_id, "columns", frame_shape[1])
    client.set_tag(run_id, "python", python)
    client.set_tag(run_id, "packages", packages)
