"""Where files name moved modules: in imports, attributes, strings, running text."""
