"""Every text of the window is in both languages, none is left over, and the compiled file is that of the source."""

import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from dronesampler.texts import Lang
from dronesampler_ui import translating
from dronesampler_ui.language import Language

PLACE = re.compile(r"\{[^}]*\}")


def texts(ts: Path) -> dict[tuple[str, str], str | None]:
    """(context, source) -> translation, None where unfinished."""
    found = {}
    for context in ElementTree.parse(ts).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            done = translation is not None and translation.get("type") is None and bool(translation.text)
            key = (context.findtext("name") or "", message.findtext("source") or "")
            found[key] = translation.text if done and translation is not None else None
    return found


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the code asks to be translated now, merged with the translations that are committed."""
    ts = tmp_path_factory.mktemp("texts") / "fresh.ts"
    ts.write_bytes(translating.ts_file().read_bytes())
    translating.gather(ts)
    return ts


def test_no_text_is_untranslated_and_none_is_left_over(gathered: Path) -> None:
    fresh, committed = texts(gathered), texts(translating.ts_file())
    assert fresh.keys() - committed.keys() == set(), "new texts: run python -m dronesampler_ui.translating, translate"
    assert committed.keys() - fresh.keys() == set(), "unused texts: run python -m dronesampler_ui.translating"
    assert [key for key, translation in fresh.items() if translation is None] == []


def test_translations_keep_their_places(gathered: Path) -> None:
    for (context, source), translation in texts(gathered).items():
        assert sorted(PLACE.findall(source)) == sorted(PLACE.findall(translation or "")), (context, source)


def test_the_compiled_file_is_that_of_the_source(tmp_path: Path) -> None:
    translating.compile_(translating.ts_file(), tmp_path / "fresh.qm")
    assert (tmp_path / "fresh.qm").read_bytes() == translating.qm_file().read_bytes()


def test_texts_are_asked_for_by_self(gathered: Path) -> None:
    """A text asked for as `other.tr(…)` gets the context "other" and is silently never translated."""
    contexts = {context for context, _ in texts(gathered)}
    classes = set()
    for path in translating.PACKAGE.rglob("*.py"):
        classes |= set(re.findall(r"^class (\w+)", path.read_text(encoding="utf-8"), re.M))
    assert contexts <= classes


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells which files are mapped")
def test_the_compiled_file_may_be_rewritten_while_the_window_speaks(qapp: QApplication) -> None:
    language = Language(qapp)
    language.use(Lang.ZH)
    try:
        assert QCoreApplication.translate("Review", "Seal it") == "封存"
        assert ".qm" not in Path("/proc/self/maps").read_text(encoding="utf-8")
    finally:
        language.use(Lang.EN)
    assert QCoreApplication.translate("Review", "Seal it") == "Seal it"
