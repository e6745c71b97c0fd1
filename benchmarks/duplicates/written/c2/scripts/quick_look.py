"""Loss curves of the last afternoon, in a window."""

import sys

import matplotlib.pyplot as plt
import mlflow


def curve(run_id, metric):
    history = mlflow.MlflowClient().get_metric_history(run_id, metric)
    return [m.step for m in history], [m.value for m in history]


if __name__ == "__main__":
    for run_id in sys.argv[1:]:
        plt.plot(*curve(run_id, "loss"), label=run_id[:6])
    plt.legend()
    plt.show()
