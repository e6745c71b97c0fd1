"""Which file is which module, and which definition a name of a module is."""
