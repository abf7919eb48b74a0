"""Editing the route by hand: as values, and on the map with mouse and keys."""

import math
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dronesampler.geo import LocalFrame
from dronesampler.mission import Command, Frame, Item, Mission
from dronesampler.mission.files import read_mission, write_mission
from dronesampler.mission.mission import change_speed, return_home, takeoff, waypoint
from dronesampler.paths import missions_dir
from dronesampler_ui.app import Desktop
from dronesampler_ui.plan import editing
from dronesampler_ui.plan.editing import Entry
from dronesampler_ui.plan.inputs import History, PlanInputs, inputs_from_json
from dronesampler_ui.plan.snapping import nearest_leg, snaps_of
from dronesampler_ui.plan.workspace import Planning
from dronesampler_ui.sample_patrol import demo_park

Open = Callable[..., Desktop]
Rest = Callable[..., None]
FRAME = LocalFrame(35.71, 116.49)
NONE, SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


def jump_to(place: int) -> Item:
    return Item(Command.JUMP, frame=Frame.NONE, params=(float(place), 2.0, 0.0, 0.0))


def route() -> Mission:
    """Take-off, speed, three waypoints with a speed between the last two, a jump back to the second, return."""
    items = (
        takeoff(35.71, 116.49, 20.0),
        change_speed(5.0),
        waypoint(35.711, 116.490, 20.0, note="transect 1"),
        waypoint(35.711, 116.492, 40.0, hold_s=8.0, note="transect 1"),
        change_speed(3.0),
        waypoint(35.712, 116.492, 40.0, note="transect 2"),
        jump_to(3),
        return_home(),
    )
    return Mission("one", items, pattern="crosswind-ladder", settings=(("spacing_m", "40"),))


def test_a_move_takes_all_chosen_along_and_marks_only_them() -> None:
    before = route()
    after = editing.moved(before, {2, 3}, north_deg=0.001, east_deg=-0.002)
    assert (after.items[2].lat_deg, after.items[2].lon_deg) == pytest.approx((35.712, 116.488))
    assert (after.items[3].lat_deg, after.items[3].lon_deg) == pytest.approx((35.712, 116.490))
    assert [i for i in range(8) if after.items[i] is not before.items[i]] == [2, 3]
    assert after.items[2].note == "transect 1, edited"
    assert editing.is_edited(after) and not editing.is_edited(before)
    assert after.pattern == "crosswind-ladder" and ("spacing_m", "40") in after.settings


def test_marks_are_not_repeated_and_nothing_changed_is_nothing_edited() -> None:
    once = editing.moved(route(), {2}, north_deg=0.001, east_deg=0.0)
    twice = editing.moved(once, {2}, north_deg=0.001, east_deg=0.0)
    assert twice.items[2].note == "transect 1, edited" and twice.settings == once.settings
    before = route()
    assert editing.moved(before, {2}, north_deg=0.0, east_deg=0.0) is before
    assert editing.moved(before, {1, 7}, north_deg=1.0, east_deg=1.0) is before, "a speed has no place"


def test_a_move_across_the_antimeridian_stays_on_the_earth() -> None:
    before = replace(route(), items=(waypoint(10.0, 179.9995, 20.0),))
    after = editing.moved(before, {0}, north_deg=0.0, east_deg=0.001)
    assert after.items[0].lon_deg == pytest.approx(-179.9995)


def test_an_inserted_waypoint_lies_on_its_leg_and_commands_act_where_they_acted() -> None:
    after = editing.inserted(route(), 5, lat_deg=35.7115, lon_deg=116.492, part=0.5)
    assert [item.command for item in after.items[3:7]] == [16, Command.CHANGE_SPEED, 16, 16]
    assert after.items[5].note == "edited" and after.items[5].height_m == 40.0
    quarter = editing.inserted(route(), 3, lat_deg=35.711, lon_deg=116.4905, part=0.25)
    assert quarter.items[3].height_m == pytest.approx(25.0)


