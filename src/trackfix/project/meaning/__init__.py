"""What the names in a file mean: scopes, bindings, objects at run time."""
