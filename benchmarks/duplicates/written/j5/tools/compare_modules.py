"""Checks that the old and the new module give the same answers."""
import sys

from fraudlens import tracking_old
from fraudlens.tracking import default_store


def main(models):
    bad = 0
    for model in models:
        old = tracking_old.latest_prod_run(model)
        new = default_store().latest_prod(model)
        a = None if old is None else old["run_id"]
        b = None if new is None else new.info.run_id
        print(model, a, b, "same" if a == b else "DIFFERENT")
        bad += a != b
    store = default_store()
    n_new = sum(1 for _ in store.client.search_runs([store.experiment_id], max_results=5000))
    print("runs", len(tracking_old.all_runs()), n_new)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["logit"]))
