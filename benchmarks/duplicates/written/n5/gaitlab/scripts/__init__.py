"""Scripts for the cluster."""
