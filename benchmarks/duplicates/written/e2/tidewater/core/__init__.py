"""The objects of the SDK."""
