"""The shims of a project, what refers to them, and which can go."""
