"""Monthly audit. Lists runs with missing lineage and champions past their date."""
import csv
import sys
from datetime import date, datetime, timedelta

from mlflow.tracking import MlflowClient

from tracking.experiments import all_experiments

NEEDED = ["lineage.dataset", "lineage.snapshot", "lineage.code", "lineage.user"]
LIMIT = timedelta(days=365)


def missing(run):
    return [k for k in NEEDED if not run.data.tags.get(k)]


def every_run(client, exp):
    page = client.search_runs([exp.experiment_id], max_results=500)
    while page:
        for r in page:
            yield r
        if not page.token:
            return
        page = client.search_runs([exp.experiment_id], max_results=500, page_token=page.token)


def too_old(run):
    if "risk.approved_on" not in run.data.tags:
        return False
    approved = datetime.strptime(run.data.tags["risk.approved_on"], "%Y-%m-%d").date()
    return date.today() - approved > LIMIT


def main():
    client = MlflowClient()
    w = csv.writer(sys.stdout)
    w.writerow(["experiment", "run", "finding"])
    n = 0
    for exp in all_experiments():
        for run in every_run(client, exp):
            for k in missing(run):
                w.writerow([exp.name, run.info.run_id, "missing " + k])
                n += 1
            if run.data.tags.get("risk.role") == "champion" and too_old(run):
                w.writerow([exp.name, run.info.run_id, "approval too old"])
                n += 1
    return 1 if n else 0


if __name__ == "__main__":
    sys.exit(main())
