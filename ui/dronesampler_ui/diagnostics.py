"""A bundle for whoever looks for a fault: versions, sizes and logs, without names, places or paths."""

import contextlib
import getpass
import json
import platform
import re
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import PySide6

if TYPE_CHECKING:
    from dronesampler.store import Store

TEAM_FILE = "team.json"  # as desk.team has it, which would load the database
SHORTEST_NAME = 3
PACKAGES = ("dronesampler", "numpy", "SQLAlchemy", "pymavlink", "PySide6-Essentials")
_MASKS = (
    (re.compile(r"[\u3400-\u9fff]+"), "▯"),  # names of people, firms and parks are Chinese words
    (re.compile(r"(?:[A-Za-z]:)?[\\/][^\s:\"']*"), "<path>"),
    (re.compile(r"\b\d{1,3}\.\d{4,}\b"), "<degrees>"),
    (re.compile(r"\b[0-9A-Z]{18}\b"), "<code>"),
)


def masked(text: str, names: Iterable[str] = ()) -> str:
    """The text without Chinese words, paths, coordinates, credit codes and the names that are known."""
    for name in sorted({n.strip() for n in names if len(n.strip()) >= SHORTEST_NAME}, key=len, reverse=True):
        text = re.sub(re.escape(name), "<name>", text, flags=re.IGNORECASE)
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text


def known_names(data_dir: Path, store: "Store | None") -> set[str]:
    """Of this computer and its user, of the team on file, of parks, their enterprises and outlets, and of patrols."""
    names = {platform.node(), getpass.getuser(), Path.home().name}
    with contextlib.suppress(OSError, ValueError):
        names |= set(_strings(json.loads((data_dir / TEAM_FILE).read_text(encoding="utf-8"))))
    if store is None:
        return names
    names |= {patrol.name for patrol in store.patrols()}
    for stored in store.parks():
        park = store.park(stored.id)
        names |= {park.name, park.name_en, *(o.code for o in park.outlets)}
        names |= {name for e in park.enterprises for name in (e.name, e.name_en, e.permit_number)}
    return names


def _strings(value: Any) -> Iterator[str]:
    """Every word in a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (word for one in value.values() for word in _strings(one))
    elif isinstance(value, list):
        yield from (word for one in value for word in _strings(one))


def write_diagnostics(data_dir: Path, names: Iterable[str] = ()) -> Path:
    """Write DATA/diagnostics.zip without those names and say where it is."""
    names = tuple(names)
    target = data_dir / "diagnostics.zip"
    about = [f"{name} {version(name)}" for name in PACKAGES]
    about += [f"Qt {PySide6.__version__}", f"Python {platform.python_version()}", platform.platform(terse=True)]
    about += [f"{file.suffix} {file.stat().st_size}" for file in sorted(data_dir.glob("*.sqlite*"))]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("about.txt", "\n".join(about) + "\n")
        for log in sorted((data_dir / "logs").glob("*.log*")):
            bundle.writestr(f"logs/{log.name}", masked(log.read_text(encoding="utf-8", errors="replace"), names))
    return target
