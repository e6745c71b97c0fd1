"""Scores the payments again with the threshold of the run in production.

Still on the old module because of the frame row.
"""
import sys

import pandas as pd

from fraudlens import tracking_old
from fraudlens.payments import load
from fraudlens.scoring import fit, score


def main(model="logit"):
    row = tracking_old.latest_prod_run(model)
    if row is None:
        sys.exit("no production run")
    version = row["tags.dataset_version"] if "tags.dataset_version" in row else "v1"
    df = load(version)
    p = score(fit(df, float(row["params.C"])), df)
    out = pd.DataFrame({"payment_id": df["payment_id"], "p": p, "flag": p >= row["metrics.threshold"]})
    out.to_csv("rescored.csv", index=False)
    print(int(out["flag"].sum()), "flagged of", len(out))


if __name__ == "__main__":
    main(*sys.argv[1:])
