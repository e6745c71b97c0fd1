"""Reinforcement learning for walking robots."""

__version__ = "0.3.0"
