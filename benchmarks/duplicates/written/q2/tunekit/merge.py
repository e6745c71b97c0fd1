# merge the best adapter into the base weights, for serving  (intern project, summer)
import logging, subprocess, sys
from pathlib import Path

import mlflow
import torch
from mlflow.tracking import MlflowClient
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

logger = logging.getLogger("merge")


def best_adapter(sweep_name):
    df = mlflow.search_runs(experiment_names=["sweeps/" + sweep_name])
    df = df[df.status == "FINISHED"]
    if "tags.tunekit.adapter" in df.columns:
        df = df[df["tags.tunekit.adapter"].notna()]
    else:
        df = df.iloc[0:0]
    if len(df) == 0:
        raise SystemExit("no adapter in sweep " + sweep_name)
    row = df.loc[df["metrics.val_loss"].idxmin()]
    return row


def best_by_eval(suite):
    df = mlflow.search_runs(experiment_names=["eval/" + suite], filter_string="tags.`eval.kind` = 'harness'",
                            order_by=["metrics.mean DESC"], max_results=1)
    if len(df) == 0:
        raise SystemExit("no eval in suite " + suite)
    return df.iloc[0]["tags.eval.train_run"]


def prov_tags():
    sha = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True).stdout.strip() or "unknown"
    tags = {"prov.git_sha": sha}
    tags["merge.dtype"] = "bfloat16"
    tags["merge.torch"] = torch.__version__
    tags["merge.cuda"] = str(torch.version.cuda)
    return tags


def merge(base, adapter, out):
    model = AutoModelForCausalLM.from_pretrained(base, torch_dtype=torch.bfloat16)
    model = PeftModel.from_pretrained(model, adapter)
    model = model.merge_and_unload()
    model.save_pretrained(out, safe_serialization=True)
    AutoTokenizer.from_pretrained(base).save_pretrained(out)


def main(sweep_name, out):
    row = best_adapter(sweep_name)
    adapter = row["tags.tunekit.adapter"]
    base = row["params.base_model"]
    mlflow.set_experiment("merges")
    with mlflow.start_run(run_name="merge-" + sweep_name):
        mlflow.set_tags(prov_tags())
        mlflow.log_param("source_run", row.run_id)
        merge(base, adapter, out)
        size = sum(p.stat().st_size for p in Path(out).rglob("*") if p.is_file())
        mlflow.log_metric("bytes", size)
    # sanity: which step was it?
    tag = MlflowClient().get_run(row.run_id).data.tags.get("tunekit.last_checkpoint")
    if tag:
        where, step = tag.rsplit("@", 1)
        logger.info("adapter from %s, step %d", where, int(step))


if __name__ == "__main__":
    logging.basicConfig(level="INFO")
    main(sys.argv[1], sys.argv[2])
