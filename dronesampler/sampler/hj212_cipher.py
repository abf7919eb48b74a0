"""SM4 as HJ 212-2025 uses it: ECB over the whole blocks of a segment, the rest behind them left plain."""

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 16


class Sm4:
    """Encrypts and opens segments with one key of 16 bytes. Raises ValueError for a key of another length."""

    def __init__(self, key: bytes) -> None:
        if len(key) != BLOCK:
            raise ValueError(f"an SM4 key has {BLOCK} bytes, not {len(key)}")
        # ECB is what the standard prescribes; nothing else here uses it.
        self._cipher = Cipher(algorithms.SM4(key), modes.ECB())

    def close(self, plain: bytes) -> bytes:
        """Encrypt the whole blocks."""
        whole = len(plain) - len(plain) % BLOCK
        encryptor = self._cipher.encryptor()
        return encryptor.update(plain[:whole]) + encryptor.finalize() + plain[whole:]

    def open(self, sent: bytes) -> bytes:
        """Decrypt, unless the segment is plain text already: stations switch over one by one."""
        if is_plain(sent):
            return sent
        whole = len(sent) - len(sent) % BLOCK
        decryptor = self._cipher.decryptor()
        return decryptor.update(sent[:whole]) + decryptor.finalize() + sent[whole:]


def is_plain(segment: bytes) -> bool:
    """A segment begins with one of its field names."""
    return segment.startswith((b"QN=", b"ST=", b"CN=", b"PW=", b"MN="))
