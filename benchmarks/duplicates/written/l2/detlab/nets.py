import torch
from torchvision.models.detection import fasterrcnn_resnet50_fpn, retinanet_resnet50_fpn

ZOO = {"frcnn_r50": fasterrcnn_resnet50_fpn, "retina_r50": retinanet_resnet50_fpn}


def build(cfg):
    return ZOO[cfg.name](weights=None, num_classes=cfg.classes + 1)


def optim(cfg, net):
    ps = [p for p in net.parameters() if p.requires_grad]
    opt = torch.optim.SGD(ps, lr=cfg.lr, momentum=cfg.momentum, weight_decay=1e-4)
    sched = torch.optim.lr_scheduler.MultiStepLR(opt, cfg.steps, gamma=0.1)
    return opt, sched
