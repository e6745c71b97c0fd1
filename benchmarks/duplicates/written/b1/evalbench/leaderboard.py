from __future__ import annotations

import mlflow
import pandas as pd


def table(experiment: str) -> pd.DataFrame:
    runs = mlflow.search_runs(experiment_names=[experiment], filter_string="metrics.mean_score >= 0")
    if runs.empty:
        return runs
    ranked = runs.sort_values("metrics.mean_score", ascending=False)
    return ranked.groupby("params.model", as_index=False).first()[["params.model", "metrics.mean_score"]]


def to_markdown(frame: pd.DataFrame) -> str:
    lines = ["| model | score |", "|---|---|"]
    for _, row in frame.iterrows():
        lines.append(f"| {row['params.model']} | {row['metrics.mean_score']:.3f} |")
    return "\n".join(lines)


def cost_tags(provider: str, price_in: float, price_out: float) -> dict[str, str]:
    return {"cost.provider": provider, "cost.in": str(price_in), "cost.out": str(price_out)}
