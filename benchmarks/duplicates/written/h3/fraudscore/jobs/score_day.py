"""Score the payments of one day."""
from __future__ import annotations

import argparse
import logging
from datetime import date

import mlflow
import mlflow.sklearn
import pandas as pd
from mlflow.tracking import MlflowClient

from fraudscore import features, storage
from fraudscore.constants import (
    DEFAULT_THRESHOLD,
    EXPERIMENT_BATCH,
    MODEL,
    TAG_DAY,
    TAG_JOB,
    TAG_SOURCE,
    TAG_VERSION,
)

log = logging.getLogger("score_day")


def scored_already(day: date):
    """The run that scored this day, when there is one."""
    runs = mlflow.search_runs(
        experiment_names=[EXPERIMENT_BATCH],
        filter_string=(
            f"tags.`{TAG_JOB}` = 'score' and tags.`{TAG_DAY}` = '{day.isoformat()}' and status = 'FINISHED'"
        ),
        order_by=["attributes.start_time DESC"],
        max_results=1,
        output_format="list",
    )
    return runs[0] if runs else None


def start(day: date, version: str, source: str):
    return mlflow.start_run(
        run_name=f"score-{day:%Y%m%d}",
        tags={TAG_JOB: "score", TAG_DAY: day.isoformat(), TAG_VERSION: version, TAG_SOURCE: source},
    )


def score(day: date, force: bool = False) -> str:
    done = scored_already(day)
    if done is not None and not force:
        log.info("%s was scored by %s", day, done.info.run_id)
        return done.info.run_id
    client = MlflowClient()
    mv = client.get_model_version_by_alias(MODEL, "champion")
    champion = client.get_run(mv.run_id)
    threshold = DEFAULT_THRESHOLD
    if "fs.threshold" in champion.data.tags:
        threshold = float(champion.data.tags["fs.threshold"])
    columns = [f.strip() for f in champion.data.tags.get("fs.features", "").split(",") if f.strip()]
    payments = storage.read_payments(day)
    x = features.table(payments)
    if columns:
        x = x[columns]
    model = mlflow.sklearn.load_model(f"models:/{MODEL}/{mv.version}")
    mlflow.set_experiment(EXPERIMENT_BATCH)
    with start(day, mv.version, str(storage.payments_path(day))) as run:
        values = model.predict_proba(x)[:, 1]
        out = pd.DataFrame({"score": values, "flag": values >= threshold}, index=payments.index)
        mlflow.log_metrics({"rows": len(out), "flagged": int(out["flag"].sum())})
        storage.write_scores(day, out)
    return run.info.run_id


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--day", type=date.fromisoformat, default=date.today())
    parser.add_argument("--force", action="store_true")
    args = parser.parse_args()
    print(score(args.day, args.force))


if __name__ == "__main__":
    main()
