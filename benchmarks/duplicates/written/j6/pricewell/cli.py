"""Admin commands."""
import argparse
import csv
import sys

import mlflow

from pricewell.config import config
from pricewell.pricing import demo_sales, fit_curve, mape
from pricewell.services.runs import JOB_KEY, run_url, tenant_experiment


def cmd_best(args):
    df = mlflow.search_runs([tenant_experiment(args.tenant)], "metrics.mape > 0", order_by=["metrics.mape ASC"], max_results=1)
    if df.empty:
        sys.exit("no runs")
    print(df.iloc[0].run_id, df.iloc[0]["metrics.mape"])


def cmd_import(args):
    """Imports a curve that was fitted by hand. May be called again."""
    key = f"import:{args.tenant}:{args.product}"
    exp_id = tenant_experiment(args.tenant)
    c = mlflow.tracking.MlflowClient(tracking_uri=config.tracking_uri)
    run = next((r for r in c.search_runs([exp_id]) if r.data.tags.get(JOB_KEY) == key), None)
    if run is None:
        run = c.create_run(exp_id, tags={JOB_KEY: key, "pw.product": args.product})
    sales = demo_sales(args.product)
    curve = fit_curve(sales)
    for k, v in {"a": curve.a, "b": curve.b, "mape": mape(curve, sales)}.items():
        c.log_metric(run.info.run_id, k, v)
    c.set_terminated(run.info.run_id)
    print(run_url(run))


def cmd_export(args):
    runs = mlflow.search_runs([tenant_experiment(args.tenant)], output_format="list")
    w = csv.writer(sys.stdout)
    for r in runs:
        w.writerow([r.info.run_id, r.data.tags.get("pw.product"), r.data.metrics.get("mape")])


def cmd_retag(args):
    c = mlflow.MlflowClient()
    c.set_tag(args.run_id, "billing.plan", args.plan)
    c.set_tag(args.run_id, "billing.month", args.month)
    c.set_tag(args.run_id, "billing.state", "open")


def main(argv=None):
    p = argparse.ArgumentParser(prog="pricewell")
    sub = p.add_subparsers(required=True)
    for name, func, opts in (
        ("best", cmd_best, ["tenant"]),
        ("import", cmd_import, ["tenant", "product"]),
        ("export", cmd_export, ["tenant"]),
        ("retag", cmd_retag, ["run_id", "plan", "month"]),
    ):
        s = sub.add_parser(name)
        for o in opts:
            s.add_argument(o)
        s.set_defaults(func=func)
    mlflow.set_tracking_uri(config.tracking_uri)
    args = p.parse_args(argv)
    args.func(args)


if __name__ == "__main__":
    main()
