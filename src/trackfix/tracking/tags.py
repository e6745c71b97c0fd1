"""The tags that runs carry, built by pure functions, with the keys of one registry (``tag_keys``).

None of the functions changes what it is given, and a value of None is a tag that isn't there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from trackfix.tracking.batches import make_tags, send_tags
from trackfix.tracking.client import create_mlflow_client
from trackfix.tracking.errors import ConfigError, RunStateError
from trackfix.tracking.naming import NamingContext
from trackfix.tracking.setup import require_configured
from trackfix.tracking.tag_keys import DEFAULT_TAG_KEYS, TagKeys, get_training_tag_keys

if TYPE_CHECKING:
    from mlflow.tracking import MlflowClient

__all__ = [
    "TagKeys",
    "add_training_tags",
    "add_training_tags_with_lineage",
    "apply_lineage_tags",
    "build_lineage_tags",
    "get_training_tag_keys",
]


def add_training_tags(
    tags: Mapping[str, Any] | None,
    training_type: str | None = None,
    *,
    context: NamingContext | None = None,
    keys: TagKeys = DEFAULT_TAG_KEYS,
) -> dict[str, Any]:
    """The tags with those of a training added, as a new dict; a tag that is there already stays.

    Args:
        training_type: "final", "refit", "fold" …
        context: what the run is about, see ``TagKeys.of_context``.

    >>> from trackfix.tracking import add_training_tags
    >>> mine = {"team": "search"}
    >>> add_training_tags(mine, "refit")
    {'code.training_type': 'refit', 'team': 'search'}
    >>> mine
    {'team': 'search'}
    """
    added = {} if context is None else keys.of_context(context)
    if training_type is not None:
        added[keys.training_type] = training_type
    given = {key: value for key, value in (tags or {}).items() if value is not None}
    return {**added, **given}


def add_training_tags_with_lineage(
    tags: Mapping[str, Any] | None,
    training_type: str | None = None,
    lineage: Mapping[str, Any] | None = None,
    *,
    context: NamingContext | None = None,
    keys: TagKeys = DEFAULT_TAG_KEYS,
) -> dict[str, Any]:
    """``add_training_tags`` and ``build_lineage_tags`` in one.

    Raises:
        ConfigError: see ``build_lineage_tags``.

    >>> from trackfix.tracking import add_training_tags_with_lineage
    >>> add_training_tags_with_lineage({}, "final", {"source": "hpo"})
    {'code.lineage.source': 'hpo', 'code.training_type': 'final'}
    """
    own = add_training_tags(tags, training_type, context=context, keys=keys)
    return {**build_lineage_tags(lineage, keys=keys), **own}


def build_lineage_tags(
    lineage: Mapping[str, Any] | None, *, keys: TagKeys = DEFAULT_TAG_KEYS
) -> dict[str, str]:
    """The tags that say where a run comes from; none for None.

    Args:
        lineage: ``source``, ``parent_training_run_id``, ``hpo_study_key_hash``,
            ``hpo_trial_key_hash``, ``hpo_sweep_run_id``, ``hpo_trial_run_id`` and
            ``hpo_refit_run_id``, each with its value or None.

    Raises:
        ConfigError: another name.

    >>> from trackfix.tracking import build_lineage_tags
    >>> build_lineage_tags({"source": "hpo", "hpo_trial_run_id": "0c5e", "hpo_sweep_run_id": None})
    {'code.lineage.source': 'hpo', 'code.lineage.hpo_trial_run_id': '0c5e'}
    >>> build_lineage_tags(None)
    {}
    """
    known = {
        field.name.removeprefix("lineage_")
        for field in fields(keys)
        if field.name.startswith("lineage_")
    }
    unknown = sorted(set(lineage or {}) - known)
    if unknown:
        raise ConfigError(
            f"unknown in a lineage: {', '.join(unknown)}; known are {', '.join(sorted(known))}"
        )
    return {
        getattr(keys, f"lineage_{name}"): str(value)
        for name, value in (lineage or {}).items()
        if value is not None
    }


def apply_lineage_tags(
    run_id: str,
    lineage: Mapping[str, Any] | None,
    *,
    keys: TagKeys = DEFAULT_TAG_KEYS,
    client: MlflowClient | None = None,
    tracking_uri: str | None = None,
) -> dict[str, str]:
    """Tag a run with where it comes from, in one request, and return the tags.

    Only the run with this id is touched, also when another one is active; and it neither starts
    nor ends by it. Without a lineage nothing is sent.

    Raises:
        RunStateError: the run id is empty.
        NotConfiguredError: no store is configured, see ``require_configured``.
        RunNotFoundError: there is no such run.
        ConfigError: see ``build_lineage_tags``.

    >>> from trackfix.tracking import apply_lineage_tags, create_mlflow_client
    >>> client = create_mlflow_client()
    >>> run_id = client.create_run("0").info.run_id
    >>> apply_lineage_tags(run_id, {"source": "hpo"})
    {'code.lineage.source': 'hpo'}
    >>> client.get_run(run_id).data.tags["code.lineage.source"], client.get_run(run_id).info.status
    ('hpo', 'RUNNING')
    """
    if not run_id:
        raise RunStateError("no run id: which run should get the lineage tags?")
    tags = build_lineage_tags(lineage, keys=keys)
    if tags:
        client = client or create_mlflow_client(require_configured(tracking_uri))
        send_tags(client, run_id, make_tags(tags))
    return tags
