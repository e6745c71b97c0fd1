"""Tables for the paper (LaTeX)."""
import mlflow
import pandas as pd
from scipy.stats import wilcoxon

EXP = "visio/cv"


def seeds_frame(study):
    df = mlflow.search_runs(experiment_names=[EXP], filter_string=f"tags.study = '{study}' and tags.level = 'seed'",
                            max_results=20000)
    keep = ["run_id", "start_time", "tags.site", "tags.fold", "tags.seed", "metrics.val_dice", "metrics.val_hd95"]
    return df[[c for c in keep if c in df]]


def top(study, site, fold):
    """the winner among the seeds"""
    df = mlflow.search_runs(experiment_names=[EXP], filter_string=f"tags.study = '{study}' and tags.level = 'seed'")
    df = df[(df["tags.site"] == site) & (df["tags.fold"] == str(fold))].dropna(subset=["metrics.val_dice"])
    if df.empty:
        return None
    return mlflow.get_run(df.loc[df["metrics.val_dice"].idxmax(), "run_id"])


def compare(a, b):
    fa, fb = seeds_frame(a), seeds_frame(b)
    key = ["tags.site", "tags.fold", "tags.seed"]
    m = fa.merge(fb, on=key, suffixes=("_a", "_b"))
    stat, p = wilcoxon(m["metrics.val_dice_a"], m["metrics.val_dice_b"])
    return {"n": len(m), "w": float(stat), "p": float(p)}


def latex(df: pd.DataFrame, caption: str) -> str:
    head = " & ".join(df.columns)
    rows = [" & ".join(f"{v:.3f}" if isinstance(v, float) else str(v) for v in r) for r in df.values]
    body = " \\\\\n".join([head, *rows])
    return f"\\begin{{table}}\n\\begin{{tabular}}{{{'l' * len(df.columns)}}}\n{body}\n\\end{{tabular}}\n\\caption{{{caption}}}\n\\end{{table}}"


def winners(study, sites, k=5):
    out = []
    for s in sites:
        for f in range(k):
            r = top(study, s, f)
            if r is not None:
                out.append((s, f, r.data.tags.get("seed"), r.data.metrics["val_dice"]))
    return latex(pd.DataFrame(out, columns=["site", "fold", "seed", "dice"]), study)
