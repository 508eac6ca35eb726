"""Passwords at rest: encrypted and authenticated with a key that stands beside the store, not in it.

The panel must be able to show a password (its letters contain it), so hashing alone won't do. Format: version byte, 16 bytes
nonce, ciphertext, 16 bytes tag; keystream and tag by keyed BLAKE2b with two keys derived from the file's. A stored password that
was cut or altered no longer opens: nobody can log in with it, as on the real panel.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from pathlib import Path

__all__ = ["Crypt", "matches", "sha1_form", "sha256_form"]

_VERSION = b"\x01"
_NONCE, _TAG, _BLOCK = 16, 16, 64


class Crypt:
    """Seals and opens the texts of one world."""

    def __init__(self, key: bytes) -> None:
        self._stream = hashlib.blake2b(b"stream", key=key).digest()
        self._tag = hashlib.blake2b(b"tag", key=key).digest()

    @classmethod
    def beside(cls, store: Path) -> Crypt:
        """The key file of a store (``<store>.key``), made where there is none, for its owner's eyes only."""
        path = store.with_name(store.name + ".key")
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return cls(path.read_bytes())
        with os.fdopen(handle, "wb") as file:
            key = os.urandom(32)
            file.write(key)
        return cls(key)

    def seal(self, text: str) -> bytes:
        data = text.encode("utf-8", "surrogatepass")
        nonce = os.urandom(_NONCE)
        body = self._combined(nonce, data)
        return _VERSION + nonce + body + self._tag_of(nonce + body)

    def open(self, sealed: bytes | None) -> str | None:
        """The text; None for null and for what does not open (cut, altered, or sealed with another key)."""
        if sealed is None or len(sealed) < 1 + _NONCE + _TAG or sealed[:1] != _VERSION:
            return None
        nonce, body, tag = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE : -_TAG], sealed[-_TAG:]
        if not hmac.compare_digest(tag, self._tag_of(nonce + body)):
            return None
        return self._combined(nonce, body).decode("utf-8", "surrogatepass")

    def derive(self, label: str) -> bytes:
        """20 bytes that only this world's key gives for this label."""
        return hashlib.blake2b(label.encode("utf-8"), key=self._tag, digest_size=20).digest()

    def _combined(self, nonce: bytes, data: bytes) -> bytes:
        blocks = range(-(-len(data) // _BLOCK))
        stream = b"".join(hashlib.blake2b(nonce + block.to_bytes(4, "big"), key=self._stream).digest() for block in blocks)
        return bytes(a ^ b for a, b in zip(data, stream, strict=False))

    def _tag_of(self, data: bytes) -> bytes:
        return hashlib.blake2b(data, key=self._tag, digest_size=_TAG).digest()


def sha1_form(password: str) -> str:
    """Base64 of SHA-1: the second form in which a panel takes a password (contract 1.7)."""
    return base64.b64encode(hashlib.sha1(password.encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()).decode()


def sha256_form(password: str) -> str:
    """``SHA256:`` and Base64 of SHA-256: the third form, 2.x only (contract 1.7.3)."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(password.encode("utf-8", "surrogatepass")).digest()).decode()


def matches(stored: str, sent: str, *, sha1: bool, sha256: bool) -> bool:
    """Whether what was sent is the stored password, plain or in a form that the flavour accepts."""
    forms = [stored]
    if sha1:
        forms.append(sha1_form(stored))
    if sha256:
        forms.append(sha256_form(stored))
    return any(hmac.compare_digest(form.encode("utf-8", "surrogatepass"), sent.encode("utf-8", "surrogatepass")) for form in forms)
