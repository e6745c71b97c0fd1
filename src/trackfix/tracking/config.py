"""Which tracker a configuration asks for; a misspelled one is an error, it must not log nothing."""

from __future__ import annotations

import difflib
import math
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from trackfix.tracking.errors import ConfigError

CHOICES = {
    "type": ("mlflow", "noop"),
    "on_missing_run": ("raise", "ignore"),
    "on_artifact_error": ("warn", "raise"),
    "status": ("FINISHED", "FAILED", "KILLED"),
}
ENVIRONMENT_PREFIX = "TRACKFIX_TRACKER_"

_TRUE = ("1", "on", "true", "yes")
_FALSE = ("0", "false", "no", "off")


@dataclass(frozen=True, kw_only=True)
class TrackerConfig:
    """What a configuration may say, checked; the meaning of each is that of ``MLflowTracker``.

    >>> from trackfix.tracking.config import TrackerConfig
    >>> TrackerConfig.of({"type": "mlflow", "mlflow": {"experiment_name": "churn"}}).experiment_name
    'churn'
    >>> TrackerConfig.of({"experiment": "churn"})
    Traceback (most recent call last):
    trackfix.tracking.errors.ConfigError: tracker configuration: unknown key 'experiment' ...
    """

    type: str = "mlflow"
    enabled: bool = True
    experiment_name: str | None = None
    tracking_uri: str | None = None
    run_name: str | None = None
    tags: Mapping[str, Any] = field(default_factory=dict)
    nested: bool = False
    on_missing_run: Literal["raise", "ignore"] = "raise"
    on_artifact_error: Literal["warn", "raise"] = "warn"
    buffer_seconds: float | None = None

    @classmethod
    def of(
        cls, mapping: Mapping[str, Any] | None, environment: Mapping[str, str] = os.environ
    ) -> TrackerConfig:
        """Read a mapping, flat or with a section ``mlflow``, and the environment over it.

        Args:
            environment: a variable ``TRACKFIX_TRACKER_<KEY>``, say ``TRACKFIX_TRACKER_ENABLED``,
                takes the place of that key, unless it is empty; there is one for each key but
                ``tags``.

        Raises:
            ConfigError: an unknown key, variable or backend, a key given twice, or a value that
                can't be used.

        >>> from trackfix.tracking.config import TrackerConfig
        >>> TrackerConfig.of({"type": "mlflow"}, {"TRACKFIX_TRACKER_ENABLED": "no"}).enabled
        False
        """
        settings = _flat({} if mapping is None else mapping)
        sources = dict.fromkeys(settings, "tracker configuration")
        for variable, text in environment.items():
            if text and variable.startswith(ENVIRONMENT_PREFIX):
                key = variable.removeprefix(ENVIRONMENT_PREFIX).lower()
                settings[key], sources[key] = text, f"environment variable {variable}"
        known = {field.name: field.type for field in fields(cls)}
        for key in settings:
            if key not in known or (key == "tags" and sources[key].startswith("environment")):
                raise ConfigError(f"{sources[key]}: unknown key {key!r}{_hint(key, known)}")
        return cls(
            **{
                key: _checked(key, value, sources[key])
                for key, value in settings.items()
                if value is not None
            }
        )


def checked_choice(key: str, value: Any, source: str = "") -> Any:
    """The value, if it is one that this key may have.

    Raises:
        ConfigError: it isn't; names the nearest.

    >>> from trackfix.tracking.config import checked_choice
    >>> checked_choice("type", "mlfow")
    Traceback (most recent call last):
    trackfix.tracking.errors.ConfigError: unknown type 'mlfow' (did you mean 'mlflow'?): ...
    """
    choices = CHOICES[key]
    if value in choices:
        return value
    raise ConfigError(
        f"{source}unknown {key} {value!r}{_hint(value, choices)}: {' or '.join(choices)}"
    )


def checked_seconds(what: str, value: Any) -> float:
    """The value as a positive number of seconds.

    Raises:
        ConfigError: it is none.

    >>> from trackfix.tracking.config import checked_seconds
    >>> checked_seconds("buffer_seconds", "2.5")
    2.5
    """
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        seconds = math.nan
    # threading refuses to wait longer than TIMEOUT_MAX, some centuries; so an infinity, too.
    if isinstance(value, bool) or not 0 < seconds <= 1e9:
        raise ConfigError(f"{what} must be a positive number of seconds, not {value!r}")
    return seconds


def _flat(mapping: Mapping[str, Any]) -> dict[str, Any]:
    _require_mapping("tracker configuration", mapping)
    settings = {key: value for key, value in mapping.items() if key != "mlflow"}
    section = mapping.get("mlflow")
    if section is None:
        return settings
    _require_mapping("tracker configuration, section mlflow", section)
    for key, value in section.items():
        if key in settings and settings[key] != value:
            raise ConfigError(
                f"tracker configuration: {key!r} is {settings[key]!r} outside the section mlflow "
                f"and {value!r} in it"
            )
        settings[key] = value
    return settings


def _require_mapping(what: str, value: Any) -> None:
    if not isinstance(value, Mapping):
        raise ConfigError(f"{what} must be a mapping, not {value!r}")


def _checked(key: str, value: Any, source: str) -> Any:
    what = f"{key} ({source})"
    if key in CHOICES:
        return checked_choice(key, value, f"{source}: ")
    if key in ("enabled", "nested"):
        return _checked_flag(what, value)
    if key == "buffer_seconds":
        return checked_seconds(what, value)
    if key == "tags":
        _require_mapping(what, value)
    elif not isinstance(value, str):
        raise ConfigError(f"{what} must be text, not {value!r}")
    return value


def _checked_flag(what: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text not in _TRUE and text not in _FALSE:
        raise ConfigError(f"{what} must be true or false, not {value!r}")
    return text in _TRUE


def _hint(word: Any, known: Collection[str]) -> str:
    by_lower = {name.lower(): name for name in known}
    near = difflib.get_close_matches(str(word).lower(), by_lower, n=1, cutoff=0.5)
    return f" (did you mean {by_lower[near[0]]!r}?)" if near else ""
