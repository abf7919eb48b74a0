"""Options of a verb in the reader's language: argparse's parser, its own words and errors in Chinese and English."""

import argparse
import math
import re
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, NoReturn

from dronesampler.cli.wording import columns_of
from dronesampler.paths import user_data_dir
from dronesampler.problems import BadInput
from dronesampler.texts import Lang, Text, system_lang

_USAGE = Text("用法：", "usage: ")
_EXAMPLE = Text("示例：", "example:")
_POSITIONALS = Text("位置参数", "positional arguments")
_OPTIONS = Text("选项", "options")
_HELP = Text("显示本帮助并退出", "show this help and exit")
_DATA = Text("数据文件夹（默认：%(default)s）", "data folder (default: %(default)s)")
_JSON = Text(
    "标准输出只给一个 JSON 对象，进度写到标准错误", "one JSON object on standard output, progress on standard error"
)
_LANG = Text("语言（默认随系统）", "language (default: the system's)")
_GLOBAL_WITH_VALUE, _GLOBAL = ("--data", "--lang"), ("--json",)

# argparse's sentences, as every Python from 3.11 writes them.
_ERRORS: tuple[tuple[str, str], ...] = (
    (r"argument (.+?): (.+)", "参数 {0}：{1}"),
    (r"the following arguments are required: (.+)", "缺少参数：{0}"),
    (r"one of the arguments (.+) is required", "{0} 必须给出其一"),
    (r"unrecognized arguments: (.+)", "不认识的参数：{0}"),
    (r"ambiguous option: (.+) could match (.+)", "选项 {0} 不明确，可能是 {1}"),
    (r"invalid choice: (.+) \(choose from (.+)\)", "不能是 {0}，可选：{1}"),
    (r"invalid int value: (.+)", "{0} 不是整数"),
    (r"invalid float value: (.+)", "{0} 不是数字"),
    (r"invalid positive value: (.+)", "{0} 不是大于零的数字"),
    (r"invalid share value: (.+)", "{0} 不是 0 到 1 的数字"),
    (r"invalid \S+ value: (.+)", "{0} 不可用"),
    (r"expected one argument", "需要一个值"),
    (r"expected at most one argument", "最多一个值"),
    (r"expected at least one argument", "至少一个值"),
    (r"expected (\d+) arguments?", "需要 {0} 个值"),
    (r"not allowed with argument (.+)", "不能与 {0} 同用"),
    (r"ignored explicit argument (.+)", "不接受值 {0}"),
)
_UNTRANSLATED = "参数有误：{0}"


class Options(argparse.ArgumentParser):
    """A verb's parser. Help is given as Text and shown in `lang`; what is wrong with the words is bad input."""

    def __init__(self, prog: str, *, about: Text, example: str, lang: Lang) -> None:
        super().__init__(
            prog=prog,
            description=about.said(lang),
            epilog=f"{_EXAMPLE.said(lang)}\n{example}",
            formatter_class=partial(_Formatter, lang=lang),
            add_help=False,
        )
        self.lang = lang
        self._positionals.title = _POSITIONALS.said(lang)
        self._optionals.title = _OPTIONS.said(lang)
        self.add_argument("-h", "--help", action="help", help=_HELP)
        self.add_argument("--data", metavar="DIR", default=str(user_data_dir()), help=_DATA)
        self.add_argument("--json", action="store_true", help=_JSON)
        self.add_argument("--lang", type=Lang, choices=list(Lang), default=system_lang(), help=_LANG)

    def add_argument(self, *names: str, help: Text | str | None = None, **how: Any) -> argparse.Action:
        """As argparse's, with help in both languages; no number is NaN or endless."""
        if how.get("type") is float:
            how["type"] = finite
        return super().add_argument(*names, help=help.said(self.lang) if isinstance(help, Text) else help, **how)

    def error(self, message: str) -> NoReturn:
        raise BadInput(Text(_in_chinese(message), message))


def finite(text: str) -> float:
    """A number that one can reckon with; argparse says what is wrong with any other."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


finite.__name__ = "float"  # argparse names the type in its sentence


def positive(text: str) -> float:
    """A number above zero, as a clock's factor is."""
    number = finite(text)
    if number <= 0.0:
        raise ValueError(text)
    return number


def share(text: str) -> float:
    """A part of a whole, 0 to 1."""
    number = finite(text)
    if not 0.0 <= number <= 1.0:
        raise ValueError(text)
    return number


def lang_asked(words: Sequence[str]) -> Lang:
    """The language that the words ask for, before they are parsed: its help and its errors are in it too."""
    asked = system_lang()
    for word, after in zip(words, [*words[1:], ""], strict=True):
        name, equals, value = word.partition("=")
        if name == "--lang" and (value if equals else after) in list(Lang):
            asked = Lang(value if equals else after)
    return asked


def verb_first(words: Sequence[str]) -> list[str]:
    """The words with the verb in front, where options that every verb has stand before it."""
    at = 0
    while at < len(words) and words[at].partition("=")[0] in (*_GLOBAL_WITH_VALUE, *_GLOBAL):
        at += 2 if words[at] in _GLOBAL_WITH_VALUE else 1
    return [*words[at : at + 1], *words[:at], *words[at + 1 :]]


def _in_chinese(message: str) -> str:
    for pattern, chinese in _ERRORS:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found and pattern.startswith("argument"):
            return chinese.format(found[1], _in_chinese(found[2]))
        if found:
            return chinese.format(*found.groups())
    return _UNTRANSLATED.format(message)


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Breaks Chinese lines too, which have no spaces and wide letters."""

    def __init__(self, prog: str, *, lang: Lang) -> None:
        super().__init__(prog)
        self._lang = lang

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, _USAGE.said(self._lang) if prefix is None else prefix)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return lines_of(text, width)


def lines_of(text: str, width: int) -> list[str]:
    """Text broken at spaces or between wide letters, each line at most `width` columns of a terminal."""
    lines = [""]
    used = 0
    for piece in re.findall(r"\s+|[\u2e80-\uffef][，。；：、）？！]*|[^\s\u2e80-\uffef]+", text.strip()):
        columns = columns_of(piece)
        if used + columns > width and used and not piece.isspace():
            lines[-1] = lines[-1].rstrip()
            lines.append("")
            used = 0
        if piece.isspace():
            piece, columns = " ", 1
        lines[-1] += piece
        used += columns
    return [line.rstrip() for line in lines]
