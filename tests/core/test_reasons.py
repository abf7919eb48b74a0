"""Why something failed, as the system and the libraries say it, in both languages."""

import errno
import sqlite3
import tomllib
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from dronesampler.ports import open_port
from dronesampler.problems import BadInput, Refused
from dronesampler.reasons import library_said, system_said
from dronesampler.safe_files import xml_root


@pytest.mark.parametrize(
    "number", ["ENOSPC", "EACCES", "ENOENT", "EROFS", "EBUSY", "EADDRINUSE", "ECONNREFUSED", "EIO"]
)
def test_what_the_system_says_often_is_said_in_both_languages(number: str) -> None:
    code = getattr(errno, number)
    said = system_said(OSError(code, "in the system's words"))
    assert "system" not in said.en
    assert said.zh.isascii() is False
    assert "系统：" not in said.zh


def test_a_failure_nobody_has_a_word_for_is_told_in_the_systems_own() -> None:
    assert system_said(OSError(4999, "Frobnication failed")).zh == "系统：Frobnication failed"


@pytest.mark.parametrize(
    ("words", "chinese"),
    [
        (
            "could not open port 'COM9': FileNotFoundError(2, 'The system cannot find the file specified.', None, 2)",
            "没有",
        ),
        ("could not open port 'COM3': PermissionError(13, 'Access is denied.', None, 5)", "占用"),
        ("[Errno 11001] getaddrinfo failed", "主机名"),
    ],
)
def test_serial_ports_and_hosts_of_windows_are_told_in_chinese_too(words: str, chinese: str) -> None:
    assert chinese in system_said(OSError(words)).zh


def broken_xml() -> None:
    fromstring("<a><b></a>")


def broken_toml() -> None:
    tomllib.loads("x = 1\ny 2")


def no_database(folder: Path) -> None:
    (folder / "x.sqlite").write_bytes(b"not a database at all " * 100)
    connection = sqlite3.connect(folder / "x.sqlite")
    try:
        connection.execute("select * from t")
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("fail", "chinese"),
    [
        (lambda folder: broken_xml(), "第 1 行第 8 个字符：标签不配对"),
        (lambda folder: broken_toml(), "第 2 行第 3 个字符：键后缺少“=”"),
        (no_database, "不是数据库文件"),
        (lambda folder: {}["speed"], "缺少 speed"),
        (lambda folder: b"\xff".decode(), "文字编码不对（应为 UTF-8）"),
        (lambda folder: (folder / "none").open(), "没有这个文件或文件夹"),
        (lambda folder: int("x1"), "原文“invalid literal for int() with base 10: 'x1'”"),
    ],
)
def test_readers_of_files_are_understood(fail: Callable[[Path], object], chinese: str, tmp_path: Path) -> None:
    with pytest.raises(Exception) as failed:
        fail(tmp_path)
    assert library_said(failed.value).zh == chinese


def test_a_broken_file_says_where_in_chinese() -> None:
    with pytest.raises(BadInput) as failed:
        xml_root(b"<kml>\n<a></b></kml>")
    assert failed.value.text.zh == "不是完好的 XML：第 2 行第 5 个字符：标签不配对"
    assert failed.value.text.en == "not well-formed XML: mismatched tag (line 2, character 5)"


def test_a_link_to_nowhere_says_so_in_chinese() -> None:
    with pytest.raises(Refused) as failed:
        open_port("serial:/dev/there-is-none:57600")
    assert failed.value.text.zh == "无法打开 serial:/dev/there-is-none:57600：没有这个文件或文件夹"
