"""Trackkit: tracking the way the platform wants it."""
from trackkit.decorators import tracked
from trackkit.facade import Tracker
from trackkit.session import session

__all__ = ["Tracker", "tracked", "session"]
__version__ = "4.2.0"
