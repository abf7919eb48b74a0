"""XML, JSON and zip files from elsewhere, read with care: no entities, no bombs, a sentence for what is broken."""

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from dronesampler.problems import BadInput, library_said, system_said
from dronesampler.texts import Text

LARGEST_BYTES = 64 << 20
LARGEST_RATIO = 200
MOST_LEVELS = 64
_CHINESE = re.compile(rb"""\s*<\?xml[^>]*encoding=["']gb(?:k|2312|18030)["'][^>]*\?>""", re.IGNORECASE)
NOT_JSON = Text(
    "不是完好的 JSON（第 {line} 行第 {column} 个字符）", "not well-formed JSON (line {line}, character {column})"
)
NOT_JSON_TEXT = Text("不是 UTF-8 编码的 JSON", "not JSON in UTF-8")
TOO_DEEP = Text("JSON 嵌套超过 {levels} 层，不予读取", "the JSON is nested more than {levels} deep: not read")
WIDE_CELL = Text(
    "第 {line} 行有一个超过 128 KB 的单元格；这不是表格", "line {line} has a cell of over 128 kB; this is no table"
)
CANNOT_OPEN = Text("无法打开：{why}", "cannot be opened: {why}")
NOT_XML = Text("不是完好的 XML：{why}", "not well-formed XML: {why}")
ENTITIES = Text(
    "XML 中含有实体或外部引用，出于安全不予读取", "the XML declares entities or refers outside: not read, for safety"
)
NOT_ZIP = Text("不是完好的 zip 文件", "not a whole zip file")
BOMB = Text(
    "压缩包内 {name} 解压后过大（{size} 字节），不予读取", "{name} in the archive unpacks to {size} bytes: not read"
)
MISSING = Text("压缩包内没有 {name}", "there is no {name} in the archive")
TOO_LARGE = Text("文件过大（{size} 字节，上限 {limit}）", "the file is too large ({size} bytes, at most {limit})")


def xml_root(data: bytes) -> Element:
    """The root element. Raises BadInput for what is broken, too large, or carries entities."""
    if len(data) > LARGEST_BYTES:
        raise BadInput(TOO_LARGE.with_(size=len(data), limit=LARGEST_BYTES))
    try:
        root: Element = fromstring(_in_utf8(data), forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as problem:
        raise BadInput(ENTITIES) from problem
    except (ParseError, ValueError, LookupError) as problem:  # LookupError: an encoding of that name is not known
        raise BadInput(NOT_XML.with_(why=library_said(problem))) from problem
    return root


def _in_utf8(data: bytes) -> bytes:
    """A document that declares a Chinese encoding, which the XML reader has no table for, in UTF-8."""
    declared = _CHINESE.match(data)
    if declared is None:
        return data
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return data
    return b'<?xml version="1.0" encoding="utf-8"?>' + text[declared.end() :].encode()


def json_value(data: str | bytes) -> Any:
    """What a JSON text says. Raises BadInput for what is broken, or nested deeper than any file of ours or theirs."""
    try:
        value = json.loads(data)
    except json.JSONDecodeError as problem:
        raise BadInput(NOT_JSON.with_(line=problem.lineno, column=problem.colno)) from problem
    except ValueError as problem:  # another encoding, or a number of thousands of digits
        raise BadInput(NOT_JSON_TEXT) from problem
    except RecursionError as problem:
        raise BadInput(TOO_DEEP.with_(levels=MOST_LEVELS)) from problem
    if not _is_shallow(value):
        raise BadInput(TOO_DEEP.with_(levels=MOST_LEVELS))
    return value


def json_file(path: Path) -> Any:
    """What a JSON file says. Raises BadInput that names the file."""
    try:
        return json_value(path.read_bytes())
    except OSError as problem:
        raise BadInput(CANNOT_OPEN.with_(why=system_said(problem)), where=str(path)) from problem
    except BadInput as problem:
        raise BadInput(problem.text, where=str(path)) from problem


def csv_rows(text: str, *, separator: str = ",") -> Iterator[list[str]]:
    """The rows of a CSV text. Raises BadInput naming the line of a cell that no table has."""
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=separator)
    try:
        yield from reader
    except csv.Error as problem:
        raise BadInput(WIDE_CELL.with_(line=reader.line_num)) from problem


def _is_shallow(value: Any) -> bool:
    """Level by level: a walk that calls itself would fail on just the value it looks for."""
    level = [value]
    for _ in range(MOST_LEVELS + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return True
    return False


def zip_member(data: bytes, *names: str) -> bytes:
    """The first of those members that is there, by the end of its path. Raises BadInput."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in names:
                for info in archive.infolist():
                    if info.filename.lower().endswith(name):
                        return _unpacked(archive, info)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError) as problem:
        raise BadInput(NOT_ZIP) from problem
    raise BadInput(MISSING.with_(name=" / ".join(names)))


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The declared size may lie, so reading stops at the limit as well."""
    small = info.file_size <= LARGEST_BYTES and info.file_size <= LARGEST_RATIO * max(info.compress_size, 1024)
    if small:
        with archive.open(info) as member:
            data = member.read(LARGEST_BYTES + 1)
        if len(data) <= LARGEST_BYTES:
            return data
    raise BadInput(BOMB.with_(name=info.filename, size=info.file_size))


def plain_name(element: Element) -> str:
    """The tag without its namespace."""
    return element.tag.rpartition("}")[2]


def children(element: Element, *names: str) -> list[Element]:
    """All elements below, at any depth, of those names, in document order."""
    return [e for e in element.iter() if plain_name(e) in names]


def text_of(element: Element, name: str, default: str = "") -> str:
    """The text of the first element of that name below, stripped."""
    found = next((e for e in element.iter() if plain_name(e) == name), None)
    return (found.text or "").strip() if found is not None else default
