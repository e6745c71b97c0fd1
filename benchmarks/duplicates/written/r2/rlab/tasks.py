"""Tasks and their curricula."""
from collections import namedtuple

Stage = namedtuple("Stage", "name env_id steps success")

CURRICULA = {
    "peg": [
        Stage("reach", "PegReach-v2", 300_000, 0.95),
        Stage("align", "PegAlign-v2", 600_000, 0.9),
        Stage("insert", "PegInsert-v2", 2_000_000, 0.8),
    ],
    "cloth": [
        Stage("grasp", "ClothGrasp-v1", 500_000, 0.9),
        Stage("fold-once", "ClothFold1-v1", 1_500_000, 0.75),
        Stage("fold-twice", "ClothFold2-v1", 3_000_000, 0.6),
    ],
    "door": [Stage("open", "DoorOpen-v3", 1_000_000, 0.9)],
}


def stage_names(task):
    return [s.name for s in CURRICULA[task]]


def next_stage(task, name=None):
    """The stage after `name`, the first when there is none, None after the last."""
    stages = CURRICULA[task]
    if name is None:
        return stages[0]
    names = stage_names(task)
    i = names.index(name) + 1
    return stages[i] if i < len(stages) else None
