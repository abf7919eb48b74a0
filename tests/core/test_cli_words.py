"""What the command line says of itself: help, usage and wrong words, in the language that was asked for."""

import re

import pytest

from dronesampler.cli import VERBS, main, verb_options
from dronesampler.cli.options import lines_of
from dronesampler.cli.wording import place_said
from dronesampler.texts import Lang, Text


@pytest.mark.parametrize("words", [["--lang", "zh_CN", "convert", "--help"], ["convert", "-h", "--lang=zh_CN"]])
def test_help_is_in_the_language_asked_for_wherever_it_is_asked(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith("用法：dronesampler convert ")
    assert "选项:" in said
    assert "显示本帮助并退出" in said
    assert "示例：" in said


def test_the_list_of_verbs_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "zh_CN", "--help"]) == 0
    assert "核验证据包" in capsys.readouterr().out
    assert main(["--lang", "en", "--help"]) == 0
    assert "check an evidence packet" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "chinese"),
    [
        (["convert"], "缺少参数：IN, OUT"),
        (["convert", "a", "b", "c"], "不认识的参数：c"),
        (["demo", "--seed", "x"], "参数 --seed：'x' 不是整数"),
        (["demo", "--latency", "x"], "参数 --latency：'x' 不是数字"),
        (["demo", "--latency", "nan"], "参数 --latency：'nan' 不是数字"),
        (["simulate", "--factor", "0"], "参数 --factor：'0' 不是大于零的数字"),
        (["simulate", "--loss", "7"], "参数 --loss：'7' 不是 0 到 1 的数字"),
        (["listen", "sniffer4d", "--seconds", "1e999"], "参数 --seconds：'1e999' 不是数字"),
        (["demo", "--seed"], "参数 --seed：需要一个值"),
        (["demo", "--json=1"], "参数 --json：不接受值 '1'"),
        (["demo", "--s", "1"], "选项 --s 不明确，可能是 --seed, --sampler"),
        (["import"], "缺少参数：FILE"),
        (["nonesuch"], "没有“nonesuch”这个动词"),
    ],
)
def test_wrong_words_are_told_in_chinese(words: list[str], chinese: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "zh_CN", *words]) == 2
    assert chinese in capsys.readouterr().err


def test_a_wrong_choice_names_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "zh_CN", "demo", "--sampler", "nose"]) == 2
    said = capsys.readouterr().err
    assert "参数 --sampler：不能是 'nose'，可选：" in said
    assert "serial" in said


def test_long_chinese_lines_are_broken_by_the_width_of_the_letters() -> None:
    lines = lines_of("标准输出只给一个 JSON 对象，进度写到标准错误；其余照旧。", 20)
    assert lines == ["标准输出只给一个", "JSON 对象，进度写到", "标准错误；其余照旧。"]
    assert lines_of("a line of plain words", 10) == ["a line of", "plain", "words"]


@pytest.mark.parametrize(
    ("place", "chinese"),
    [
        ("line 3", "第 3 行"),
        ("item 8 (way round)", "第 8 项（绕行）"),
        ("/a b/gas (1).csv row 4", "/a b/gas (1).csv 第 4 行"),
        ("/a b/gas (1).csv", "/a b/gas (1).csv"),
        ("flight.tlog", "flight.tlog"),
    ],
)
def test_places_in_a_file_are_named_in_chinese_and_file_names_stay(place: str, chinese: str) -> None:
    assert place_said(place, Lang.ZH) == chinese
    assert place_said(place, Lang.EN) == place


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_and_every_option_is_explained_in_both_languages(verb: str) -> None:
    line = VERBS[verb][1]
    assert isinstance(line, Text), "its line in the list of verbs"
    in_chinese, in_english = (verb_options(verb, lang) for lang in (Lang.ZH, Lang.EN))
    said = {"the list": (line.zh, line.en), "the verb": (in_chinese.description, in_english.description)}
    for chinese, english in zip(in_chinese._actions, in_english._actions, strict=True):
        said[chinese.option_strings[-1] if chinese.option_strings else chinese.dest] = (chinese.help, english.help)
    lacking = [name for name, (zh, en) in said.items() if not (is_chinese(zh) and en and not is_chinese(en))]
    assert lacking == [], f"dronesampler/cli/{VERBS[verb][0]}.py: ABOUT and help are Text(Chinese, English)"


def is_chinese(words: str | None) -> bool:
    return re.search("[\u4e00-\u9fff]", words or "") is not None


def test_the_vehicles_preflight_has_a_word_for_every_result_in_both_languages() -> None:
    from dronesampler.cli.vehicle import RESULTS
    from dronesampler.flight.preflight import Result

    assert set(RESULTS) == set(Result)
    assert all(word.zh != word.en for word in RESULTS.values())
