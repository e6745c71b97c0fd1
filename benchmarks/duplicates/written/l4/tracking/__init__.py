from tracking.experiments import experiment_for
from tracking.lineage import lineage_tags
from tracking.roles import champion_of, set_role

__all__ = ["experiment_for", "lineage_tags", "champion_of", "set_role"]
