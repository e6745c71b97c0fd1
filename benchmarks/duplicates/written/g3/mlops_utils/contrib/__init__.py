"""Modules that teams gave back."""
