"""How hypothesis runs here."""

from hypothesis import settings

# Machines that run several suites at once are slow now and then, and imports are part of a test.
settings.register_profile("source", deadline=None)
settings.load_profile("source")
