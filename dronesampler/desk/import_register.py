"""Outlet registers on their way into the database: merged into the park on file that the person named."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dronesampler.desk.import_contents import Contents
from dronesampler.desk.import_storing import ReadFile
from dronesampler.geo.datum import Datum
from dronesampler.park import Park
from dronesampler.park.files import Register, read_register, with_outlets
from dronesampler.park.table_file import HEADS
from dronesampler.problems import BadInput, Problem, Severity, library_said
from dronesampler.sampler.files.recording import Rejected
from dronesampler.store.store import Store
from dronesampler.texts import Text

NOT_COLUMNS = Text(
    '列对应文件无法读取：{why}。每行应形如 "表头" = "code"，可用：{known}',
    'the columns file cannot be read: {why}. A line is like "header" = "code"; known: {known}',
)
NO_PARK = Text(
    "没有名为“{name}”的园区：请先导入园区边界，或与排口清单一并导入",
    "there is no park “{name}”: import its boundary first, or together with the register",
)


@dataclass(frozen=True, slots=True)
class ReadRegister:
    """A register, read and hashed; it becomes contents once the park it joins is known."""

    path: Path
    sha256: str
    register: Register


def read_register_file(path: Path, sha256: str, *, datum: Datum, columns: str | None) -> ReadRegister:
    """The register in a table; `columns` is the text of a columns file. Raises BadInput."""
    return ReadRegister(path, sha256, read_register(path, datum=datum, columns=_heads(columns)))


def _heads(columns: str | None) -> dict[str, str]:
    """Our column names to the table's heads, from lines `"head" = "code"` or `"head" = { role = "code" }`."""
    known = {**{name: name for name in HEADS}, **{name.split("_")[0]: name for name in HEADS}}
    try:
        document = tomllib.loads(columns or "")
        given = document.get("columns", document)
        roles = {head: role["role"] if isinstance(role, dict) else role for head, role in given.items()}
        return {known[role]: head for head, role in roles.items()}
    except (tomllib.TOMLDecodeError, KeyError, AttributeError, TypeError) as reason:
        raise BadInput(NOT_COLUMNS.with_(why=library_said(reason), known="、".join(HEADS))) from reason


def check_a_park_is_there(read: Sequence[ReadFile | ReadRegister], into: Path | str, name: str) -> None:
    """Raises BadInput for a register without a park where there is no database yet, before one is made."""
    registers = any(isinstance(file, ReadRegister) for file in read)
    parks = any(isinstance(file, ReadFile) and file.contents.park for file in read)
    if registers and not parks and "://" not in str(into) and not Path(into).exists():
        raise BadInput(NO_PARK.with_(name=name))


def merged(store: Store, read: Sequence[ReadFile | ReadRegister], name: str) -> list[ReadFile]:
    """The files with each register merged into the park among them, or else into that on file. Raises BadInput."""
    park = next((f.contents.park for f in read if isinstance(f, ReadFile) and f.contents.park), None)
    files = []
    for file in read:
        if isinstance(file, ReadRegister):
            park = park or store.park(name)
            file, park = _merged(file, park)
        files.append(file)
    return files


def _merged(file: ReadRegister, park: Park) -> tuple[ReadFile, Park]:
    taken = with_outlets(park, file.register)
    refused = sum(p.severity is Severity.ERROR for p in file.register.refused)
    contents = Contents(
        kind="register",
        messages=len(file.register.rows) + refused,
        park=taken.park,
        rejected=told_of(taken.refused),
        simulated=park.simulated,
        details={"rows_used": len(file.register.rows), "rows_refused": refused},
    )
    return ReadFile(file.path, file.sha256, contents), taken.park


def told_of(problems: Sequence[Problem]) -> tuple[Rejected, ...]:
    """What was refused or is doubtful, each with its place; what was assumed, once for each sentence with its count."""
    told: dict[tuple[str, ...], Rejected] = {}
    for problem in problems:
        place = () if problem.severity is Severity.NOTE else (problem.where,)
        key = (problem.rule, problem.text.en, *place)
        before = told.get(key)
        count, first = (before.count + 1, before.first) if before else (1, problem.where)
        told[key] = Rejected(problem.rule, problem.text, count, first)
    return tuple(told.values())
