"""LaTeX table of the winners, for the paper."""
import mlflow

from common import DATASETS

HEAD = r"""\begin{tabular}{llrl}
\toprule
dataset & winner & $F_1$ & by \\
\midrule"""
FOOT = r"""\bottomrule
\end{tabular}"""


def winner(short, dataset):
    exp = mlflow.get_experiment_by_name("tabsuite/" + short)
    if exp is None:
        return None
    hits = mlflow.search_runs(
        [exp.experiment_id],
        filter_string="attributes.status = 'FINISHED' and params.dataset = '{}'".format(dataset),
        order_by=["metrics.f1_macro DESC"],
        max_results=1,
        output_format="list",
    )
    return hits[0] if hits else None


def row(dataset):
    found = [w for w in (winner(s, dataset) for s in ("svm", "forest", "knn", "mlp", "stack", "gp")) if w]
    if not found:
        return None
    top = max(found, key=lambda r: r.data.metrics["f1_macro"])
    by = top.data.tags.get("student", "?").capitalize()
    return f"{dataset} & {top.data.params['algorithm']} & {top.data.metrics['f1_macro']:.3f} & {by} \\\\"


if __name__ == "__main__":
    print(HEAD)
    for line in filter(None, map(row, DATASETS)):
        print(line.replace("_", r"\_"))
    print(FOOT)
