from tidecast.models import Naive, SeasonalNaive, Ses, WindowRegressor

__version__ = "0.9.3"
__all__ = ["Naive", "SeasonalNaive", "Ses", "WindowRegressor"]
