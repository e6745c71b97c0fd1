from molprop.tracking.runs import ensure_experiment, find_unfinished, parse_targets

__all__ = ["ensure_experiment", "find_unfinished", "parse_targets"]
