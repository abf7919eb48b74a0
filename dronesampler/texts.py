"""The few sentences that the core itself says, each in Chinese and English, side by side where they are used."""

import locale
from dataclasses import dataclass
from enum import StrEnum


class Lang(StrEnum):
    """A language of the program."""

    ZH = "zh_CN"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages. Values are filled in by name; nothing ever parses a Text back."""

    zh: str
    en: str

    def with_(self, **values: object) -> "Text":
        """The same sentence with `{name}` places filled in, a Text value in its own language."""
        return Text(
            self.zh.format(**{k: v.zh if isinstance(v, Text) else v for k, v in values.items()}),
            self.en.format(**{k: v.en if isinstance(v, Text) else v for k, v in values.items()}),
        )

    def said(self, lang: Lang) -> str:
        return self.zh if lang is Lang.ZH else self.en

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"


SIMULATED = Text("模拟数据", "SIMULATED")
SUSPECTED = Text("疑似", "suspected")


def system_lang() -> Lang:
    """Chinese where the system's locale is Chinese, else English."""
    name = (locale.getlocale()[0] or "").lower()
    return Lang.ZH if name.startswith(("zh", "chinese")) else Lang.EN
