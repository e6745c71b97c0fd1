import argparse
import logging

from demandcore.common.mlflow_wrapper import MlflowWrapper
from demandcore.settings import get_settings
from demandcore.training.ets_trainer import EtsTrainer
from demandcore.training.lgbm_trainer import LgbmTrainer

TRAINERS = {"lgbm": LgbmTrainer, "ets": EtsTrainer}
logger = logging.getLogger("nightly.train")


def main(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--region", action="append")
    args = parser.parse_args(argv)
    settings = get_settings()
    wrapper = MlflowWrapper(settings)
    failed = []
    for region in args.region or settings.regions:
        closed = wrapper.close_stale(region)
        logger.info("%s: closed %d stale runs", region, closed)
        try:
            TRAINERS[settings.model.family](region, settings).run()
        except Exception:
            logger.exception("training of %s failed", region)
            failed.append(region)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
