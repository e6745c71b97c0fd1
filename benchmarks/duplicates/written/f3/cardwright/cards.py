"""Model cards."""

import datetime
import json

import jinja2

from cardwright._mlflow import client
from cardwright.vocabulary import GovTag, Risk

TEMPLATE = """\
# {{ name }}

| | |
|---|---|
| Owner | {{ owner }} |
| Risk | {{ risk }} |
| Next review | {{ due or "none" }} |
| Code | {{ code.commit or "unknown" }} ({{ code.source }}) |
| Trained | {{ trained }} |

## Numbers
{% for key, value in metrics %}
* {{ key }}: {{ "%.4g"|format(value) }}
{%- endfor %}

## Settings
{% for key, value in params %}
* {{ key }}: {{ value }}
{%- endfor %}
"""


class CardBuilder:
    """Makes a card of a run."""

    def __init__(self, mlflow_client=None, template=TEMPLATE):
        self._client = mlflow_client or client()
        self._template = jinja2.Template(template)

    def _compliance(self, run):
        statement = {}
        if GovTag.COMPLIANCE in run.data.tags:
            statement = json.loads(run.data.tags[GovTag.COMPLIANCE])
        owner = statement.get("owner") or "nobody"
        risk = Risk.parse(statement.get("risk") or "limited")
        due = statement.get("review_by")
        if due:
            due = datetime.date.fromisoformat(due)
        return {"owner": owner, "risk": risk.name.lower(), "due": due}

    def _code(self, run):
        tags = run.data.tags
        return {
            "commit": tags.get("mlflow.source.git.commit", "")[:10],
            "source": tags.get("mlflow.source.name", "?"),
        }

    def build(self, run_id, name=None):
        """Return the card of a run as text."""
        run = self._client.get_run(run_id)
        trained = datetime.datetime.fromtimestamp(run.info.start_time / 1000, datetime.timezone.utc)
        return self._template.render(
            name=name or run.info.run_name,
            code=self._code(run),
            trained=f"{trained:%Y-%m-%d}",
            metrics=sorted(run.data.metrics.items()),
            params=sorted(run.data.params.items()),
            **self._compliance(run),
        )

    def publish(self, run_id, name=None):
        """Log the card to its run and mark it."""
        text = self.build(run_id, name)
        self._client.log_text(run_id, text, "card.md")
        self._client.set_tag(run_id, "gov.card", "card.md")
        self._client.set_tag(run_id, "gov.card.chars", str(len(text)))
        self._client.set_tag(run_id, "gov.card.template", str(hash(TEMPLATE) & 0xFFFF))
        return text


def card_of_model(model, experiment_names):
    """Card of the model as it is in use."""
    mlflow_client = client()
    ids = []
    for name in experiment_names:
        exp = mlflow_client.get_experiment_by_name(name)
        if exp is not None:
            ids.append(exp.experiment_id)
    candidates = mlflow_client.search_runs(ids, "tags.gov.model = '%s'" % model)
    candidates = [r for r in candidates if r.data.tags.get("gov.status") == "approved"]
    if not candidates:
        raise LookupError(f"no approved run of {model}")
    newest = max(candidates, key=lambda r: r.info.start_time)
    return CardBuilder(mlflow_client).build(newest.info.run_id, model)
