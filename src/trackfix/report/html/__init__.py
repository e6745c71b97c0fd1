"""What our HTML pages have in common: their frame, their text, and how they look."""
