"""Scenes for the simulator."""
import random
from dataclasses import dataclass, field
from typing import List, Tuple

Vec = Tuple[float, float, float]


@dataclass
class Item:
    mesh: str
    mass: float
    friction: float = 0.6
    position: Vec = (0.0, 0.0, 0.0)


@dataclass
class Scene:
    bin_size: Vec = (0.6, 0.4, 0.3)
    items: List[Item] = field(default_factory=list)
    light: float = 1.0

    def clutter(self):
        return len(self.items) / (self.bin_size[0] * self.bin_size[1])


class SceneFactory:
    def __init__(self, meshes, seed=0):
        self.meshes = list(meshes)
        self.rng = random.Random(seed)

    def drop(self, n, friction):
        scene = Scene(light=self.rng.uniform(0.4, 1.6))
        for _ in range(n):
            x = self.rng.uniform(-0.3, 0.3)
            y = self.rng.uniform(-0.2, 0.2)
            scene.items.append(Item(self.rng.choice(self.meshes), self.rng.uniform(0.05, 0.8), friction, (x, y, 0.35)))
        return scene
