"""The BagIt 1.0 side of a packet (RFC 8493): declaration, information and manifests as text."""

from collections.abc import Mapping
from datetime import UTC, datetime

from dronesampler import __version__
from dronesampler.evidence.contents import PacketContents
from dronesampler.evidence.digests import Digest

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def manifest(digests: Mapping[str, Digest], algorithm: str) -> bytes:
    """One line a file, as `sha256sum -c` reads it: digest, two spaces, name."""
    return "".join(f"{getattr(digests[name], algorithm)}  {name}\n" for name in sorted(digests)).encode()


def bag_info(contents: PacketContents, payload: Mapping[str, Digest], *, sealed_unix_s: float) -> bytes:
    """bag-info.txt. The payload's size is what BagIt calls Oxum: bytes.files."""
    octets = sum(digest.size for digest in payload.values())
    lines = {
        "Source-Organization": _one_line(contents.organization),
        "External-Identifier": f"{contents.name}_v{contents.version}",
        "Bagging-Date": datetime.fromtimestamp(sealed_unix_s, UTC).strftime("%Y-%m-%d"),
        "Bag-Software-Agent": f"dronesampler {__version__}",
        "Payload-Oxum": f"{octets}.{len(payload)}",
        "Simulated": "SIMULATED 模拟数据" if contents.simulated else "",
    }
    return "".join(f"{label}: {value}\n" for label, value in lines.items() if value).encode()


def _one_line(text: str) -> str:
    """A tag's value may not break the line: BagIt would read a second tag."""
    return " ".join(text.split())
