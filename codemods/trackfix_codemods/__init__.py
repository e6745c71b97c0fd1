"""libcst codemods, one file each."""
