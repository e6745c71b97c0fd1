"""Old helpers; do not use them in new code."""
