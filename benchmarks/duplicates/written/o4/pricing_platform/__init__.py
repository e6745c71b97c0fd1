"""Pricing platform."""
