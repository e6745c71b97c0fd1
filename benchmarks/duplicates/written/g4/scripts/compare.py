"""Compare the champion with the best challenger and promote the better one."""

import argparse

import mlflow

from scorewatch.registry import promote


def current_champion(segment):
    df = mlflow.search_runs(experiment_names=["churn-training"], order_by=["start_time DESC"])
    mask = (df["tags.scorewatch.role"] == "champion") & (
        df["tags.scorewatch.segment"] == segment
    )
    if not mask.any():
        return None
    return df[mask].iloc[0]


def best_challenger(segment):
    df = mlflow.search_runs(
        experiment_names=["churn-training"],
        filter_string=(
            "tags.`scorewatch.role` = 'challenger' "
            f"and tags.`scorewatch.segment` = '{segment}'"
        ),
        order_by=["metrics.auc DESC"],
        max_results=1,
    )
    return None if df.empty else df.iloc[0]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("segment")
    parser.add_argument("--margin", type=float, default=0.005)
    parser.add_argument("--apply", action="store_true")
    args = parser.parse_args()

    old, new = current_champion(args.segment), best_challenger(args.segment)
    if new is None:
        print("no challenger")
        return
    old_auc = 0.0 if old is None else old["metrics.auc"]
    print(f"champion {old_auc:.4f}, challenger {new['metrics.auc']:.4f}")
    if new["metrics.auc"] > old_auc + args.margin and args.apply:
        promote(new["run_id"], args.segment)
        client = mlflow.MlflowClient()
        reasons = {
            "promotion.reason": "auc",
            "promotion.margin": str(args.margin),
            "promotion.segment": args.segment,
        }
        for key, value in reasons.items():
            client.set_tag(new["run_id"], key, value)


if __name__ == "__main__":
    main()
