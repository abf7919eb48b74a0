"""Where things lie on disk: the user's data folder, and the files that ship beside the code."""

from pathlib import Path

from platformdirs import user_data_path

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    """`<package>/<name>` in an installed copy, `<repository>/<name>` in a checkout."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def assets_dir() -> Path:
    """Icons, themes, translations, report templates and the demo park."""
    return _shipped("assets")


def missions_dir() -> Path:
    """The mission files that ship."""
    return _shipped("missions")


def user_data_dir() -> Path:
    """The default data folder of this user; not created here."""
    return user_data_path("dronesampler", appauthor=False)
