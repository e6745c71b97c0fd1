"""Everything that talks to the tracking server should live here (it does not yet)."""
from .gateway import TrackingGateway
from .lineage import lineage_tags

__all__ = ["TrackingGateway", "lineage_tags"]
