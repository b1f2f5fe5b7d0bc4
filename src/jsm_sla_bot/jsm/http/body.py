"""The body of an answer, read and inflated piece by piece, up to a size: nobody's answer fills the memory."""

import zlib

import httpx

from jsm_sla_bot.jsm.errors import GarbledError

ENCODING = "gzip"
"""The one encoding that is asked for."""
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_INFLATED = {"gzip", "x-gzip", "deflate"}


def read(response: httpx.Response, largest: int) -> bytes:
    """Return the body of a streamed answer, inflated; at most `largest` bytes of it, as sent and inflated.

    Raises GarbledError for a larger one and for an encoding that can't be read, and what the client raises.
    """
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding in {"", "identity"}:
        return _plain(response, largest)
    if encoding not in _INFLATED:
        raise GarbledError("the answer has an encoding that nobody asked for")
    return _inflated(response, largest)


def _plain(response: httpx.Response, largest: int) -> bytes:
    found = bytearray()
    for part in response.iter_raw():
        found += part
        _check(len(found), largest)
    return bytes(found)


def _inflated(response: httpx.Response, largest: int) -> bytes:
    found = bytearray()
    sent = 0
    inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
    for part in response.iter_raw():
        sent += len(part)
        _check(sent, largest)
        left = part
        while left:
            if inflater.eof:
                inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
            try:
                found += inflater.decompress(left, largest + 1 - len(found))
            except zlib.error as error:
                raise GarbledError(
                    "the answer can't be decompressed"
                ) from error
            _check(len(found), largest)
            left = inflater.unconsumed_tail or inflater.unused_data
    return bytes(found)


def _check(size: int, largest: int) -> None:
    if size > largest:
        megabytes = largest / 2**20
        raise GarbledError(f"the answer is larger than {megabytes:g} MB")
