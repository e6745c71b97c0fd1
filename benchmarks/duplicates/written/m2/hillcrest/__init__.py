"""Search for good settings."""

from hillcrest.space import Choice, Float, Int, Space
from hillcrest.study import Study, Trial

__version__ = "1.3.0"
__all__ = ["Choice", "Float", "Int", "Space", "Study", "Trial"]
