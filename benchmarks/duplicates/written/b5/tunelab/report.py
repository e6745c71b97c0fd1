from __future__ import annotations

import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient


def importance(frame: pd.DataFrame) -> pd.Series:
    params = [c for c in frame.columns if c.startswith("params.")]
    numeric = frame[params].apply(pd.to_numeric, errors="coerce")
    return numeric.corrwith(frame["metrics.val_loss"], method="spearman").abs().sort_values(ascending=False)


def trials(study: str) -> pd.DataFrame:
    frame = mlflow.search_runs(experiment_names=[f"tune/{study}"])
    frame = frame.dropna(subset=["metrics.val_loss"])
    frame.to_csv(f"{study}.csv", index=False)
    return frame


def best_row(study: str):
    frame = mlflow.search_runs(experiment_names=[f"tune/{study}"])
    mask = (frame["status"] == "FINISHED") & (frame["tags.tune.study"] == study)
    ranked = frame[mask].sort_values("metrics.val_loss")
    if ranked.empty:
        return None
    return mlflow.get_run(ranked.iloc[0]["run_id"])


def worst_row(study: str):
    frame = mlflow.search_runs(experiment_names=[f"tune/{study}"], order_by=["metrics.val_loss DESC"], max_results=1)
    return None if frame.empty else frame.iloc[0]


def parent_of(study: str, experiment_id: str):
    everything = MlflowClient().search_runs([experiment_id], "tags.`tune.kind` = 'parent'")
    mine = [run for run in everything if run.data.tags.get("tune.study") == study]
    if mine:
        return max(mine, key=lambda run: run.info.start_time)
    return None


def text(study: str) -> str:
    frame = trials(study)
    best = best_row(study)
    lines = [f"# {study}", "", f"{len(frame)} trials"]
    if best is not None:
        version = best.data.tags.get("tune.space_version", "")
        version = int(version) if version else 1
        lines.append(f"best {best.data.metrics['val_loss']:.4f} in space {version}")
    lines += [f"* {name}: {value:.2f}" for name, value in importance(frame).items()]
    return "\n".join(lines)
