"""Database connections after a fork.

MLflow keeps its pools of connections for the life of the process, and a forked process inherits
them. Two processes that talk to PostgreSQL through one connection get each other's answers, or
none.
"""

from __future__ import annotations

import functools
import os
import sys

# The stores with pools, each a class attribute that maps database URIs to engines. Its name is not
# the same in 3.1 and 3.17.
_STORES = (
    "mlflow.store.tracking.sqlalchemy_store",
    "mlflow.store.model_registry.sqlalchemy_store",
)


@functools.cache
def renew_connections_after_fork() -> None:
    """From now on, a process that is forked from this one opens database connections of its own,
    for MLflow's own functions as well. Those of this process are not closed by it.

    Not needed for servers: MLflow keeps its HTTP sessions by process.

    See https://docs.sqlalchemy.org/en/20/core/pooling.html#pooling-multiprocessing

    >>> from trackfix.tracking.forks import renew_connections_after_fork
    >>> renew_connections_after_fork()
    """
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_forget_pools)


def _forget_pools() -> None:
    for name in _STORES:
        store = getattr(sys.modules.get(name), "SqlAlchemyStore", None)
        for value in list(vars(store).values()) if store is not None else ():
            for engine in list(value.values()) if isinstance(value, dict) else ():
                if hasattr(engine, "dispose"):
                    engine.dispose(close=False)