def test_jumps_still_lead_to_their_item() -> None:
    before = route()
    inserted = editing.inserted(before, 3, lat_deg=35.711, lon_deg=116.491)
    assert inserted.items[int(inserted.items[7].params[0])] == before.items[3]
    shorter = editing.without(before, {2})
    assert shorter.items[int(shorter.items[5].params[0])] == before.items[3]
    gone = editing.without(before, {3})
    assert gone.items[int(gone.items[5].params[0])] == before.items[4], "what followed the deleted one"


def test_deleting_marks_the_mission_and_the_last_waypoint_stays() -> None:
    before = route()
    after = editing.without(before, {2, 5})
    assert len(after.items) == 6 and editing.is_edited(after)
    assert editing.without(before, {2, 3, 5}) is before
    assert editing.without(before, {1, 4}) is before, "commands are not waypoints"


def test_numbers_are_entered_for_all_chosen_and_shared_ones_shown() -> None:
    before = route()
    after = editing.entered(before, {0, 2, 3}, Entry(height_m=55.0, hold_s=3.0))
    assert [after.items[i].height_m for i in (0, 2, 3)] == [55.0] * 3
    assert [after.items[i].params[0] for i in (0, 2, 3)] == [0.0, 3.0, 3.0], "a take-off holds nothing"
    assert editing.shared(before, {2, 3}) == Entry(lat_deg=35.711)
    assert editing.shared(after, {2, 3}) == Entry(lat_deg=35.711, height_m=55.0, hold_s=3.0)


@given(st.lists(st.sampled_from(["move", "insert", "delete"]), max_size=12), st.randoms(use_true_random=False))
def test_any_row_of_edits_keeps_commands_and_can_be_undone(steps: list[str], random: object) -> None:
    history, fixed = History(PlanInputs(edited=route())), [i for i in route().items if not i.has_place]
    seen = [history.now]
    for step in steps:
        mission = history.now.edited
        assert mission is not None
        places = editing.stops(mission)
        at = random.choice(places[1:] or places)  # type: ignore[attr-defined]
        if step == "insert":
            mission = editing.inserted(mission, at, lat_deg=35.7, lon_deg=116.5)
        elif step == "delete":
            mission = editing.without(mission, {at})
        else:
            mission = editing.moved(mission, {at}, north_deg=1e-4, east_deg=1e-4)
        kept = [i for i in mission.items if not i.has_place]
        assert [i.command for i in kept] == [i.command for i in fixed]
        assert all(0 <= i.params[0] < len(mission.items) for i in kept if i.command == Command.JUMP)
        history.step(replace(history.now, edited=mission))
        if history.now is not seen[-1]:
            seen.append(history.now)
    for then in reversed(seen[:-1]):
        assert history.undo() is then
    for then in seen[1:]:
        assert history.redo() is then


def test_outlets_are_snapped_to_before_edges_and_nothing_beyond_reach() -> None:
    park = demo_park()
    frame = park.frame()
    snaps = snaps_of(park, frame)
    x, y = frame.to_xy(park.outlets[0].lat_deg, park.outlets[0].lon_deg)
    outlet = (float(x), float(y))
    assert snaps.near((outlet[0] + 3.0, outlet[1]), reach_m=4.0) == pytest.approx(outlet)
    ring = park.buildings[0].area.outer
    ax, ay = frame.to_xy([ring[0][0], ring[1][0]], [ring[0][1], ring[1][1]])
    edges = replace(snaps, outlets=np.zeros((0, 2)))
    found = edges.near((float(ax.mean()), float(ay.mean())), reach_m=0.5)
    assert found == pytest.approx((float(ax.mean()), float(ay.mean())), abs=1e-6)
    assert snaps.near((9000.0, 9000.0), reach_m=100.0) is None
    assert snaps_of(None, frame).near((0.0, 0.0), reach_m=100.0) is None


