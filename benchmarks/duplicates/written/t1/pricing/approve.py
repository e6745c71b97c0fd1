"""Mark runs as approved by the tariff committee, and withdraw approvals."""
import argparse
import datetime as dt
import logging

from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

log = logging.getLogger("approve")

REQUIRED = ("line_of_business", "data_version", "git_sha")


def check_complete(run):
    missing = [t for t in REQUIRED if t not in run.data.tags]
    if missing:
        raise ValueError(f"run {run.info.run_id} lacks tags {missing}")
    if "gini_valid" not in run.data.metrics:
        raise ValueError("run without validation gini cannot be approved")


def approve(run_id, committee_date, member, minutes_ref, client=None):
    client = client or MlflowClient()
    run = client.get_run(run_id)
    check_complete(run)
    client.set_tag(run_id, "approved", "true")
    client.set_tag(run_id, "approved_by", member)
    client.set_tag(run_id, "approved_at", committee_date.isoformat())
    client.set_tag(run_id, "minutes_ref", minutes_ref)
    log.info("%s approved by %s", run_id, member)


def withdraw(run_id, reason, client=None):
    client = client or MlflowClient()
    for key in ("approved", "approved_by", "approved_at"):
        try:
            client.delete_tag(run_id, key)
        except MlflowException:
            log.debug("no tag %s on %s", key, run_id)
    client.set_tag(run_id, "withdrawn", reason)


def list_pending(experiment_name, days=30):
    """All finished runs of the last days which nobody has approved yet."""
    client = MlflowClient()
    exp = client.get_experiment_by_name(experiment_name)
    if exp is None:
        raise SystemExit(f"unknown experiment {experiment_name}")
    since = int((dt.datetime.now() - dt.timedelta(days=days)).timestamp() * 1000)
    out, token = [], None
    while True:
        page = client.search_runs(
            [exp.experiment_id],
            f"attributes.status = 'FINISHED' and attributes.start_time > {since}",
            page_token=token,
        )
        out.extend(r for r in page if r.data.tags.get("approved") != "true")
        token = page.token
        if not token:
            break
    return out


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("run_id")
    ap.add_argument("--date", type=dt.date.fromisoformat, default=dt.date.today())
    ap.add_argument("--member", required=True)
    ap.add_argument("--minutes", default="n/a")
    args = ap.parse_args()
    approve(args.run_id, args.date, args.member, args.minutes)


if __name__ == "__main__":
    main()
