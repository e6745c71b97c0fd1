"""Mean and spread of Dice over seeds, folds, sites. Walks study > site > fold > seed."""
import statistics as st
from typing import Dict, Iterator, List

import pandas as pd
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

cl = MlflowClient("https://mlflow.visio.example")


def children(run: Run, level: str = "") -> List[Run]:
    f = f"tags.mlflow.parentRunId = '{run.info.run_id}'"
    if level:
        f += f" and tags.level = '{level}'"
    return list(cl.search_runs([run.info.experiment_id], f, max_results=1000))


def leaves(run: Run) -> Iterator[Run]:
    kids = children(run)
    if not kids:
        yield run
    for k in kids:
        yield from leaves(k)


def root_of(run: Run) -> Run:
    while "mlflow.parentRunId" in run.data.tags:
        run = cl.get_run(run.data.tags["mlflow.parentRunId"])
    return run


def study(name: str) -> Run:
    exp = cl.get_experiment_by_name("visio/cv")
    if exp is None:
        raise KeyError("visio/cv")
    rs = cl.search_runs([exp.experiment_id], f"tags.level = 'study' and tags.study = '{name}'",
                        order_by=["attributes.start_time ASC"])
    if len(rs) == 0:
        raise KeyError(name)
    return rs[0]


def table(name: str) -> pd.DataFrame:
    rows: List[Dict] = []
    for leaf in leaves(study(name)):
        t = leaf.data.tags
        rows.append({"site": t.get("site"), "fold": int(t.get("fold", -1)), "seed": int(t.get("seed", -1)),
                     "dice": leaf.data.metrics.get("val_dice")})
    return pd.DataFrame(rows)


def summary(name: str) -> pd.DataFrame:
    df = table(name).dropna()
    g = df.groupby(["site", "fold"])["dice"].agg(["mean", "std", "count"])
    site = g.groupby("site")["mean"].agg(["mean", st.pstdev])
    return g.join(site, rsuffix="_site")


def store(name: str) -> None:
    root = study(name)
    for site, v in summary(name).groupby("site")["mean"].mean().items():
        cl.log_metric(root.info.run_id, f"dice_{site}", v)
