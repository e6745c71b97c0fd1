"""Parts that other people gave."""
