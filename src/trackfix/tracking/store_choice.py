"""Which tracking store is meant: from the argument, the environment, the configuration, or none."""

from __future__ import annotations

import os
from pathlib import Path

from trackfix.tracking.errors import ConfigError

TRACKING_URI_ENV = "MLFLOW_TRACKING_URI"
CONFIG_FILE = "mlflow.yaml"


def choose_store(
    tracking_uri: str | None,
    config_dir: str | os.PathLike[str] | None,
    *,
    set_here: str | None,
) -> tuple[str, str]:
    """The tracking URI that ``setup_mlflow`` uses, and where it comes from, in words.

    Args:
        set_here: what ``setup_mlflow`` itself has put into the environment: not the user's wish,
            so it doesn't overrule the configuration.

    Raises:
        ConfigError: there is no such folder, the config file can't be read, or its tracking URI
            isn't a text.

    >>> from trackfix.tracking.store_choice import choose_store
    >>> choose_store("https://example.org", None, set_here=None)
    ('https://example.org', 'argument tracking_uri')
    """
    if tracking_uri:
        return absolute_uri(tracking_uri), "argument tracking_uri"
    inherited = os.environ.get(TRACKING_URI_ENV)
    if inherited and inherited != set_here:
        return absolute_uri(inherited), TRACKING_URI_ENV
    if config_dir is not None:
        if not Path(config_dir).is_dir():
            raise ConfigError(f"config_dir {config_dir} is no folder")
        file = Path(config_dir) / CONFIG_FILE
        if configured := _configured_uri(file):
            return absolute_uri(configured), str(file)
    if inherited:
        return inherited, "an earlier setup_mlflow()"
    return local_store(), "nothing else is configured"


def local_store() -> str:
    """The URI of ``mlflow.db`` in the current folder, where MLflow too keeps it by default.

    >>> from trackfix.tracking.store_choice import local_store
    >>> local_store().endswith("/mlflow.db")
    True
    """
    return f"sqlite:///{Path.cwd() / 'mlflow.db'}"


def absolute_uri(uri: str) -> str:
    """The URI, of an SQLite database by its whole path: a relative one would be another database
    after a chdir, and in a subprocess.

    >>> from trackfix.tracking.store_choice import absolute_uri, local_store
    >>> absolute_uri("sqlite:///mlflow.db") == local_store()
    True
    """
    scheme, found, path = uri.partition("sqlite:///")
    if scheme or not found or not path or path.startswith(":memory:") or Path(path).is_absolute():
        return uri
    return f"sqlite:///{Path(path).absolute()}"


def _configured_uri(file: Path) -> str | None:
    # YAML comes with mlflow. A file for other settings of MLflow need not name a URI.
    import yaml

    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{file} can't be read: {error}") from error
    if content is None:
        return None
    if not isinstance(content, dict):
        raise ConfigError(f"{file} must hold settings by name, not a {type(content).__name__}")
    section = content.get("mlflow")
    uri = (section if isinstance(section, dict) else content).get("tracking_uri")
    if uri is not None and not isinstance(uri, str):
        raise ConfigError(f"tracking_uri in {file} must be a text, not {uri!r}")
    return uri
