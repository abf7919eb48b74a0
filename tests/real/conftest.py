"""Where the real files lie: `<repository>/../shared`; what needs them skips with a reason where they are absent."""

import json
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip(f"the real files are not beside this checkout ({SHARED.name}/ is absent)")
    return SHARED


@pytest.fixture(scope="session")
def truth(shared: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared / "data" / "TRUTH.json").read_text(encoding="utf-8"))
    return found
