import pytorch_lightning as pl
import torch
from torchmetrics.detection.mean_ap import MeanAveragePrecision

from detlab.nets import build, optim


class LitDet(pl.LightningModule):
    def __init__(self, cfg):
        super().__init__()
        self.cfg = cfg
        self.net = build(cfg)
        self.map = MeanAveragePrecision()

    def training_step(self, batch, _):
        imgs, targets = batch
        losses = self.net(list(imgs), list(targets))
        total = sum(losses.values())
        self.log_dict({f"train/{k}": v for k, v in losses.items()})
        self.log("train/loss", total, prog_bar=True)
        return total

    def validation_step(self, batch, _):
        imgs, targets = batch
        self.map.update(self.net(list(imgs)), list(targets))

    def on_validation_epoch_end(self):
        r = self.map.compute()
        self.log("val/mAP", r["map"])
        self.log("val/mAP50", r["map_50"])
        self.map.reset()

    def configure_optimizers(self):
        opt, sched = optim(self.cfg, self.net)
        return [opt], [sched]

    def transfer_batch_to_device(self, batch, device, dataloader_idx):
        imgs, ts = batch
        return [i.to(device) for i in imgs], [{k: v.to(device) for k, v in t.items()} for t in ts]


def load_net(cfg, ckpt):
    sd = torch.load(ckpt, map_location="cpu")
    m = LitDet(cfg)
    m.load_state_dict(sd["state_dict"])
    return m.eval()
