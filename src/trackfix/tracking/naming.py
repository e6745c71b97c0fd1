"""What a run is about, and the key and the name that follow from it.

The canonical form of a run key: every field that is set as ``name=value``, in the order in which
``NamingContext`` declares them, joined with ``|``. Values are text, so that a context that was
read back from tags has the key of the one that they were written from; ``%``, ``|`` and ``=`` in
them are percent-encoded, so that two contexts never share a key.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, fields

from trackfix.tracking.errors import ConfigError

MAX_RUN_NAME = 250
"""Characters; the width of the column in MLflow's database (``SqlRun.name``)."""

_SHORT_HASH = 8


@dataclass(frozen=True, kw_only=True)
class NamingContext:
    """What tells one run from another. None is "not set"; text that is empty counts as None.

    Whole numbers become text, 1 and 1.0 the same, and so do those of NumPy.

    Raises:
        ConfigError: a value is neither text nor a whole number.

    >>> from trackfix.tracking import NamingContext
    >>> NamingContext(stage="training", model="distilbert", variant=2).variant
    '2'
    >>> NamingContext(stage="training", variant=2) == NamingContext(stage="training", variant="2")
    True
    """

    stage: str
    """The step of the workflow: "hpo", "training", "benchmark", "conversion" …"""
    model: str | None = None
    env: str | None = None
    """Where it runs: "local", "azureml" …"""
    spec_fp: str | None = None
    """Fingerprint of what is computed: data, hyperparameters, seeds."""
    exec_fp: str | None = None
    """Fingerprint of how it is computed: hardware, precision, library versions."""
    variant: str | float | None = None
    """Tells repetitions of the same specification apart."""
    study_name: str | None = None
    study_key_hash: str | None = None
    trial_key_hash: str | None = None
    trial_id: str | float | None = None
    trial_number: str | float | None = None
    fold: str | float | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            text = _text(field.name, getattr(self, field.name))
            object.__setattr__(self, field.name, text)
        if not self.stage:
            raise ConfigError("stage must not be empty")

    def values(self) -> dict[str, str]:
        """The fields that are set, in canonical order.

        >>> from trackfix.tracking import NamingContext
        >>> NamingContext(fold=0, stage="training").values()
        {'stage': 'training', 'fold': '0'}
        """
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in values if value is not None}


def build_run_key(context: NamingContext) -> str:
    """The key of the runs with this context; see the canonical form above.

    >>> from trackfix.tracking import NamingContext, build_run_key
    >>> build_run_key(NamingContext(stage="training", model="a|b", variant=1))
    'stage=training|model=a%7Cb|variant=1'
    """
    return "|".join(f"{name}={_escaped(value)}" for name, value in context.values().items())


def run_key_hash(run_key: str | NamingContext) -> str:
    """SHA-256 of a run key in UTF-8, as 64 hexadecimal digits; of a context, that of its key.

    >>> from trackfix.tracking import NamingContext, build_run_key, run_key_hash
    >>> context = NamingContext(stage="training", model="distilbert")
    >>> run_key_hash(context) == run_key_hash(build_run_key(context))
    True
    >>> run_key_hash("stage=training")[:8]
    '9742cec4'
    """
    key = build_run_key(run_key) if isinstance(run_key, NamingContext) else run_key
    return hashlib.sha256(key.encode("utf-8")).hexdigest()


def build_training_run_name_with_fallback(
    context: NamingContext | None, fallback: str = "training"
) -> str:
    """The name of a run, for people: what says most of a context, and the first eight digits of its
    hash, since a name without them would not be of one context only.

    Always the same for the same context. Without a context it is the fallback, as it is; both are
    cut to 250 characters, a context's before the hash.

    >>> from trackfix.tracking import NamingContext, build_training_run_name_with_fallback
    >>> context = NamingContext(stage="training", model="distil bert", spec_fp="1f0e9a3b", fold=2)
    >>> build_training_run_name_with_fallback(context)
    'training_distil-bert_spec-1f0e9a3b_fold-2_6f132aa9'
    >>> build_training_run_name_with_fallback(None, fallback="refit")
    'refit'
    """
    if context is None:
        return fallback[:MAX_RUN_NAME]
    values = context.values()
    parts = [_word(values[name]) for name in ("stage", "model", "study_name") if name in values]
    parts += [
        f"{label}-{_word(values[name])}"
        for name, label in (
            ("spec_fp", "spec"),
            ("variant", "v"),
            ("trial_number", "trial"),
            ("fold", "fold"),
        )
        if name in values
    ]
    digits = run_key_hash(context)[:_SHORT_HASH]
    return f"{'_'.join(parts)[: MAX_RUN_NAME - _SHORT_HASH - 1]}_{digits}"


def _text(name: str, value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # 1 that came through JSON or a data frame as 1.0
    elif hasattr(value, "__index__") and not isinstance(value, bool):
        value = int(value.__index__())  # of NumPy, say
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise ConfigError(f"{name} is text or a whole number, not {value!r}")
    return str(value)


def _escaped(value: str) -> str:
    return value.replace("%", "%25").replace("|", "%7C").replace("=", "%3D")


def _word(value: str) -> str:
    return re.sub(r"[^\w.]+", "-", value).strip("-")
