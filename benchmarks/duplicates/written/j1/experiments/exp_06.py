"""Experiment 6: take the best gbm of one site to the other site."""
import mlflow
from mlflow.entities import ViewType

from data import load_site, make_xy, split
from helpers import get_exp, mae, rmse, run_tags
from models import build


def best_gbm():
    c = mlflow.MlflowClient()
    found = c.search_runs(
        experiment_ids=[get_exp()],
        filter_string="tags.model = 'gbm' and metrics.val_rmse > 0",
        run_view_type=ViewType.ACTIVE_ONLY,
        order_by=["metrics.val_rmse ASC"],
        max_results=1,
    )
    if not found:
        raise RuntimeError("no gbm run")
    return found[0]


def main(site="north"):
    src = best_gbm()
    raw = src.data.tags.get("lags", "1")
    lags = []
    for part in raw.split(","):
        lags.append(int(part))
    lr = float(src.data.params["lr"])
    tr, va, te = split(*make_xy(load_site(site), lags))
    m = build("gbm", lr=lr).fit(*tr)
    with mlflow.start_run(experiment_id=get_exp(), run_name="exp06-transfer"):
        mlflow.set_tags(run_tags("gbm-transfer", site, lags))
        mlflow.set_tag("source_run", src.info.run_id)
        mlflow.log_metric("val_rmse", rmse(va[1], m.predict(va[0])))
        mlflow.log_metric("val_mae", mae(va[1], m.predict(va[0])))
        mlflow.log_metric("test_rmse", rmse(te[1], m.predict(te[0])))


if __name__ == "__main__":
    main()
