"""The device's signing key, and the trust file that says whose key is whose and for how long."""

import contextlib
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization as coding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from dronesampler.evidence.files import write_whole
from dronesampler.journal import canonical_json
from dronesampler.problems import BadInput, Refused, system_said
from dronesampler.safe_files import json_value
from dronesampler.texts import Text

TRUST_FORMAT = "dronesampler-trust/1"
KEY_FILE = "device.pem"
TRUST_FILE = "keys.json"

NOT_A_KEY = Text(
    "{path} 不是本程序的设备密钥（应为 PKCS#8 格式的 Ed25519 私钥）：{reason}",
    "{path} is not a device key (a PKCS#8 Ed25519 private key was expected): {reason}",
)
NOT_A_TRUST_FILE = Text(
    "不是信任文件：{reason}；信任文件由“dronesampler packet”写在数据目录 keys/keys.json",
    "not a trust file: {reason}; `dronesampler packet` writes one to keys/keys.json in the data folder",
)
NO_TRUST_FILE = Text("信任文件无法打开：{reason}", "the trust file cannot be opened: {reason}")
NO_ENTRY = Text("缺少“{name}”", "“{name}” is missing")
BAD_ENTRY = Text("有一项的内容不对", "an entry is not what it should be")
OTHER_FORMAT = Text("格式是“{format}”，应为 {known}", "its format is “{format}”, not {known}")
OTHER_KEY = Text("“{owner}”的指纹与其公钥不符", "the fingerprint of “{owner}” is not that of its key")
CANNOT_WRITE_KEY = Text("无法在 {path} 写入设备密钥：{reason}", "cannot write the device key to {path}: {reason}")


def fingerprint_of(public_key: bytes) -> str:
    """SHA-256 of the 32 raw bytes of an Ed25519 public key, hexadecimal."""
    return hashlib.sha256(public_key).hexdigest()


def signed_by(public_key: bytes, *, signature: bytes, data: bytes) -> bool:
    """Whether the raw Ed25519 signature over the data is the key's."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """The Ed25519 key of one device. The private part never leaves this value and its file."""

    _private: Ed25519PrivateKey
    owner: str = ""

    @classmethod
    def open_or_create(cls, folder: Path, *, owner: str = "", passphrase: bytes | None = None) -> Self:
        """The key in `folder`, made on first use. Raises Refused when it cannot be written, BadInput when damaged.

        Of two processes that both find no key one makes it and both use it.
        """
        path = folder / KEY_FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                _create(path, passphrase)
            data = path.read_bytes()
        except OSError as reason:
            raise Refused(CANNOT_WRITE_KEY.with_(path=path, reason=system_said(reason))) from reason
        return cls(_private_key(data, path=path, passphrase=passphrase), owner)

    @classmethod
    def generate(cls, owner: str = "") -> Self:
        """A new key that is in no file."""
        return cls(Ed25519PrivateKey.generate(), owner)

    @property
    def public_key(self) -> bytes:
        """The 32 raw bytes."""
        return self._private.public_key().public_bytes(coding.Encoding.Raw, coding.PublicFormat.Raw)

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.public_key)

    def public_pem(self) -> bytes:
        """The public key as openssl reads it."""
        return self._private.public_key().public_bytes(coding.Encoding.PEM, coding.PublicFormat.SubjectPublicKeyInfo)

    def sign(self, data: bytes) -> bytes:
        """The raw 64-byte signature."""
        return self._private.sign(data)


def _create(path: Path, passphrase: bytes | None) -> None:
    cipher = coding.BestAvailableEncryption(passphrase) if passphrase else coding.NoEncryption()
    pem = Ed25519PrivateKey.generate().private_bytes(coding.Encoding.PEM, coding.PrivateFormat.PKCS8, cipher)
    made = path.with_name(f".{path.name}.{os.getpid()}")
    made.unlink(missing_ok=True)
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        with contextlib.suppress(FileExistsError):  # another process was quicker: its key is the key
            os.link(made, path)
    except OSError:  # a file system without hard links, such as FAT
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)


def _private_key(data: bytes, *, path: Path, passphrase: bytes | None) -> Ed25519PrivateKey:
    try:
        key = coding.load_pem_private_key(data, passphrase)
    except (ValueError, TypeError) as reason:
        raise BadInput(NOT_A_KEY.with_(path=path, reason=reason), where=str(path)) from reason
    if not isinstance(key, Ed25519PrivateKey):
        raise BadInput(NOT_A_KEY.with_(path=path, reason=type(key).__name__), where=str(path))
    return key


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A device key that someone vouches for. Times are unix seconds; None is open."""

    public_key: bytes
    owner: str
    valid_from_s: float | None = None
    valid_to_s: float | None = None
    revoked_s: float | None = None

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.public_key)

    def as_json(self) -> dict[str, Any]:
        return {
            "fingerprint": self.fingerprint,
            "public_key": self.public_key.hex(),
            "owner": self.owner,
            "valid_from_s": self.valid_from_s,
            "valid_to_s": self.valid_to_s,
            "revoked_s": self.revoked_s,
        }


