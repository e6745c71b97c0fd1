from segstream.tracking.lookup import experiment_id, run_by_fingerprint

__all__ = ["experiment_id", "run_by_fingerprint"]
