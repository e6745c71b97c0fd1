from evalbench.types import Sample, Verdict

__all__ = ["Sample", "Verdict"]
