"""A journal of audits, itself kept as runs."""

import getpass
import json
import os
import platform

import mlflow

AUDIT_EXPERIMENT = "cardwright/audit"


def _audit_experiment():
    exp = mlflow.get_experiment_by_name(AUDIT_EXPERIMENT)
    if exp is not None:
        return exp.experiment_id
    return mlflow.create_experiment(AUDIT_EXPERIMENT, tags={"gov.kind": "audit"})


def record(findings):
    """Write the findings of an audit as a run and return its id."""
    exp_id = _audit_experiment()
    tags = {
        "gov.audit.by": getpass.getuser(),
        "gov.audit.host": platform.node(),
        "gov.audit.ci": os.environ.get("CI", "false"),
    }
    with mlflow.start_run(experiment_id=exp_id, run_name="audit", tags=tags) as run:
        mlflow.log_metric("findings", sum(len(f) for f in findings.values()))
        mlflow.log_dict(findings, "findings.json")
    return run.info.run_id


def last_audit():
    """Return the findings of the last audit."""
    exp_id = _audit_experiment()
    frame = mlflow.search_runs([exp_id], order_by=["start_time DESC"], max_results=1)
    if frame.empty:
        return None
    run_id = frame.at[0, "run_id"]
    return json.loads(mlflow.artifacts.load_text(f"runs:/{run_id}/findings.json"))
