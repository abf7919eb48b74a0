"""Keys that sign a link: kept in the system's key store, shown to nobody, with a time stamp that never goes back."""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

from dronesampler.clock import Clock
from dronesampler.mavlink import Draft, Moment, Signing, Station
from dronesampler.mavlink.dialect import AUTOPILOT_COMPONENT
from dronesampler.ports import parse_link
from dronesampler.problems import BadInput, Refused, library_said
from dronesampler.safe_files import json_file
from dronesampler.texts import Text

SERVICE = "dronesampler link"
TICKS_FILE = "link-signing.json"

NO_LIBRARY = Text(
    "没有安装 keyring，无法使用系统密钥库；请安装 dronesampler[signing]",
    "keyring is not installed, so the system's key store cannot be used; install dronesampler[signing]",
)
NO_STORE = Text("系统密钥库不可用：{reason}", "the system's key store cannot be used: {reason}")
NOT_BY_AIR = Text(
    "密钥只能经串口或 USB 写入飞控，不能经 {link}",
    "a key is stored in a vehicle over serial or USB only, not over {link}",
)
ARMED = Text("飞机已解锁，不写入密钥", "the aircraft is armed: no key is stored in it")
NO_KEY = Text(
    "密钥库中没有名为“{name}”的链路密钥；先用 dronesampler vehicle --new-key {name} 存入",
    "the key store has no link key named “{name}”; put one in with dronesampler vehicle --new-key {name}",
)


def keep_key(name: str, passphrase: str) -> None:
    """Put a key into the system's key store: SHA-256 of the passphrase, as other ground stations make it."""
    _store().set_password(SERVICE, name, hashlib.sha256(passphrase.encode()).hexdigest())


def signing(name: str, *, data: Path, clock: Clock) -> Signing:
    """The signing of a link. Its time stamp goes on behind the last one kept. Raises Refused without a key."""
    kept = _store().get_password(SERVICE, name)
    if kept is None:
        raise Refused(NO_KEY.with_(name=name))
    made = Signing(bytes.fromhex(kept), ticks=_kept_ticks(data).get(name, 0))
    made.catch_up(clock.unix_s())
    return made


def keep_ticks(name: str, ticks: int, *, data: Path) -> None:
    """Each minute and at the end: a stamp that went back would be refused as a replay."""
    data.mkdir(parents=True, exist_ok=True)
    all_ticks = {**_kept_ticks(data), name: ticks}
    part = data / f"{TICKS_FILE}.part"
    with part.open("w", encoding="utf-8") as file:
        json.dump(all_ticks, file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(data / TICKS_FILE)


def _kept_ticks(data: Path) -> dict[str, int]:
    try:
        kept = json_file(data / TICKS_FILE)
    except BadInput:  # not there yet, or broken
        return {}
    return {str(k): int(v) for k, v in kept.items()} if isinstance(kept, dict) else {}


def check_wired(links: Sequence[str]) -> None:
    """A key is handed over by wire only. Raises BadInput where a link goes through the air or a network."""
    for link in links:
        if parse_link(link).kind != "serial":
            raise BadInput(NOT_BY_AIR.with_(link=link))


def give_key(station: Station, key: Signing) -> Moment:
    """SETUP_SIGNING, twice as the protocol wants it since no vehicle answers it. Raises Refused while it is armed."""
    vehicle = station.vehicle
    if vehicle.armed:
        raise Refused(ARMED)
    fields = {
        "initial_timestamp": key.ticks,
        "target_system": vehicle.system_id or 1,
        "target_component": AUTOPILOT_COMPONENT,
        "secret_key": tuple(key.key),
    }
    return station.send([Draft("SETUP_SIGNING", fields)] * 2)


class _Store:
    """The key store, with its own errors turned into a refusal with the reason."""

    def set_password(self, service: str, name: str, secret: str) -> None:
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(service, name, secret)
        except KeyringError as reason:
            raise Refused(NO_STORE.with_(reason=library_said(reason))) from reason

    def get_password(self, service: str, name: str) -> str | None:
        import keyring
        from keyring.errors import KeyringError

        try:
            return keyring.get_password(service, name)
        except KeyringError as reason:
            raise Refused(NO_STORE.with_(reason=library_said(reason))) from reason


def _store() -> _Store:
    try:
        import keyring  # noqa: F401  # not needed, and perhaps not there, where links are not signed
    except ImportError as missing:
        raise Refused(NO_LIBRARY) from missing
    return _Store()
