"""Table 1: accuracy of all methods on all datasets."""
import mlflow
import numpy as np

EXPERIMENT = "graphmix"
METHODS = ["sgc", "mix"]
DATASETS = ["cora", "citeseer", "pubmed"]
SEEDS = range(5)


def get(method, dataset, seed):
    q = f"params.method = '{method}' and params.dataset = '{dataset}' and params.seed = '{seed}' and status = 'FINISHED'"
    df = mlflow.search_runs(experiment_names=[EXPERIMENT], filter_string=q, order_by=["start_time DESC"], max_results=1)
    if len(df) == 0:
        print("missing", method, dataset, seed)
        return None
    return df.iloc[0]


def cell(method, dataset):
    acc = []
    for s in SEEDS:
        row = get(method, dataset, s)
        if row is not None:
            acc.append(100 * row["metrics.test_acc"])
    if not acc:
        return "--"
    return f"${np.mean(acc):.1f} \\pm {np.std(acc):.1f}$"


def main():
    print("\\begin{tabular}{l" + "c" * len(DATASETS) + "}")
    print(" & " + " & ".join(DATASETS) + " \\\\ \\midrule")
    for m in METHODS:
        print(m + " & " + " & ".join(cell(m, d) for d in DATASETS) + " \\\\")
    print("\\end{tabular}")


if __name__ == "__main__":
    main()
