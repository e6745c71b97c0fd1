"""Loggers of the trainer."""
