"""Profiles from files: what ships in assets/instruments and what a user writes, as TOML."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dronesampler.paths import assets_dir
from dronesampler.problems import BadInput, system_said
from dronesampler.sampler.alarm_rules import AlarmRules, rules_from
from dronesampler.sampler.profile import Profile, Quantity
from dronesampler.sampler.species import Unit
from dronesampler.texts import Text

NO_PROFILE = Text(
    "没有名为“{name}”的仪器配置；有：{known}；也可以给出一个 .toml 文件",
    "there is no instrument profile {name!r}; there are: {known}; a .toml file will do too",
)
UNKNOWN_ENTRIES = Text("不认识的项：{names}", "unknown entries: {names}")
NOT_A_PROFILE = Text(
    "仪器配置有误：{why}；样例见 assets/instruments",
    "the instrument profile is wrong: {why}; see assets/instruments for examples",
)
_NUMBERS = ("t90_s", "line_delay_s", "link_delay_s", "noise_mg_m3", "warm_up_s", "period_s", "humid_percent")
_INLET = ("forward_m", "right_m", "up_m")
_KNOWN = {"name", "method", "serial", "inlet", "quantity", "line", "modbus", "hj212", "alarm", "about", *_NUMBERS}


def shipped_profiles() -> Mapping[str, Path]:
    """Name and file of each profile that ships."""
    return {path.stem: path for path in sorted((assets_dir() / "instruments").glob("*.toml"))}


def read_profile(name: str) -> Profile:
    """A shipped profile by name, or the profile in a .toml file. Raises BadInput."""
    path = Path(name) if name.endswith(".toml") else shipped_profiles().get(name)
    if path is None:
        raise BadInput(NO_PROFILE.with_(name=name, known=", ".join(shipped_profiles())))
    try:
        return profile_from(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as reason:
        raise BadInput(NOT_A_PROFILE.with_(why=system_said(reason)), where=str(path)) from reason
    except BadInput as reason:
        raise BadInput(NOT_A_PROFILE.with_(why=reason.text), where=str(path)) from reason
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as reason:
        raise BadInput(NOT_A_PROFILE.with_(why=reason), where=str(path)) from reason


def profile_from(document: Mapping[str, Any]) -> Profile:
    """A profile from its document. Raises BadInput, ValueError, KeyError or TypeError for what is no profile."""
    strange = set(document) - _KNOWN
    if strange:
        raise BadInput(UNKNOWN_ENTRIES.with_(names=", ".join(sorted(strange))))
    inlet = {f"inlet_{key}": float(document.get("inlet", {}).get(key, 0.0)) for key in _INLET}
    return Profile(
        name=str(document["name"]),
        quantities=tuple(_quantity(q) for q in document.get("quantity", ())),
        method=str(document.get("method", "")),
        serial=str(document.get("serial", "")),
        alarms=rules_from(document.get("alarm", {}), AlarmRules()),
        extra={key: document[key] for key in ("line", "modbus", "hj212") if key in document},
        **{key: float(document[key]) for key in _NUMBERS if key in document},
        **inlet,
    )


def _quantity(spec: Mapping[str, Any]) -> Quantity:
    low, high = spec.get("low"), spec.get("high")
    return Quantity(
        name=str(spec["name"]),
        species=str(spec.get("species", spec["name"])),
        unit=Unit(spec["unit"]),
        response_factor=float(spec.get("response_factor", 1.0)),
        low=None if low is None else float(low),
        high=None if high is None else float(high),
    )
