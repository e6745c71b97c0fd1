"""Find the re-export modules of a repository and move every reference to the real module."""

__version__ = "0.1.0"

# How a page that we wrote begins to say so; behind it stands which page it is.
PAGE_MARK = '<meta name="generator" content="trackfix '