@dataclass(frozen=True, slots=True)
class Trust:
    """What the verifier believes: device keys, and certificates under which officers sign."""

    keys: tuple[TrustedKey, ...] = ()
    officer_roots: tuple[x509.Certificate, ...] = ()

    def key(self, public_key: bytes) -> TrustedKey | None:
        return next((key for key in self.keys if key.public_key == public_key), None)

    def with_key(self, key: TrustedKey) -> "Trust":
        """The same trust with this key added or replaced."""
        others = tuple(known for known in self.keys if known.public_key != key.public_key)
        return Trust((*others, key), self.officer_roots)

    def as_json(self) -> dict[str, Any]:
        roots = [root.public_bytes(coding.Encoding.PEM).decode() for root in self.officer_roots]
        return {"format": TRUST_FORMAT, "keys": [key.as_json() for key in self.keys], "officer_roots": roots}


def read_trust(path: Path) -> Trust:
    """A trust file. Raises BadInput with what is wrong with it."""
    try:
        return _trust(json_value(path.read_bytes()))
    except OSError as reason:
        raise BadInput(NO_TRUST_FILE.with_(reason=system_said(reason)), where=str(path)) from reason
    except BadInput as reason:
        raise BadInput(NOT_A_TRUST_FILE.with_(reason=reason.text), where=str(path)) from reason
    except KeyError as reason:
        said = NO_ENTRY.with_(name=reason.args[0])
        raise BadInput(NOT_A_TRUST_FILE.with_(reason=said), where=str(path)) from reason
    except (ValueError, TypeError, AttributeError) as reason:
        raise BadInput(NOT_A_TRUST_FILE.with_(reason=BAD_ENTRY), where=str(path)) from reason


def _trust(values: dict[str, Any]) -> Trust:
    if values["format"] != TRUST_FORMAT:
        raise BadInput(OTHER_FORMAT.with_(format=values["format"], known=TRUST_FORMAT))
    keys = tuple(_trusted_key(row) for row in values["keys"])
    roots: Sequence[str] = values.get("officer_roots", ())
    return Trust(keys, tuple(x509.load_pem_x509_certificate(root.encode()) for root in roots))


def _trusted_key(row: dict[str, Any]) -> TrustedKey:
    public_key = bytes.fromhex(row["public_key"])
    if len(public_key) != 32 or row["fingerprint"] != fingerprint_of(public_key):
        raise BadInput(OTHER_KEY.with_(owner=row["owner"]))
    times = [
        None if row.get(name) is None else float(row[name]) for name in ("valid_from_s", "valid_to_s", "revoked_s")
    ]
    return TrustedKey(public_key, str(row["owner"]), *times)


def write_trust(trust: Trust, path: Path) -> None:
    """Write a trust file whole or not at all."""
    write_whole(path, [canonical_json(trust.as_json()) + b"\n"])
