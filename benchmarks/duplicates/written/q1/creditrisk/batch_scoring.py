"""Monthly batch scoring."""
from __future__ import annotations

import argparse
import getpass
import logging
import sys
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd

from creditrisk.champion import production_run
from creditrisk.constants import POLICY_VERSION, SCORING_EXPERIMENT
from creditrisk.guards import GuardViolation, require_columns, require_month, require_portfolio, require_stable
from creditrisk.metrics import psi_table

logger = logging.getLogger("scoring")

GRADE_EDGES = [0.0, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.10, 0.20, 1.0]
ID_COLUMNS = ["contract_id", "customer_id"]


def to_grade(pd_hat: np.ndarray) -> np.ndarray:
    return np.digitize(pd_hat, GRADE_EDGES[1:-1]) + 1


def read_extract(root: Path, portfolio: str, month: str) -> pd.DataFrame:
    path = root / portfolio / f"{month}.parquet"
    if not path.exists():
        raise GuardViolation(f"extract {path} was not delivered")
    frame = pd.read_parquet(path)
    require_columns(frame, ID_COLUMNS)
    if frame["contract_id"].duplicated().any():
        raise GuardViolation("duplicate contracts in extract")
    return frame


def _previous_scoring(portfolio: str, month: str) -> str | None:
    """Run id of the last completed scoring for this month, None when this is the first."""
    df = mlflow.search_runs(experiment_names=[SCORING_EXPERIMENT])
    if df.empty:
        return None
    mask = (
        (df["tags.audit.portfolio"] == portfolio)
        & (df["tags.audit.reporting_month"] == month)
        & (df["status"] == "FINISHED")
    )
    df = df[mask].sort_values("start_time", ascending=False)
    return None if df.empty else df["run_id"].iloc[0]


def _open_run(portfolio: str, month: str) -> mlflow.ActiveRun:
    mlflow.set_experiment(SCORING_EXPERIMENT)
    run = mlflow.start_run(run_name="score-" + portfolio + "-" + month)
    mlflow.set_tags(
        {
            "audit.portfolio": portfolio,
            "audit.reporting_month": month,
            "audit.owner": getpass.getuser(),
            "audit.policy_version": POLICY_VERSION,
            "audit.purpose": "monthly_scoring",
        }
    )
    return run


def score(root: Path, out: Path, portfolio: str, month: str, force: bool = False) -> Path:
    require_portfolio(portfolio)
    require_month(month)
    previous = _previous_scoring(portfolio, month)
    if previous is not None and not force:
        raise GuardViolation(f"{portfolio} {month} was scored in {previous}; use --force with a ticket")

    source = production_run(portfolio)
    signers = [a.strip().lower() for a in source.data.tags.get("audit.approved_by", "").split(";")]
    signers = [a for a in signers if a]
    if len(signers) < 2:
        raise GuardViolation("four-eyes principle: champion needs two approvers")

    frame = read_extract(root, portfolio, month)
    model = mlflow.pyfunc.load_model(f"runs:/{source.info.run_id}/model")
    run = _open_run(portfolio, month)
    try:
        if previous:
            mlflow.set_tag("audit.supersedes", previous)
        reference = pd.read_parquet(mlflow.artifacts.download_artifacts(
            run_id=source.info.run_id, artifact_path="reference.parquet"))
        shift = psi_table(reference, frame)
        mlflow.log_metrics({f"psi_{k}": v for k, v in shift.items()})
        require_stable(shift)
        frame["pd"] = model.predict(frame.drop(columns=ID_COLUMNS))
        frame["grade"] = to_grade(frame["pd"].to_numpy())
        target = out / portfolio / f"{month}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        frame[ID_COLUMNS + ["pd", "grade"]].to_parquet(target, index=False)
        mlflow.log_metric("n_scored", len(frame))
        mlflow.log_metric("mean_pd", float(frame["pd"].mean()))
        mlflow.log_artifact(str(target))
    except Exception:
        mlflow.end_run("FAILED")
        raise
    mlflow.end_run()
    logger.info("scored %d contracts in run %s", len(frame), run.info.run_id)
    return target


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("portfolio")
    parser.add_argument("month")
    parser.add_argument("--root", type=Path, default=Path("/data/risk/extracts"))
    parser.add_argument("--out", type=Path, default=Path("/data/risk/scores"))
    parser.add_argument("--force", action="store_true")
    args = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO)
    try:
        score(args.root, args.out, args.portfolio, args.month, args.force)
    except GuardViolation as exc:
        logger.error("guard: %s", exc)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
