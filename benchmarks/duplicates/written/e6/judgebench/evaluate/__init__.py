"""Evaluation and judges."""
