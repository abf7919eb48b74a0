"""Alarms of live values: over the background, by rate, species and explosive limit, hysteresis, silence, answers."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from dronesampler.events import AlarmChanged, Stamp
from dronesampler.problems import BadInput
from dronesampler.rules.explosive_limits import LIMITS, limit_mg_m3
from dronesampler.sampler.alarm_rules import AlarmKind, AlarmLevel, AlarmRules, rules_from, team_rules
from dronesampler.sampler.alarms import AlarmBoard
from dronesampler.sampler.gauges import Trend
from dronesampler.sampler.profile import MAVLINK_NMHC, Profile
from dronesampler.sampler.profiles import profile_from, read_profile, shipped_profiles
from dronesampler.sampler.readings import Reading
from dronesampler.sampler.species import SPECIES, Unit
from dronesampler.sampler.status import Status

UNIX_S = 1_790_000_000.0


class Bench:
    """A board that is fed one reading a second."""

    def __init__(self, profile: Profile = MAVLINK_NMHC, *, haste: float = 1.0) -> None:
        self.board, self.profile, self.now_s = AlarmBoard(haste=haste), profile, 100.0

    @property
    def at(self) -> Stamp:
        return Stamp(self.now_s, UNIX_S + self.now_s)

    def feed(self, *values: float, status: Status = Status.NORMAL, quantity: str = "NMHC") -> list[AlarmChanged]:
        changes: list[AlarmChanged] = []
        for value in values:
            self.now_s += 1.0
            reading = Reading(self.at, "pid", quantity, value, Unit.MG_M3, value, status=status)
            changes += self.board.after(reading, "1/25", profile=self.profile)
            changes += self.board.tick(self.at)
        return changes

    def wait(self, seconds: float) -> list[AlarmChanged]:
        self.now_s += seconds
        return list(self.board.tick(self.at))


def told(changes: list[AlarmChanged], *kinds: AlarmKind) -> list[tuple[str, str]]:
    return [(c.kind, c.change) for c in changes if not kinds or c.kind in kinds]


def test_it_is_the_excess_over_the_background_that_counts() -> None:
    dirty, clean = Bench(), Bench()
    assert told(dirty.feed(*[8.0] * 30), AlarmKind.ABOVE) == []  # a high background is no plume
    assert told(clean.feed(*[0.4] * 30, 0.8, 0.8), AlarmKind.ABOVE) == [("above background", "raised")]
    gauge = clean.board.gauges(clean.now_s)[0]
    assert gauge.background_mg_m3 == pytest.approx(0.4) and gauge.above_mg_m3 == pytest.approx(0.4)


def test_one_value_little_over_the_limit_is_no_alarm_two_are_and_one_far_over_is() -> None:
    bench = Bench()
    bench.feed(*[0.4] * 30)
    assert told(bench.feed(0.8, 0.4, 0.8, 0.4), AlarmKind.ABOVE) == []
    assert told(bench.feed(1.3), AlarmKind.ABOVE) == [("above background", "raised")]


def test_an_alarm_ends_below_its_release_and_after_a_while() -> None:
    bench = Bench()
    bench.feed(*[0.4] * 30)
    bench.feed(1.4, 1.4)
    assert told(bench.feed(*[0.6] * 20), AlarmKind.ABOVE) == []  # 0.2 above: between release (0.18) and limit
    assert told(bench.feed(*[0.5] * 5), AlarmKind.ABOVE) == []
    assert told(bench.feed(0.5), AlarmKind.ABOVE) == [("above background", "cleared")]
    assert bench.board.alarms == ()


def test_a_plume_that_is_hovered_in_does_not_become_the_background() -> None:
    bench = Bench()
    bench.feed(*[0.4] * 60)
    bench.feed(*[3.0] * 240)
    assert [a.kind for a in bench.board.alarms] == [AlarmKind.ABOVE]


def test_noise_raises_nothing_and_a_noisy_instrument_has_a_higher_limit() -> None:
    noisy = Bench(replace(MAVLINK_NMHC, noise_mg_m3=0.2))
    assert noisy.feed(*[0.4 + 0.3 * math.sin(2.1 * k) for k in range(200)]) == []
    noisy.feed(*[2.5] * 2)
    assert noisy.board.alarms[0].limit == pytest.approx(1.2)


def test_a_fast_rise_is_told_and_the_trend_with_it() -> None:
    bench = Bench()
    bench.feed(*[0.4] * 10)
    assert bench.board.gauges(bench.now_s)[0].trend is Trend.STEADY
    changes = bench.feed(0.65, 0.9, 1.15, 1.4)
    assert ("rate of rise", "raised") in told(changes)
    gauge = bench.board.gauges(bench.now_s)[0]
    assert gauge.trend is Trend.RISING and gauge.rise_mg_m3_s == pytest.approx(0.21, abs=0.04)
    bench.feed(*[1.4 - 0.2 * k for k in range(6)])
    assert bench.board.gauges(bench.now_s)[0].trend is Trend.FALLING


def test_the_explosive_limit_is_for_the_crew_and_stays_until_somebody_answers() -> None:
    bench, limit = Bench(), limit_mg_m3("NMHC")
    assert limit is not None
    bench.feed(*[0.4] * 5)
    assert ("explosive limit", "raised") in told(bench.feed(0.12 * limit))
    changes = bench.feed(0.25 * limit)
    worse = next(c for c in changes if c.kind == AlarmKind.LEL)
    assert (worse.change, worse.level) == ("worse", "danger") and "25 %" in worse.en and "25%" in worse.zh
    bench.feed(*[0.4] * 10)
    alarm = bench.board.alarms[0]
    assert alarm.kind is AlarmKind.LEL and not alarm.active and alarm.loud
    answers = bench.board.acknowledge(alarm.key, "Li", bench.at)
    assert [(a.change, a.who) for a in answers] == [("acknowledged", "Li")]
    assert AlarmKind.LEL not in [a.kind for a in bench.board.alarms]


def test_a_value_beyond_the_range_counts_for_the_explosive_limit_a_fault_does_not() -> None:
    limit = limit_mg_m3("CH4")
    assert limit is not None
    bench = Bench()
    assert told(bench.feed(0.5 * limit, status=Status.FAULT, quantity="CH4"), AlarmKind.LEL) == []
    changes = bench.feed(0.5 * limit, status=Status.OUT_OF_RANGE, quantity="CH4")
    assert told(changes, AlarmKind.LEL) == [("explosive limit", "raised")]


def test_the_limits_are_of_the_right_size() -> None:
    # 4.4 vol % methane is 29 g/m3 at 20 °C; heavier hydrocarbons burn from about 30 to 45 g/m3 on.
    assert limit_mg_m3("CH4") == pytest.approx(29_300, rel=0.01)
    for name in ("toluene", "benzene", "xylene", "TVOC", "ethylbenzene", "styrene"):
        assert 30_000 < (limit_mg_m3(name) or 0.0) < 46_000
    assert limit_mg_m3("CO2") is None and set(LIMITS) <= set(SPECIES)
    for limit in LIMITS.values():
        assert limit.source and 0.0 <= limit.carbon_share < 1.0


def test_silence_is_shown_and_is_an_alarm_of_its_own() -> None:
    bench = Bench()
    bench.feed(*[0.4] * 5)
    assert bench.wait(2.9) == [] and not bench.board.gauges(bench.now_s)[0].stale
    assert told(bench.wait(0.2)) == [("stale", "raised")]
    gauge = bench.board.gauges(bench.now_s)[0]
    assert gauge.stale and gauge.status is Status.STALE and gauge.namur.value == "F"
    assert bench.wait(60.0) == []  # once is enough
    assert told(bench.feed(0.4)) == [("stale", "cleared")]


def test_a_stall_of_the_computer_is_no_silence_in_a_fast_simulation() -> None:
    bench = Bench(haste=40.0)
    bench.feed(*[0.4] * 5)
    assert bench.wait(15.0) == [] and told(bench.wait(2.0)) == [("stale", "raised")]


def test_a_slow_instrument_is_not_stale_before_three_of_its_periods() -> None:
    bench = Bench(replace(MAVLINK_NMHC, period_s=30.0))
    bench.feed(0.4)
    assert bench.wait(89.0) == [] and told(bench.wait(2.0)) == [("stale", "raised")]


def test_a_failing_instrument_is_an_alarm_and_its_values_are_none() -> None:
    bench = Bench()
    bench.feed(*[0.4] * 20)
    assert told(bench.feed(9.0, 9.0, status=Status.FAULT)) == [("fault", "raised")]
    assert "reports a fault" in bench.board.alarms[0].text.en
    assert told(bench.feed(*[0.4] * 7)) == [("fault", "cleared")]


def test_all_can_be_answered_at_once_and_what_does_not_stand_cannot() -> None:
    bench = Bench()
    bench.feed(*[0.4] * 20)
    bench.feed(2.0, 3.0)
    assert len(bench.board.alarms) == 2
    assert bench.board.acknowledge("no such alarm", "Li", bench.at) == ()
    assert len(bench.board.acknowledge("", "Li", bench.at)) == 2
    assert all(a.acknowledged and not a.loud for a in bench.board.alarms)
    assert bench.board.acknowledge("", "Wang", bench.at) == ()


def test_a_species_has_its_own_figures() -> None:
    rules = rules_from(
        {"above_mg_m3": 0.5, "species": {"benzene": {"limit_mg_m3": 0.1, "above_mg_m3": 5.0}}}, AlarmRules()
    )
    bench = Bench(replace(MAVLINK_NMHC, alarms=rules, noise_mg_m3=0.001))
    assert told(bench.feed(0.15, 0.15, quantity="benzene")) == [("species limit", "raised")]
    assert told(bench.feed(*[0.15] * 20, 0.6, 0.6, quantity="NMHC"), AlarmKind.ABOVE) == []
    assert rules.of("toluene").above_mg_m3 == 0.5


def test_the_team_s_file_is_laid_over_the_profile_s(tmp_path: Path) -> None:
    assert team_rules(tmp_path) == {} and team_rules(None) == {}
    (tmp_path / "alarms.toml").write_text("lel_percent = 5\n[species.NMHC]\nabove_mg_m3 = 1.0\n", encoding="utf-8-sig")
    profile_s = rules_from({"stale_s": 5, "species": {"NMHC": {"rise_mg_m3_s": 0.4}}}, AlarmRules())
    rules = rules_from(team_rules(tmp_path), profile_s)
    assert (rules.stale_s, rules.lel_percent) == (5.0, 5.0)
    assert (rules.of("NMHC").above_mg_m3, rules.of("NMHC").rise_mg_m3_s) == (1.0, 0.4)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("above = 1", "above"),
        ("above_mg_m3 = -1", "above_mg_m3"),
        ("above_mg_m3 = true", "above_mg_m3"),
        ("release = 1.5", "release"),
        ("lel_percent = 50", "lel_danger_percent"),
        ("species = 3", "species"),
        ("[species]\nNMHC = 3", "3"),
        ("[species.NMHC]\nnose = 3", "nose"),
        ("above_mg_m3", "="),
    ],
)
def test_wrong_settings_are_named(text: str, word: str, tmp_path: Path) -> None:
    (tmp_path / "alarms.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=word) as refused:
        team_rules(tmp_path)
    assert refused.value.where.endswith("alarms.toml")


def test_the_worst_stands_first() -> None:
    bench, limit = Bench(), limit_mg_m3("NMHC")
    bench.feed(*[0.4] * 20)
    bench.feed(0.5 * (limit or 0.0))
    assert [a.level for a in bench.board.alarms][:2] == [AlarmLevel.DANGER, AlarmLevel.WARNING]


def test_a_profile_has_its_own_alarm_figures() -> None:
    document = {"name": "x", "alarm": {"above_mg_m3": 2.0, "species": {"benzene": {"limit_mg_m3": 0.1}}}}
    rules = profile_from(document).alarms
    assert rules.of("NMHC").above_mg_m3 == 2.0 and rules.of("benzene").limit_mg_m3 == 0.1
    with pytest.raises(BadInput, match="nose"):
        profile_from({"name": "x", "alarm": {"nose": 1}})
    assert all(read_profile(name).alarms.stale_s == 3.0 for name in shipped_profiles())
