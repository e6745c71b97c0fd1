"""Stop when nothing gets better."""


class EarlyStop:
    def __init__(self, metric: str = "val_loss", patience: int = 3) -> None:
        self.metric = metric
        self.patience = patience
        self.best = float("inf")
        self.waited = 0

    def on_epoch_end(self, trainer, metrics) -> None:
        if metrics[self.metric] < self.best:
            self.best, self.waited = metrics[self.metric], 0
            return
        self.waited += 1
        if self.waited >= self.patience:
            trainer.epoch = trainer.cfg.epochs
