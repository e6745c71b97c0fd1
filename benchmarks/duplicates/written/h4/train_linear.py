"""Ridge on the composition."""
import argparse

import mlflow
from sklearn.linear_model import Ridge

import utils


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--split", default="random", choices=utils.SPLITS)
    ap.add_argument("--alpha", type=float, default=1.0)
    ap.add_argument("--seed", type=int, default=0)
    args = ap.parse_args()

    utils.seed_everything(args.seed)
    utils.use_experiment()
    xs, y = utils.load_split(args.split, "train")
    vs, vy = utils.load_split(args.split, "valid")

    tags = utils.machine_tags(args.seed)
    tags.update(model="linear", split=args.split)
    with mlflow.start_run(run_name=f"linear-{args.split}", tags=tags):
        mlflow.log_params(vars(args))
        model = Ridge(alpha=args.alpha).fit(utils.composition(xs), y)
        score = utils.r2(vy, model.predict(utils.composition(vs)))
        mlflow.log_metric("val_r2", score)
        mlflow.sklearn.log_model(model, "model")
        print(score)


if __name__ == "__main__":
    main()
