"""Each import contract is broken once on purpose: a contract that cannot fail guards nothing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of both packages with the contracts, to break."""
    copy = tmp_path_factory.mktemp("house")
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "dronesampler", copy / "dronesampler", ignore=skip)
    shutil.copytree(ROOT / "ui" / "dronesampler_ui", copy / "dronesampler_ui", ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    script = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    return subprocess.run([sys.executable, "-c", script], cwd=house, capture_output=True, text=True, timeout=120)


def test_the_house_keeps_its_contracts(house: Path) -> None:
    answer = lint(house)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize(
    ("room", "line", "contract"),
    [
        ("dronesampler/geo", "import dronesampler.park", "One arrow inward"),
        ("dronesampler/mission", "import dronesampler.park", "One arrow inward"),
        ("dronesampler/desk", "import PySide6.QtCore", "The core knows no window"),
        ("dronesampler/plan", "import pymavlink", "pymavlink stays in mavlink and simulator"),
        ("dronesampler/report", "import sqlalchemy", "SQLAlchemy stays in store"),
        ("dronesampler/simulator", "import dronesampler.plume", "The simulator knows neither plume nor attribution"),
        ("dronesampler_ui/plan", "import dronesampler_ui.fly", "Workspaces are independent of one another"),
        ("dronesampler_ui/parts", "import dronesampler_ui.library", "Parts know no workspace and do no work"),
    ],
)
def test_a_broken_contract_is_noticed(house: Path, room: str, line: str, contract: str) -> None:
    crime = house / room / "crime.py"
    crime.write_text(line + "\n")
    try:
        answer = lint(house)
    finally:
        crime.unlink()
    assert answer.returncode == 1
    assert f"{contract} BROKEN" in answer.stdout


def test_a_new_room_must_be_given_its_place(house: Path) -> None:
    (house / "dronesampler" / "attic").mkdir()
    (house / "dronesampler" / "attic" / "__init__.py").touch()
    try:
        answer = lint(house)
    finally:
        shutil.rmtree(house / "dronesampler" / "attic")
    assert answer.returncode == 1
    assert "attic" in answer.stdout
