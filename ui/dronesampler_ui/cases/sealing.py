"""What Cases asks of the core about packets, as functions that run off the UI thread."""

from importlib import import_module
from pathlib import Path

from dronesampler.evidence import TRUST_FILE, Verdict, read_trust, verify
from dronesampler.texts import Lang
from dronesampler_ui.library import Library


def seal(library: Library, patrol_id: int, lang: Lang) -> Path:
    """Write a packet of the patrol into the data folder's packets; where it is."""
    sealing = import_module("dronesampler.desk.sealing")
    out = library.data_dir / "packets"
    out.mkdir(parents=True, exist_ok=True)
    return Path(sealing.seal_patrol(library.store(), patrol_id, out=out, lang=lang).path)


def check(library: Library, path: Path) -> Verdict:
    """Verify a packet with the trust file of this data folder, where there is one."""
    trust_file = library.data_dir / "keys" / TRUST_FILE
    return verify(path, trust=read_trust(trust_file) if trust_file.exists() else None)
