import json
import os
import sys
import urllib.request

HOST = os.environ.get("DATABRICKS_HOST", "")
TOKEN = os.environ.get("DATABRICKS_TOKEN", "")


def call(path, body):
    request = urllib.request.Request(
        f"{HOST}/api/2.1/{path}",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {TOKEN}"},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


def task(name, notebook, after=()):
    return {
        "task_key": name,
        "notebook_task": {"notebook_path": f"/Repos/fraud/notebooks/{notebook}"},
        "depends_on": [{"task_key": key} for key in after],
    }


JOB = {
    "name": "fraud-weekly",
    "tasks": [
        task("ingest", "01_ingest"),
        task("features", "02_features", ["ingest"]),
        task("train", "03_train", ["features"]),
        task("evaluate", "05_evaluate", ["train"]),
        task("promote", "06_promote", ["evaluate"]),
    ],
}

if __name__ == "__main__":
    if "--print" in sys.argv:
        json.dump(JOB, sys.stdout, indent=2)
    else:
        print(call("jobs/create", JOB)["job_id"])
