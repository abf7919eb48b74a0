"""What Cases asks of the core about packets, as functions that run off the UI thread."""

from pathlib import Path

from dronesampler.desk.sealing import seal_patrol, verify_packet
from dronesampler.evidence import TRUST_FILE, Verdict
from dronesampler.texts import Lang
from dronesampler_ui.library import Library


def seal(library: Library, patrol_id: int, lang: Lang) -> Path:
    """Write a packet of the patrol into the data folder's packets; where it is."""
    return seal_patrol(library.store(), patrol_id, lang=lang).path


def check(library: Library, path: Path) -> Verdict:
    """Verify a packet with the trust file of this data folder, where there is one."""
    trust = library.data_dir / "keys" / TRUST_FILE
    return verify_packet(path, trust=trust if trust.exists() else None)
