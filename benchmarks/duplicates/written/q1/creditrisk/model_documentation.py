"""Writes the model document (chapters 4 to 7) from what is in MLflow."""
import datetime as dt
import logging
import textwrap

from mlflow.tracking import MlflowClient

from creditrisk.tracking import approvers, latest_scoring_run

logger = logging.getLogger(__name__)

TEMPLATE = """\
# Model document: {title}

Status date: {today}

## 4 Development sample
{sample}

## 5 Discrimination
{discrimination}

## 6 Approval
{approval}

## 7 Use
{use}
"""


def _fmt(value, digits=3):
    if value is None:
        return "n/a"
    return f"{value:.{digits}f}"


def _development_history(client, experiment_id):
    rows, token = [], None
    while True:
        page = client.search_runs(
            [experiment_id], "tags.`audit.purpose` = 'development'", max_results=200, page_token=token
        )
        rows.extend(page)
        token = page.token
        if not token:
            return rows


def _validation_run(client, experiment_id, model_run_id):
    """The latest finished validation of exactly this model run."""
    hits = client.search_runs(
        [experiment_id],
        f"tags.`audit.validates` = '{model_run_id}' and attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return hits[0] if hits else None


def sample_chapter(run):
    tags = run.data.tags
    window = tags.get("sample.window", "unknown")
    source = tags.get("sample.source", "unknown")
    rows = run.data.params.get("n_rows", "?")
    return textwrap.fill(f"The sample was drawn from {source} over {window} and has {rows} rows.", 90)


def approval_chapter(run):
    who = approvers(run)
    if not who:
        return "NOT APPROVED."
    return "Approved by " + " and ".join(who) + "."


def use_chapter(portfolio, month):
    try:
        scoring = latest_scoring_run(portfolio, month)
    except LookupError:
        return "Not in use for the reporting month."
    metrics = scoring.data.metrics
    return f"{int(metrics['n_scored'])} contracts scored, mean PD {_fmt(metrics.get('mean_pd'), 4)}."


def build_document(portfolio, month, model_name=None):
    client = MlflowClient()
    name = model_name or f"pd-{portfolio}"
    version = client.get_model_version_by_alias(name, "champion")
    run = client.get_run(version.run_id)
    history = _development_history(client, run.info.experiment_id)
    validation = _validation_run(client, run.info.experiment_id, run.info.run_id)
    lines = [f"Gini (out of time): {_fmt(run.data.metrics.get('gini_oot'))}",
             f"Candidates considered: {len(history)}"]
    if validation is not None:
        lines.append(f"Gini (validation): {_fmt(validation.data.metrics.get('gini_val'))}")
    else:
        logger.warning("no validation run for %s", run.info.run_id)
    return TEMPLATE.format(
        title=f"{name} v{version.version}",
        today=dt.date.today().isoformat(),
        sample=sample_chapter(run),
        discrimination="\n".join(lines),
        approval=approval_chapter(run),
        use=use_chapter(portfolio, month),
    )
