# jonas; copied from anna's, now with a net
import argparse
import os

import mlflow
import numpy as np
import torch
from mlflow import MlflowClient
from torch import nn

from common import load_epochs

client = MlflowClient()


class EEGNet(nn.Module):
    def __init__(self, channels, samples, classes, f1=8, d=2):
        super().__init__()
        self.temporal = nn.Sequential(nn.Conv2d(1, f1, (1, 64), padding="same", bias=False), nn.BatchNorm2d(f1))
        self.spatial = nn.Sequential(
            nn.Conv2d(f1, f1 * d, (channels, 1), groups=f1, bias=False),
            nn.BatchNorm2d(f1 * d),
            nn.ELU(),
            nn.AvgPool2d((1, 4)),
            nn.Dropout(0.5),
        )
        self.out = nn.LazyLinear(classes)

    def forward(self, x):
        x = self.spatial(self.temporal(x.unsqueeze(1)))
        return self.out(x.flatten(1))


def get_exp(name):
    try:
        id_ = client.create_experiment(name)
    except Exception:
        id_ = client.get_experiment_by_name(name).experiment_id
    return id_


def fit(net, x, y, epochs=60):
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    x, y = torch.tensor(x, dtype=torch.float32), torch.tensor(y)
    for _ in range(epochs):
        for idx in torch.randperm(len(x)).split(32):
            loss = nn.functional.cross_entropy(net(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
    return net


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("subjects", nargs="+")
    ap.add_argument("--scanner", default="biosemi")
    a = ap.parse_args()
    eid = get_exp("decode-eegnet")
    parent = client.create_run(eid, run_name="eegnet group")
    for s in a.subjects:
        t = {"mlflow.parentRunId": parent.info.run_id}
        t["neuro.subject"], t["neuro.session"] = s, "01"
        run = client.create_run(eid, tags=t, run_name="sub-" + s)
        rid = run.info.run_id
        x, y = load_epochs(s, "01")
        cut = int(0.8 * len(x))
        net = fit(EEGNet(x.shape[1], x.shape[2], len(np.unique(y))), x[:cut], y[:cut])
        with torch.no_grad():
            pred = net.eval()(torch.tensor(x[cut:], dtype=torch.float32)).argmax(1).numpy()
        client.log_metric(rid, "accuracy", float((pred == y[cut:]).mean()))
        torch.save(net.state_dict(), f"/tmp/eegnet_{s}.pt")
        client.log_artifact(rid, f"/tmp/eegnet_{s}.pt")
        os.unlink(f"/tmp/eegnet_{s}.pt")
        client.set_terminated(rid)
    client.set_terminated(parent.info.run_id)


if __name__ == "__main__":
    main()