def test_the_nearest_leg_says_how_far_along() -> None:
    line = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0]])
    leg = nearest_leg(line, (97.0, 25.0), reach_m=5.0)
    assert leg is not None and (leg.index, leg.at, leg.part, leg.away_m) == (1, (100.0, 25.0), 0.25, 3.0)
    assert nearest_leg(line, (50.0, 50.0), reach_m=5.0) is None


def test_a_draft_with_a_route_by_hand_reads_back() -> None:
    edited = editing.moved(route(), {2}, north_deg=1e-4, east_deg=0.0)
    back = inputs_from_json(PlanInputs(park="p", edited=edited).as_json())
    assert back.park == "p" and back.edited is not None
    assert [(i.command, i.lat_deg, i.lon_deg, i.note) for i in back.edited.items] == [
        (i.command, i.lat_deg, i.lon_deg, i.note) for i in edited.items
    ]
    assert editing.is_edited(back.edited) and back.edited.pattern == edited.pattern
    with pytest.raises(ValueError):
        inputs_from_json('{"settings": [], "edited": "no plan"}')


# On the map


@pytest.fixture
def planning(data_dir: Path, open_window: Open, at_rest: Rest) -> Planning:
    desktop = open_window(data_dir)
    found = desktop.window.planning
    at_rest(desktop, lambda: found.made is not None)
    found.panel.sortie.setCurrentIndex(found.panel.sortie.count() - 1)  # a sortie alone is not edited
    desktop.window.map.view.fit()
    found.desktop = desktop  # type: ignore[attr-defined]
    return found


def settled(planning: Planning, at_rest: Rest) -> None:
    """Until the checks of what is shown are back."""
    desktop = planning.desktop  # type: ignore[attr-defined]
    at_rest(desktop, lambda: planning.made is not None and planning.made.is_of(planning.inputs))


def place_px(planning: Planning, item: int) -> QPointF:
    mission, camera = planning.mission, planning._room.map.view.camera
    assert mission is not None
    x, y = camera.frame.to_xy(mission.items[item].lat_deg, mission.items[item].lon_deg)
    return camera.point(float(x), float(y))


def mouse(planning: Planning, kind: QEvent.Type, at: QPointF, keys: Qt.KeyboardModifier = NONE) -> None:
    view = planning._room.map.view
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
    QApplication.sendEvent(view, QMouseEvent(kind, at, QPointF(view.mapToGlobal(at.toPoint())), button, held, keys))


def drag(planning: Planning, start: QPointF, end: QPointF, keys: Qt.KeyboardModifier = NONE) -> None:
    mouse(planning, QEvent.Type.MouseButtonPress, start, keys)
    for part in (0.3, 0.7, 1.0):
        mouse(planning, QEvent.Type.MouseMove, start + (end - start) * part, keys)
    mouse(planning, QEvent.Type.MouseButtonRelease, end, keys)


def stops(planning: Planning) -> tuple[int, ...]:
    assert planning.mission is not None
    return editing.stops(planning.mission)


