"""What happens when modules are loaded, in which order, and by whom."""
