import numpy as np


class HorizontalFlip:
    def __init__(self, p: float = 0.5, seed: int = 0):
        self.p = p
        self.rng = np.random.default_rng(seed)

    def __call__(self, image, boxes):
        if self.rng.random() > self.p:
            return image, boxes
        width = image.shape[1]
        flipped = boxes.copy()
        flipped[:, 0] = width - boxes[:, 2]
        flipped[:, 2] = width - boxes[:, 0]
        return image[:, ::-1].copy(), flipped


class Brightness:
    def __init__(self, low: float = 0.8, high: float = 1.2, seed: int = 0):
        self.low = low
        self.high = high
        self.rng = np.random.default_rng(seed)

    def __call__(self, image, boxes):
        factor = self.rng.uniform(self.low, self.high)
        return np.clip(image * factor, 0.0, 1.0), boxes


class Compose:
    def __init__(self, *steps):
        self.steps = steps

    def __call__(self, image, boxes):
        for step in self.steps:
            image, boxes = step(image, boxes)
        return image, boxes
