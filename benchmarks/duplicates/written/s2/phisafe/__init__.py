from phisafe.scrub import NotCleared, PhiError
from phisafe.fold import FoldTracker
from phisafe.safe import SafeTracker

__all__ = ["FoldTracker", "NotCleared", "PhiError", "SafeTracker"]
