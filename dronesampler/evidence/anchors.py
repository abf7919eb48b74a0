"""Anchors that a verifier brings from outside: a JSON file, or an earlier packet whose seal holds one."""

import json
from pathlib import Path

from dronesampler.evidence import layout
from dronesampler.evidence.container_reader import Container, Unreadable
from dronesampler.evidence.contents import Anchor, anchor_from_json
from dronesampler.evidence.seal import read_seal
from dronesampler.problems import BadInput
from dronesampler.texts import Text

NOT_ANCHORS = Text(
    "不是锚点文件：{reason}；应为 anchors.json（条数、末条摘要）或较早版本的证据包",
    "not a file of anchors: {reason}; give an anchors.json (count, head) or an earlier packet",
)


def read_anchors(path: Path) -> list[Anchor]:
    """Anchors of a JSON list, of one JSON object, or of an earlier packet. Raises BadInput."""
    try:
        with path.open("rb") as file:
            is_packet = file.read(2) == b"PK"
        if is_packet:
            return [_anchor_of_packet(path)]
        values = json.loads(path.read_bytes())
        return [anchor_from_json(row) for row in (values if isinstance(values, list) else [values])]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, Unreadable) as reason:
        raise BadInput(NOT_ANCHORS.with_(reason=repr(reason)), where=str(path)) from reason


def _anchor_of_packet(path: Path) -> Anchor:
    container = Container.open(path)
    try:
        entry = next((e for e in container.entries if e.name == layout.SEAL), None)
        if entry is None:
            raise ValueError("no seal in the packet")
        seal, _ = read_seal(b"".join(container.chunks(entry)))
    finally:
        container.close()
    anchor = anchor_from_json(seal["journal"])
    return Anchor(anchor.count, anchor.head, anchor.merkle_root, anchor.journal_id, path.name)
