"""The page for a team's meeting; one file for each part of it."""
