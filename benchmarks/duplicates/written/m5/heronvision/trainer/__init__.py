from heronvision.trainer.trainer import Trainer

__all__ = ["Trainer"]
