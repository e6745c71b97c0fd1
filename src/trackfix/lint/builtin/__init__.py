"""Rules whose findings the runner makes; here are their names and pages."""
