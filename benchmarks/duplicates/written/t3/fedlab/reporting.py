"""Report for the steering group. Written by the statistician before RunStore existed."""
import argparse
from datetime import datetime
from pathlib import Path

import matplotlib.pyplot as plt
import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient


class CampaignReport:
    def __init__(self, experiment_name, campaign):
        self.client = MlflowClient()
        e = self.client.get_experiment_by_name(experiment_name)
        if e is None:
            raise ValueError("no such experiment: " + experiment_name)
        self.experiment_id = e.experiment_id
        self.campaign = campaign

    def rounds(self):
        runs = self.client.search_runs([self.experiment_id], "tags.`fed.campaign` = '%s'" % self.campaign, max_results=2000)
        return [r for r in runs if r.data.tags.get("fed.role") == "round"]

    @staticmethod
    def number_of(run):
        return int(run.data.tags["fed.round"])

    def round_of(self, number):
        newest = None
        for r in self.rounds():
            if self.number_of(r) != number:
                continue
            if newest is None or r.info.start_time > newest.info.start_time:
                newest = r
        return newest

    def best_round(self):
        done = [r for r in self.rounds() if r.info.status == "FINISHED" and "val_auc" in r.data.metrics]
        if len(done) == 0:
            return None
        done = sorted(done, key=lambda r: r.data.metrics["val_auc"], reverse=True)
        return done[0]

    def fairest_round(self):
        """Round whose worst site is best."""
        done = [r for r in self.rounds() if "worst_auc" in r.data.metrics]
        return max(done, key=lambda r: r.data.metrics["worst_auc"]) if done else None

    def site_names(self, campaign_run):
        txt = campaign_run.data.tags.get("fed.sites")
        if txt is None:
            return set()
        names = set()
        for piece in txt.split(","):
            piece = piece.strip()
            if piece != "":
                names.add(piece)
        return names

    def last_site_run(self, site):
        runs = self.client.search_runs(
            [self.experiment_id],
            f"tags.`fed.site` = '{site}' and tags.`fed.role` = 'site'",
            order_by=["start_time DESC"],
            max_results=1,
        )
        return runs[0] if runs else None

    def table(self):
        rows = []
        for r in self.rounds():
            m = r.data.metrics
            rows.append({
                "round": self.number_of(r),
                "auc": m.get("val_auc"),
                "worst": m.get("worst_auc"),
                "loss": m.get("loss"),
                "started": datetime.fromtimestamp(r.info.start_time / 1000),
            })
        return pd.DataFrame(rows).sort_values("round")

    def plot(self, path):
        t = self.table()
        fig, ax = plt.subplots(figsize=(7, 4))
        ax.plot(t["round"], t["auc"], marker="o", label="mean")
        ax.plot(t["round"], t["worst"], marker=".", label="worst site")
        ax.set_xlabel("round")
        ax.set_ylabel("AUC")
        ax.legend()
        fig.savefig(path, dpi=150)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("experiment")
    p.add_argument("campaign")
    p.add_argument("--out", type=Path, default=Path("report"))
    a = p.parse_args()
    a.out.mkdir(exist_ok=True)
    rep = CampaignReport(a.experiment, a.campaign)
    rep.table().to_csv(a.out / "rounds.csv", index=False)
    rep.plot(a.out / "rounds.png")
    mlflow.set_experiment("fed-reports")
    with mlflow.start_run(run_name=f"report-{a.campaign}"):
        mlflow.log_artifacts(str(a.out))


if __name__ == "__main__":
    main()
