import mlflow
import pandas as pd
from transformers import pipeline

from tunekit.data import rows
from tunekit.prompts import render
from tunekit.runs import training_run, use_experiment
from tunekit.settings import KIND_TAG, MODEL_TAG


def exact(pred, ref):
    return float(pred.strip().lower() == ref.strip().lower())


def f1(pred, ref):
    p, r = pred.lower().split(), ref.lower().split()
    common = sum(min(p.count(w), r.count(w)) for w in set(p))
    if not common:
        return 0.0
    pr, rc = common / len(p), common / len(r)
    return 2 * pr * rc / (pr + rc)


def open_eval(train, suite):
    tags = {
        "mlflow.parentRunId": train.info.run_id,
        KIND_TAG: "eval",
        "tunekit.suite": suite,
        MODEL_TAG: train.data.tags.get(MODEL_TAG, "?"),
    }
    return mlflow.start_run(run_name=f"eval-{suite}", tags=tags)


def evaluate(suite_path, run_id=None, job=None, prompt="default"):
    use_experiment()
    tr = training_run(run_id, job)
    path = mlflow.artifacts.download_artifacts(run_id=tr.info.run_id, artifact_path="adapter")
    gen = pipeline("text-generation", model=path, max_new_tokens=128, return_full_text=False)
    res = []
    with open_eval(tr, suite_path):
        for row in rows(suite_path):
            out = gen(render(prompt, row))[0]["generated_text"]
            res.append({"q": row["question"], "out": out, "em": exact(out, row["answer"]), "f1": f1(out, row["answer"])})
        df = pd.DataFrame(res)
        mlflow.log_metrics({"em": df["em"].mean(), "f1": df["f1"].mean()})
        mlflow.log_table(df, "answers.json")
    return df
