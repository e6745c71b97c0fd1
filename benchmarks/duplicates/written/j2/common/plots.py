"""Plots for the slides."""
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from common.features import TARGET, to_dicts


def by_hour(df, model=None, path="hours.png"):
    fig, ax = plt.subplots(figsize=(6, 3))
    df.groupby("hour")[TARGET].mean().plot(ax=ax, label="counted")
    if model is not None:
        df.assign(p=model.predict(to_dicts(df))).groupby("hour")["p"].mean().plot(ax=ax, label="model")
    ax.legend()
    fig.savefig(path)
    plt.close(fig)
    return path
