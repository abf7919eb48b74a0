"""From a finding to the plan of the next look in one click, and what is said where there is nothing to look at."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dronesampler.desk.look_next import PATTERN, second_look
from dronesampler.mission import Mission
from dronesampler.problems import Severity
from dronesampler.store import Store
from dronesampler.texts import Lang
from dronesampler_ui.app import Desktop
from dronesampler_ui.plan.route_desk import SECOND_LOOK

Open = Callable[..., Desktop]
Rest = Callable[..., None]
CALM = {"suspected": [], "cannot_say": {"code": "calm", "zh": "静风，无法研判", "en": "calm air"}}


def in_review(desktop: Desktop, at_rest: Rest) -> Desktop:
    desktop.window.enter("review")
    at_rest(desktop, lambda: desktop.window.review.study or desktop.window.review.patrol)
    return desktop


def test_one_click_makes_the_plan_of_the_next_look(data_dir: Path, open_window: Open, at_rest: Rest) -> None:
    desktop = in_review(open_window(data_dir), at_rest)
    window = desktop.window
    button = window.review.look.button
    assert button.isVisible() and button.isEnabled() and button.accessibleDescription()
    window.map.show_layers(window.review.layers.every())
    button.click()
    assert not button.isEnabled()
    at_rest(desktop, lambda: window.planning.made is not None and window.planning.made.is_of(window.planning.inputs))
    with Store.open(data_dir) as store:
        analysis = store.findings(store.patrol(1))[-1].analysis
    wanted = second_look(analysis, park=window.planning.park)
    mission = window.planning.inputs.edited
    assert mission is not None and mission.items == wanted.mission.items and mission.simulated
    assert window.current is window.planning and button.isEnabled()
    assert (window.planning.inputs.wind_from_deg, window.planning.inputs.wind_m_s) == (218.0, 3.4)
    assert window.planning.panel.fly.isEnabled()
    said = [notice.words for notice in window.notices.said]
    assert any(f"{wanted.minutes:.0f} min, {wanted.battery_percent:.0f} % of the battery" in words for words in said)
    assert PATTERN == SECOND_LOOK and window.planning.route_desk._state(mission) == "The next look"


def test_the_next_look_stays_on_reviews_map(data_dir: Path, open_window: Open, at_rest: Rest) -> None:
    desktop = in_review(open_window(data_dir), at_rest)
    review = desktop.window.review
    action = next(a for a in review.actions() if a.shortcut().toString() == "Ctrl+Return")
    action.trigger()
    at_rest(desktop, lambda: desktop.window.current is desktop.window.planning)
    desktop.window.enter("review")
    at_rest(desktop)
    look = review.layers.look
    assert look in review.layers.every() and look.words == "Next look"
    assert isinstance(look._mission, Mission) and len(look._x) > 2
    review.open(1)
    at_rest(desktop, lambda: look._mission is None)


@pytest.mark.parametrize("lang", list(Lang))
def test_a_refusal_is_said_where_messages_are(data_dir: Path, open_window: Open, at_rest: Rest, lang: Lang) -> None:
    with Store.open(data_dir) as store, store.transaction() as batch:
        batch.put_findings(1, CALM)
    desktop = in_review(open_window(data_dir, lang), at_rest)
    desktop.window.review.look.button.click()
    at_rest(desktop, lambda: desktop.window.notices.said)
    notice = desktop.window.notices.said[-1]
    assert notice.severity is Severity.ERROR and CALM["cannot_say"][lang.value[:2]] in notice.words  # type: ignore[index]
    assert desktop.window.current is desktop.window.review and desktop.window.review.look.button.isEnabled()


def test_a_patrol_without_a_finding_is_sent_to_the_search_first(
    data_dir: Path, open_window: Open, at_rest: Rest, tmp_path: Path
) -> None:
    with Store.open(tmp_path / "empty") as store, store.transaction() as batch:
        batch.begin_patrol("bare", source="sample", started_unix_s=1.0, simulated=True)
    desktop = in_review(open_window(tmp_path / "empty"), at_rest)
    assert desktop.window.review.look.button.isHidden()
    desktop.window.review.look.ask()
    assert "Find the sources" in desktop.window.notices.said[-1].words
