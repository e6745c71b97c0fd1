"""Bytes in and out: discovery, encodings, notebooks and syntax newer than the interpreter."""
