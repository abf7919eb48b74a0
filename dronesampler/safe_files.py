"""XML and zip files from elsewhere, opened with care: no entities, no bombs, a clear sentence for what is broken."""

import io
import zipfile
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from dronesampler.problems import BadInput
from dronesampler.texts import Text

LARGEST_BYTES = 64 << 20
LARGEST_RATIO = 200
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
        root: Element = fromstring(data, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as problem:
        raise BadInput(ENTITIES) from problem
    except (ParseError, ValueError) as problem:
        raise BadInput(NOT_XML.with_(why=problem)) from problem
    return root


def zip_member(data: bytes, *names: str) -> bytes:
    """The first of those members that is there, by the end of its path. Raises BadInput."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in names:
                for info in archive.infolist():
                    if info.filename.lower().endswith(name):
                        return _unpacked(archive, info)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as problem:
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
