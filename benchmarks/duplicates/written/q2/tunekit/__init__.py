from tunekit.config import SweepConfig, load_config  # noqa: F401