def key(planning: Planning, qtbot: QtBot, code: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
    qtbot.keyClick(planning._room.map.view, code, keys)


def test_a_dragged_waypoint_lies_where_it_was_put_and_is_checked_again(planning: Planning, at_rest: Rest) -> None:
    item, planned = stops(planning)[3], planning.made
    target = place_px(planning, item) + QPointF(41, -23)
    camera = planning._room.map.view.camera
    drag(planning, place_px(planning, item), target, ALT)
    assert planning._room.map.view.camera == camera, "the map was not moved"
    assert (place_px(planning, item) - target).manhattanLength() < 0.01
    assert planning.inputs.edited is not None and not planning.panel.fly.isEnabled()
    assert len(planning.profile._along) == len(stops(planning))
    settled(planning, at_rest)
    assert planning.made is not planned and planning.panel.fly.isEnabled()
    assert "hand" in planning.panel.route.state.text() and planning.panel.route.state.isVisible()
    assert planning.mission is not None and planning.mission.items[item].note.endswith("edited")


def test_a_click_chooses_and_the_ground_still_moves_the_map(planning: Planning) -> None:
    item, view = stops(planning)[2], planning._room.map.view
    at = place_px(planning, item)
    mouse(planning, QEvent.Type.MouseButtonPress, at)
    mouse(planning, QEvent.Type.MouseButtonRelease, at)
    assert planning.route_desk.editor.chosen == {item} and planning.inputs.edited is None
    assert planning.panel.route.chosen.text().startswith("Waypoint 3 of")
    camera = view.camera
    drag(planning, QPointF(5, 5), QPointF(60, 60))
    assert view.camera != camera and planning.inputs.edited is None
    mouse(planning, QEvent.Type.MouseButtonPress, QPointF(5, 5))
    mouse(planning, QEvent.Type.MouseButtonRelease, QPointF(5, 5))
    assert planning.route_desk.editor.chosen == frozenset() and not planning.panel.route.isVisible()


def test_several_are_chosen_with_shift_and_moved_together(planning: Planning, at_rest: Rest) -> None:
    editor, view = planning.route_desk.editor, planning._room.map.view
    drag(planning, QPointF(1, 1), QPointF(view.width() - 2, view.height() - 2), SHIFT)
    assert editor.chosen == set(stops(planning))
    first = stops(planning)[2]
    at = place_px(planning, first)
    mouse(planning, QEvent.Type.MouseButtonPress, at, SHIFT)
    mouse(planning, QEvent.Type.MouseButtonRelease, at, SHIFT)
    assert first not in editor.chosen and len(editor.chosen) == len(stops(planning)) - 1
    before = planning.mission
    held = stops(planning)[4]
    drag(planning, place_px(planning, held), place_px(planning, held) + QPointF(0, 30), ALT)
    assert before is not None and planning.mission is not None
    moved = {i for i in stops(planning) if planning.mission.items[i].lat_deg != before.items[i].lat_deg}
    assert moved == set(stops(planning)) - {first}
    settled(planning, at_rest)


def test_a_waypoint_snaps_to_an_outlet_unless_alt_is_held(planning: Planning) -> None:
    item, camera, park = stops(planning)[3], planning._room.map.view.camera, demo_park()
    outlet = park.outlets[2]
    x, y = camera.frame.to_xy(outlet.lat_deg, outlet.lon_deg)
    beside = camera.point(float(x), float(y)) + QPointF(4, 3)
    drag(planning, place_px(planning, item), beside)
    assert planning.mission is not None
    put = planning.mission.items[item]
    assert (put.lat_deg, put.lon_deg) == pytest.approx((outlet.lat_deg, outlet.lon_deg), abs=1e-9)
    planning.undo()
    assert planning.inputs.edited is None


def test_a_double_click_on_a_leg_inserts_there(planning: Planning, at_rest: Rest) -> None:
    before = planning.mission
    assert before is not None
    places = stops(planning)
    leg = max(
        range(2, len(places) - 1),
        key=lambda k: (place_px(planning, places[k + 1]) - place_px(planning, places[k])).manhattanLength(),
    )
    at = place_px(planning, places[leg]) * 0.7 + place_px(planning, places[leg + 1]) * 0.3
    mouse(planning, QEvent.Type.MouseButtonDblClick, at)
    assert planning.mission is not None and len(planning.mission.items) == len(before.items) + 1
    assert (place_px(planning, places[leg + 1]) - at).manhattanLength() < 3.0
    assert planning.route_desk.editor.chosen == {places[leg + 1]}
    settled(planning, at_rest)


def test_everything_by_keyboard(planning: Planning, qtbot: QtBot, at_rest: Rest) -> None:
    editor, count = planning.route_desk.editor, len(stops(planning))
    key(planning, qtbot, Qt.Key.Key_PageDown)
    key(planning, qtbot, Qt.Key.Key_PageDown)
    assert editor.chosen == {stops(planning)[1]}
    key(planning, qtbot, Qt.Key.Key_PageDown, SHIFT)
    assert editor.chosen == set(stops(planning)[1:3])
    before = planning.mission
    key(planning, qtbot, Qt.Key.Key_Up, CTRL)
    assert before is not None and planning.mission is not None
    a, b = (m.items[stops(planning)[1]] for m in (before, planning.mission))
    x, y = LocalFrame(a.lat_deg, a.lon_deg).to_xy(b.lat_deg, b.lon_deg)
    assert (float(x), float(y)) == pytest.approx((0.0, 1.0), abs=1e-3)
    key(planning, qtbot, Qt.Key.Key_Delete)
    assert len(stops(planning)) == count - 2
    key(planning, qtbot, Qt.Key.Key_I)
    assert len(stops(planning)) == count - 1
    key(planning, qtbot, Qt.Key.Key_A, CTRL)
    assert len(editor.chosen) == count - 1
    key(planning, qtbot, Qt.Key.Key_Delete)
    assert len(stops(planning)) == count - 1, "the last waypoints stay"
    key(planning, qtbot, Qt.Key.Key_Escape)
    assert editor.chosen == frozenset()
    for _ in range(3):
        planning.undo()
    assert planning.inputs.edited is None
    for _ in range(3):
        planning.redo()
    assert len(stops(planning)) == count - 1
    settled(planning, at_rest)


def test_escape_puts_a_dragged_waypoint_back(planning: Planning, qtbot: QtBot) -> None:
    item = stops(planning)[3]
    at = place_px(planning, item)
    mouse(planning, QEvent.Type.MouseButtonPress, at)
    mouse(planning, QEvent.Type.MouseMove, at + QPointF(50, 0))
    key(planning, qtbot, Qt.Key.Key_Escape)
    mouse(planning, QEvent.Type.MouseButtonRelease, at + QPointF(50, 0))
    assert planning.inputs.edited is None and (place_px(planning, item) - at).manhattanLength() < 0.01


def test_numbers_in_the_panel_are_taken_and_only_when_changed(planning: Planning, qtbot: QtBot, at_rest: Rest) -> None:
    item, card = stops(planning)[3], planning.panel.route
    planning.route_desk.editor.choose({item})
    for field in (card.lat_deg, card.lon_deg, card.height_m, card.hold_s):
        assert field.accessibleName()
        field.editingFinished.emit()
    assert planning.inputs.edited is None, "nothing was entered"
    for field, words in ((card.height_m, "33.5"), (card.hold_s, "12"), (card.lat_deg, "35.7123456")):
        field.selectAll()
        qtbot.keyClicks(field, words)
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert planning.mission is not None
    put = planning.mission.items[item]
    assert (put.height_m, put.params[0], put.lat_deg) == (33.5, 12.0, 35.7123456)
    planning.route_desk.editor.choose(stops(planning)[1:5])
    assert card.height_m.text() == "" and math.isnan(card.height_m.value)
    card.height_m.editingFinished.emit()
    assert planning.mission.items[item] is put
    settled(planning, at_rest)


def test_a_route_by_hand_is_kept_over_a_restart_and_planned_anew_on_demand(
    planning: Planning, data_dir: Path, open_window: Open, at_rest: Rest
) -> None:
    planned = planning.mission
    planning.route_desk.editor.choose({stops(planning)[3]})
    planning.route_desk.editor.nudge(30.0, 0.0)
    settled(planning, at_rest)
    by_hand = planning.mission
    planning.desktop.window.close()  # type: ignore[attr-defined]
    again = open_window(data_dir)
    fresh = again.window.planning
    at_rest(again, lambda: fresh.made is not None)
    fresh.panel.sortie.setCurrentIndex(fresh.panel.sortie.count() - 1)
    assert by_hand is not None and planned is not None and fresh.mission is not None
    assert [(i.lat_deg, i.lon_deg) for i in fresh.mission.items] == [(i.lat_deg, i.lon_deg) for i in by_hand.items]
    fresh.panel.route.anew.click()
    at_rest(again, lambda: fresh.made is not None and fresh.made.is_of(fresh.inputs))
    assert fresh.mission.items == planned.items
    fresh.undo()
    at_rest(again, lambda: fresh.made is not None and fresh.made.is_of(fresh.inputs))
    assert editing.is_edited(fresh.mission)


def test_a_new_setting_lays_out_anew_and_undo_brings_the_hand_back(planning: Planning, at_rest: Rest) -> None:
    planning.route_desk.editor.choose({stops(planning)[3]})
    planning.route_desk.editor.nudge(30.0, 0.0)
    by_hand = planning.mission
    settled(planning, at_rest)
    planning._step(planning.inputs.with_setting("spacing_m", "120"))
    assert planning.route_desk.editor.mission is None, "what is being planned anew cannot be edited"
    settled(planning, at_rest)
    assert planning.mission is not None and not editing.is_edited(planning.mission)
    planning.undo()
    assert planning.mission is by_hand
    settled(planning, at_rest)
    assert planning.mission is by_hand


@pytest.mark.parametrize("ending", ["plan", "waypoints", "kmz", "csv", "gpx"])
def test_a_mission_file_is_opened_into_plan(planning: Planning, at_rest: Rest, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"航线.{ending}"
    shipped = read_mission(missions_dir() / "fence-line.plan")
    write_mission(shipped, file)
    planning.route_desk.open_mission(file)
    at_rest(planning.desktop, lambda: planning.inputs.edited is not None)  # type: ignore[attr-defined]
    settled(planning, at_rest)
    assert planning.mission is not None and len(stops(planning)) >= len(editing.stops(shipped)) - 1
    assert re.match("From a mission file", planning.panel.route.state.text())


def test_a_template_is_opened_with_its_pattern_and_can_be_edited(planning: Planning, at_rest: Rest) -> None:
    names = [action.text() for action in planning.panel.templates.menu().actions()]
    assert len(names) == len(list(missions_dir().glob("*.plan"))) and "Fence line" in names
    planning.panel.templates.menu().actions()[names.index("Fence line")].trigger()
    at_rest(planning.desktop, lambda: planning.inputs.edited is not None)  # type: ignore[attr-defined]
    settled(planning, at_rest)
    assert planning.inputs.pattern == "fence-line"
    assert planning.panel.pattern.currentData() == "fence-line"
    planning.route_desk.editor.choose({stops(planning)[2]})
    planning.route_desk.editor.delete()
    assert planning.mission is not None and planning.mission.pattern == "fence-line"
    assert editing.is_edited(planning.mission)


def test_a_file_without_a_route_is_said(planning: Planning, at_rest: Rest, tmp_path: Path) -> None:
    file = tmp_path / "empty.plan"
    write_mission(Mission("empty", (return_home(),)), file)
    planning.route_desk.open_mission(file)
    desktop = planning.desktop  # type: ignore[attr-defined]
    at_rest(desktop, lambda: bool(desktop.window.notices.said))
    assert "no waypoint" in desktop.window.notices.said[-1].words and planning.inputs.edited is None


def test_measuring_leaves_the_route_alone(planning: Planning, qtbot: QtBot) -> None:
    item = stops(planning)[3]
    key(planning, qtbot, Qt.Key.Key_M)
    drag(planning, place_px(planning, item), place_px(planning, item) + QPointF(40, 0))
    assert planning.inputs.edited is None
    key(planning, qtbot, Qt.Key.Key_M)


def test_other_workspaces_are_not_edited_in(planning: Planning, at_rest: Rest) -> None:
    desktop = planning.desktop  # type: ignore[attr-defined]
    desktop.window.enter("review")
    at_rest(desktop)
    assert desktop.window.map.view.hand is None
    desktop.window.enter("plan")
    assert desktop.window.map.view.hand is planning.route_desk.hand
    assert QPoint(0, 0) == desktop.window.map.view.pos()
