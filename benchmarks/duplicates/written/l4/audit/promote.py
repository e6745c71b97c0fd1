import sys

import mlflow
from mlflow.tracking import MlflowClient

from tracking.names import experiment_name
from tracking.roles import retire_champions, set_role


def current(client, eid):
    res = client.search_runs([eid], "tags.`risk.role`='champion'", order_by=["start_time DESC"])
    if not res:
        return None
    return res[0]


def contender(eid):
    df = mlflow.search_runs([eid], filter_string="tags.`risk.role` = 'challenger'", order_by=["metrics.gini_val DESC"])
    if df.empty or df["metrics.gini_val"].isna().all():
        return None, None
    first = df.iloc[0]
    return first["run_id"], first["metrics.gini_val"]


def most_stable(eid):
    df = mlflow.search_runs([eid], filter_string="tags.`risk.line` = '2'", order_by=["metrics.psi ASC"], max_results=1)
    return None if df.empty else df["tags.risk.validates"][0]


def main(segment, model, margin=0.01):
    c = MlflowClient()
    e = c.get_experiment_by_name(experiment_name(segment, model))
    if e is None:
        raise SystemExit("unknown experiment")
    new, score = contender(e.experiment_id)
    old = current(c, e.experiment_id)
    if new is None:
        print("no challenger")
        return
    if old is not None and score < old.data.metrics.get("gini_val", -1) + float(margin):
        print("champion stays")
        return
    retire_champions(segment, model)
    set_role(new, "champion")
    print("stable:", most_stable(e.experiment_id), "new champion:", new)


if __name__ == "__main__":
    main(*sys.argv[1:])
