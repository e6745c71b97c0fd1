from fraudlens.tracking.store import RunStore, default_store

__all__ = ["RunStore", "default_store"]
