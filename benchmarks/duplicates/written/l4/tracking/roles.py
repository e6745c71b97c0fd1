from datetime import date

from mlflow.tracking import MlflowClient

from tracking.experiments import experiment_for
from tracking.names import APPROVED_ON, CHAMPION, ROLE


def champion_of(segment, model):
    client = MlflowClient()
    exp_id = experiment_for(segment, model)
    found = client.search_runs(
        [exp_id], f"tags.`{ROLE}` = '{CHAMPION}'", order_by=["attributes.start_time DESC"], max_results=1
    )
    return found[0] if found else None


def approved_on(run):
    raw = run.data.tags.get(APPROVED_ON)
    return date.fromisoformat(raw) if raw else None


def set_role(run_id, role, when=None):
    c = MlflowClient()
    c.set_tag(run_id, ROLE, role)
    if role == CHAMPION:
        c.set_tag(run_id, APPROVED_ON, (when or date.today()).isoformat())


def retire_champions(segment, model):
    client = MlflowClient()
    for run in client.search_runs([experiment_for(segment, model)], f"tags.`{ROLE}` = '{CHAMPION}'"):
        client.set_tag(run.info.run_id, ROLE, "retired")
