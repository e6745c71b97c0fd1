"""What is in a file that something packed."""

from __future__ import annotations

import io
from collections.abc import Iterator

# What would unpack to more is seen up to here.
_MAX_BYTES = 1 << 26
_ZIP = b"PK\x03\x04"
# The headers of gzip, and of zlib, with which joblib packs.
_DEFLATED = (b"\x1f\x8b", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_BZIP = b"BZh"
_LZMA = (b"\xfd7zXZ", b"\x5d\x00\x00")


def unpacked(data: bytes) -> Iterator[bytes]:
    """The contents of packed data: of each file of an archive, or of the one stream; of anything
    else, or of what can't be read, the data itself."""
    try:
        if data.startswith(_ZIP):
            yield from _archived(data)
        else:
            yield _stream(data)
    # What a module raises for damaged data differs, and Python may be built without some of them.
    except Exception:
        yield data


def _stream(data: bytes) -> bytes:
    # Imported where they are needed: few projects have such files.
    if data.startswith(_DEFLATED):
        import zlib

        # With 32 added, it is seen which of the two headers it is.
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress(data, _MAX_BYTES)
    if data.startswith(_BZIP):
        import bz2

        return bz2.BZ2Decompressor().decompress(data, _MAX_BYTES)
    if data.startswith(_LZMA):
        import lzma

        return lzma.LZMADecompressor().decompress(data, _MAX_BYTES)
    return data


def _archived(data: bytes) -> Iterator[bytes]:
    """The files of an archive; PyTorch and NumPy write such."""
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            with archive.open(member) as file:
                yield file.read(_MAX_BYTES)
