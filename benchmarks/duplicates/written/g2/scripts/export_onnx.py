"""Export the best trial of a sweep."""

import argparse
import json
import pathlib

import mlflow


def pick(experiment: str, sweep_id: str):
    df = mlflow.search_runs(
        experiment_names=[experiment],
        filter_string=f'tags.mlflow.parentRunId = "{sweep_id}" and status = "FINISHED"',
    )
    if len(df) == 0:
        raise SystemExit("nothing to export")
    row = df.sort_values("metrics.val/mAP", ascending=False).iloc[0]
    return row.run_id


def image_size(run):
    text = run.data.tags.get("cv.image_size", "640x640")
    height, width = (int(part) for part in text.split("x"))
    return height, width


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sweep_id")
    parser.add_argument("--experiment", default="lumen-detection")
    parser.add_argument("--out", default="export")
    args = parser.parse_args()

    run_id = pick(args.experiment, args.sweep_id)
    run = mlflow.get_run(run_id)
    out = pathlib.Path(args.out)
    out.mkdir(exist_ok=True)
    height, width = image_size(run)
    meta = {"run_id": run_id, "input": [1, 3, height, width]}
    (out / "meta.json").write_text(json.dumps(meta, indent=2))
    mlflow.artifacts.download_artifacts(
        run_id=run_id, artifact_path="weights", dst_path=str(out)
    )
    client = mlflow.MlflowClient()
    client.set_tag(run_id, "export.format", "onnx")
    client.set_tag(run_id, "export.opset", "17")
    client.set_tag(run_id, "export.folder", out.name)


if __name__ == "__main__":
    main()
