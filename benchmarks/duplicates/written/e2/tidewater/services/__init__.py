"""What the web layer calls. Each function takes and gives plain data."""
