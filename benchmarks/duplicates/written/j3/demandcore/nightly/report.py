"""Morning mail: how good was last night, region by region."""
import mlflow
import pandas as pd

from demandcore.common.dates import iso, yesterday
from demandcore.common.mlflow_wrapper import MlflowWrapper
from demandcore.settings import get_settings


def line(region):
    path = get_settings().experiment_path(region)
    flt = f"tags.run_date = '{iso(yesterday())}' and tags.region = '{region}' and attributes.status = 'FINISHED'"
    df = mlflow.search_runs(experiment_names=[path], filter_string=flt)
    if df.empty:
        return {"region": region, "state": "MISSING"}
    row = df.sort_values("start_time", ascending=False).iloc[0]
    horizon = row.get("tags.horizon")
    days = int(str(horizon).replace("d", "")) if pd.notna(horizon) else 14
    return {"region": region, "state": "ok", "wape": row["metrics.wape"], "days": days}


def week_ago(region):
    day = yesterday() - pd.Timedelta(days=7)
    return MlflowWrapper().latest_metric(region, day, "wape")


def main():
    table = pd.DataFrame([dict(line(r), week_ago=week_ago(r)) for r in get_settings().regions])
    print(table.to_string(index=False))
    if (table["state"] == "MISSING").any():
        raise SystemExit(2)


if __name__ == "__main__":
    main()
