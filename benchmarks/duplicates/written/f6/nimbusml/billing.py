"""What runs have cost."""

import collections
import re

from nimbusml.conventions import NimbusTags


def monthly(workspace, experiment, start_ms, end_ms):
    """Return cost by cost centre and currency."""
    exp = workspace.existing_experiment(experiment)
    totals = collections.Counter()
    runs = workspace.client.search_runs(
        [exp.experiment_id],
        f"attributes.start_time >= {start_ms} and attributes.start_time < {end_ms}",
    )
    for run in runs:
        text = run.data.tags.get("nimbus.price") or ""
        parsed = re.match(r"^([\d.]+)\s([A-Z]{3})/(h|min)$", text)
        if not parsed:
            continue
        amount = float(parsed.group(1))
        currency = parsed.group(2)
        factor = 60 if parsed.group(3) == "min" else 1
        hours = ((run.info.end_time or end_ms) - run.info.start_time) / 3.6e6
        centre = run.data.tags.get(NimbusTags.COST_CENTRE, "none")
        totals[centre, currency] += amount * factor * hours
    return dict(totals)
