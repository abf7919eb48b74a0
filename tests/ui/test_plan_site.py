"""Home, fence and rally points by hand; the map's menu; own presets; terrain and base maps in the window."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dronesampler.geo import Place, Polygon
from dronesampler.mission import Circle, Command, Fence, Mission, PolygonFence
from dronesampler.mission.files import write_mission
from dronesampler.mission.mission import return_home, takeoff, waypoint
from dronesampler.plan import read_aircraft
from dronesampler_ui.app import Desktop
from dronesampler_ui.parts.map import route_layers
from dronesampler_ui.parts.map.camera import Camera
from dronesampler_ui.plan import site_editing
from dronesampler_ui.plan.own_presets import OwnPresets, read_presets, write_presets
from dronesampler_ui.plan.site_editing import Kind, Spot, spots
from dronesampler_ui.plan.workspace import Planning
from dronesampler_ui.sample_patrol import demo_park

Open = Callable[..., Desktop]
Rest = Callable[..., None]
SQUARE = ((35.70, 116.48), (35.72, 116.48), (35.72, 116.50), (35.70, 116.50))
MISSION = Mission(
    "m",
    (takeoff(35.71, 116.49, 20.0), waypoint(35.711, 116.49, 20.0), return_home()),
    home=Place(35.71, 116.49),
    fence=Fence((PolygonFence(Polygon(SQUARE)),), (Circle(35.715, 116.485, 25.0, inclusion=False),)),
    rally=(Place(35.712, 116.492, 30.0),),
)


def spot(kind: Kind, corner: int = 0) -> Spot:
    return next(s for s in spots(MISSION) if s.kind is kind and s.corner == corner)


def test_every_spot_moves_and_marks_the_mission_as_edited() -> None:
    for one in spots(MISSION):
        after = site_editing.moved(MISSION, one, lat_deg=35.7123, lon_deg=116.4931)
        again = next(s for s in spots(after) if s.key == one.key)
        assert (again.lat_deg, again.lon_deg) == (35.7123, 116.4931)
        assert [s for s in spots(after) if s.key != one.key] == [s for s in spots(MISSION) if s.key != one.key]
        assert ("edited", "yes") in after.settings
    home = site_editing.moved(MISSION, spot(Kind.HOME), lat_deg=35.705, lon_deg=116.485)
    assert (home.items[0].lat_deg, home.items[0].lon_deg) == (35.705, 116.485), "the take-off goes with home"
    assert home.items[1:] == MISSION.items[1:]
    elsewhere = replace(MISSION, home=Place(35.70, 116.47))
    assert site_editing.with_home(elsewhere, lat_deg=35.71, lon_deg=116.47).items == MISSION.items


def test_spots_come_and_go() -> None:
    assert site_editing.without(MISSION, spot(Kind.HOME)) is MISSION
    assert site_editing.without(MISSION, spot(Kind.RALLY)).rally == ()
    assert site_editing.without(MISSION, spot(Kind.CIRCLE)).fence.circles == ()
    fewer = site_editing.without(MISSION, spot(Kind.CORNER, 1))
    assert fewer.fence.polygons[0].area.outer == (SQUARE[0], SQUARE[2], SQUARE[3])
    gone = site_editing.without(fewer, next(s for s in spots(fewer) if s.kind is Kind.CORNER))
    assert gone.fence.polygons == (), "two corners make no zone"
    more = site_editing.with_corner(MISSION, 0, 4, lat_deg=35.71, lon_deg=116.51)
    assert more.fence.polygons[0].area.outer == (*SQUARE, (35.71, 116.51))
    assert len(site_editing.with_rally(MISSION, lat_deg=35.7, lon_deg=116.4).rally) == 2
    kept_out = site_editing.with_keep_out(MISSION, lat_deg=35.7, lon_deg=116.4).fence.circles[-1]
    assert not kept_out.inclusion and kept_out.radius_m == 30.0


# In the window


@pytest.fixture
def planning(data_dir: Path, open_window: Open, at_rest: Rest) -> Planning:
    desktop = open_window(data_dir)
    found = desktop.window.planning
    at_rest(desktop, lambda: found.made is not None)
    found.desktop = desktop  # type: ignore[attr-defined]
    return found


def px(planning: Planning, lat_deg: float, lon_deg: float) -> QPointF:
    camera = planning._room.map.view.camera
    x, y = camera.frame.to_xy(lat_deg, lon_deg)
    return camera.point(float(x), float(y))


def drag(planning: Planning, start: QPointF, end: QPointF) -> None:
    view = planning._room.map.view
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for kind, at, button, held in (
        (QEvent.Type.MouseButtonPress, start, left, left),
        (QEvent.Type.MouseMove, (start + end) / 2, none, left),
        (QEvent.Type.MouseMove, end, none, left),
        (QEvent.Type.MouseButtonRelease, end, left, none),
    ):
        glob = QPointF(view.mapToGlobal(at.toPoint()))
        QApplication.sendEvent(view, QMouseEvent(kind, at, glob, button, held, Qt.KeyboardModifier.NoModifier))


def show_whole(planning: Planning) -> Mission:
    planning.panel.sortie.setCurrentIndex(planning.panel.sortie.count() - 1)
    assert planning.mission is not None
    return planning.mission


def do(planning: Planning, words: str, at: QPointF) -> None:
    """The entry of the map's menu that begins like this."""
    offers = planning.route_desk.menu.offers(*planning._room.map.view.camera.lat_lon(at), at)
    next(change for said, change in offers if said.startswith(words))()


def test_home_and_fence_corners_are_dragged_and_undone(planning: Planning, at_rest: Rest) -> None:
    before = show_whole(planning)
    assert before.home is not None
    corner = before.fence.polygons[0].area.outer[2]
    for place, step in ((corner, QPointF(-12, 9)), ((before.home.lat_deg, before.home.lon_deg), QPointF(15, -11))):
        start = px(planning, *place)
        drag(planning, start, start + step)
    after = planning.mission
    assert after is not None and after.home is not None
    assert after.fence.polygons[0].area.outer[2] != corner
    assert (after.items[0].lat_deg, after.items[0].lon_deg) == (after.home.lat_deg, after.home.lon_deg)
    planning.undo()
    planning.undo()
    assert planning.inputs.edited is None
    planning.redo()
    planning.redo()
    assert planning.mission == after
    at_rest(planning.desktop, lambda: planning.made is not None and planning.made.is_of(planning.inputs))  # type: ignore[attr-defined]


def test_the_maps_menu_changes_what_is_there(planning: Planning, qtbot: QtBot) -> None:
    mission = show_whole(planning)
    view = planning._room.map.view
    middle = QPointF(view.width() / 2, view.height() / 2)
    do(planning, "Rally point here", middle)
    do(planning, "Keep out of here", middle + QPointF(60, 0))
    do(planning, "Delete this zone", middle + QPointF(60, 0))
    do(planning, "Home here", middle + QPointF(0, 40))
    assert planning.mission is not None and len(planning.mission.rally) == 1
    assert planning.mission.fence.circles == () and planning.mission.home != mission.home
    do(planning, "Delete this rally point", middle)
    ring = planning.mission.fence.polygons[0].area.outer
    edge = (px(planning, *ring[0]) + px(planning, *ring[1])) / 2
    do(planning, "Insert a corner", edge)
    assert len(planning.mission.fence.polygons[0].area.outer) == len(ring) + 1
    do(planning, "Delete this corner", edge)
    assert len(planning.mission.fence.polygons[0].area.outer) == len(ring)
    for _ in range(7):
        planning.undo()
    assert planning.inputs.edited is None


def test_the_route_resumes_from_a_place_on_the_map(planning: Planning) -> None:
    whole = show_whole(planning)
    stops = [i for i in whole.items if i.command == Command.WAYPOINT]
    a, b = stops[len(stops) // 2 - 1 : len(stops) // 2 + 1]
    at = px(planning, (a.lat_deg + b.lat_deg) / 2, (a.lon_deg + b.lon_deg) / 2)
    do(planning, "Resume from here", at)
    rest = planning.mission
    assert rest is not None and rest.items[-1].command == Command.RETURN
    left = [i for i in rest.items if i.command == Command.WAYPOINT]
    assert len(stops) // 2 <= len(left) <= len(stops) // 2 + 3
    planning.undo()
    assert planning.inputs.edited is None


def test_changing_a_sortie_brings_the_whole_route_into_view(planning: Planning, qtbot: QtBot, at_rest: Rest) -> None:
    desktop = planning.desktop  # type: ignore[attr-defined]
    fields = planning.panel.form.fields
    assert "spacing_m" in fields
    planning._step(replace(planning.inputs, pattern="area-grid", preset="", settings=(("spacing_m", "12"),)))
    at_rest(desktop, lambda: planning.made is not None and planning.made.plan.mission.pattern == "area-grid")
    assert planning.panel.sortie.count() > 2 and not planning.panel.whole_shown
    qtbot.keyClick(planning._room.map.view, Qt.Key.Key_I)
    assert planning.panel.whole_shown and planning.inputs.edited is None
    planning.panel.sortie.setCurrentIndex(0)
    offers = planning.route_desk.menu.offers(35.71, 116.49, QPointF(5, 5))
    assert [words for words, _ in offers] == ["Edit the whole route"]
    offers[0][1]()
    assert planning.panel.whole_shown


def test_an_edit_paints_the_route_over_the_kept_ground(planning: Planning) -> None:
    show_whole(planning)
    view, editor = planning._room.map.view, planning.route_desk.editor
    for _ in range(2):
        view.grab()
    kept, before = view._ground._pixmap.cacheKey(), view.grab().toImage()
    editor.choose({editor._stops[3]})
    editor.nudge(20.0, 0.0)
    after = view.grab().toImage()
    assert after != before, "the waypoint is drawn where it was put"
    assert view._ground._pixmap.cacheKey() == kept, "what lies under the route is not drawn again"


def test_a_dense_route_keeps_every_line_that_can_be_told_apart() -> None:
    camera = Camera(demo_park().frame(), width_px=400, height_px=300)
    x = np.array([10.0, 200.0, 10.0, 200.2, 10.0, 390.0, 5000.0, 6000.0])
    legs = route_layers._legs(x, np.full(8, 50.0), camera, thinned=True)
    assert [round(leg.x2()) for leg in legs] == [200, 390, 5000], "back over the same line and far outside are left out"
    assert len(route_layers._legs(x, np.full(8, 50.0), camera, thinned=False)) == 6


# Own presets


def test_presets_are_kept_renamed_and_deleted(tmp_path: Path) -> None:
    values = (("height_agl_m", "40"), ("spacing_m", "55"))
    kept = OwnPresets({}).with_set("area-grid", "高", values).with_set("area-grid", "b", (("spacing_m", "9"),))
    kept = kept.renamed("area-grid", "高", "high").renamed("area-grid", "b", "high")
    write_presets(tmp_path, kept)
    again = read_presets(tmp_path)
    assert again.of("area-grid") == {"high": values, "b": (("spacing_m", "9"),)}
    assert again.named("area-grid", values) == "high" and again.named("corridor", values) == ""
    assert list(again.without("area-grid", "high").of("area-grid")) == ["b"]
    (tmp_path / "presets.json").write_text(json.dumps([1]))
    assert read_presets(tmp_path) == OwnPresets({})


def test_an_own_preset_is_offered_and_taken(planning: Planning, at_rest: Rest) -> None:
    panel, own = planning.panel, planning.panel.own
    planning._step(replace(planning.inputs, preset="", settings=(("spacing_m", "77"),)))
    assert own.keep_action.isEnabled() and not own.delete_action.isEnabled()
    own.keep("wide")
    assert panel.preset.currentText() == "wide" and not own.keep_action.isEnabled()
    own.rename("very wide")
    planning._step(replace(planning.inputs, settings=()))
    assert panel.preset.currentIndex() == 0
    panel.preset.setCurrentIndex(panel.preset.findText("very wide"))
    panel.preset.activated.emit(panel.preset.currentIndex())
    assert planning.inputs.settings == (("spacing_m", "77"),) and planning.inputs.preset == ""
    own.delete()
    assert panel.preset.findText("very wide") < 0
    at_rest(planning.desktop, lambda: planning.made is not None and planning.made.is_of(planning.inputs))  # type: ignore[attr-defined]


# Files dropped on the window


def test_terrain_lies_beneath_the_profile(planning: Planning, tmp_path: Path, at_rest: Rest) -> None:
    cells = np.tile(np.linspace(0, 1200, 1201), (1201, 1)).astype(">i2")  # a metre a cell to the east
    cells.tofile(tmp_path / "N35E116.hgt")
    desktop = planning.desktop  # type: ignore[attr-defined]
    desktop.window.dropped(tmp_path / "N35E116.hgt")
    at_rest(desktop, lambda: len(planning.profile.ground[0]) > 0)
    along, ground = planning.profile.ground
    assert along[-1] == pytest.approx(planning.profile._along[-1])
    assert np.isfinite(ground).all() and 1.0 < np.ptp(ground) < 20.0
    assert not planning.profile.grab().isNull()


def test_the_aircrafts_own_figures_are_planned_with(planning: Planning, tmp_path: Path, at_rest: Rest) -> None:
    desktop = planning.desktop  # type: ignore[attr-defined]
    assert planning.made is not None
    before = sum(sortie.energy_wh for sortie in planning.made.sorties)
    (tmp_path / "heavy.toml").write_text('name = "heavy"\nhover_w = 860.0\nbattery_wh = 999.0\n')
    desktop.window.dropped(tmp_path / "heavy.toml")
    at_rest(
        desktop, lambda: planning.made is not None and sum(s.energy_wh for s in planning.made.sorties) > 1.4 * before
    )
    assert read_aircraft(planning._room.library.data_dir / "aircraft.toml").name == "heavy"


def test_a_folder_of_tiles_is_a_base_map_and_another_is_not(planning: Planning, tmp_path: Path) -> None:
    window = planning.desktop.window  # type: ignore[attr-defined]
    window.dropped(tmp_path)
    assert window._settings.basemap == ""
    tile = tmp_path / "map" / "3" / "6" / "3.png"
    tile.parent.mkdir(parents=True)
    Image.new("RGB", (256, 256), "green").save(tile)
    window.dropped(tmp_path / "map")
    assert window._settings.basemap == str(tmp_path / "map")
    window.basemaps.hide()
    assert window._settings.basemap == ""


@pytest.mark.parametrize("name", ["area.kml", "area.geojson"])
def test_a_file_of_areas_is_a_park_and_one_of_lines_a_route(
    planning: Planning, tmp_path: Path, at_rest: Rest, name: str
) -> None:
    desktop, path = planning.desktop, tmp_path / name  # type: ignore[attr-defined]
    ring = [(lon, lat) for lat, lon in (*SQUARE, SQUARE[0])]
    if name.endswith(".kml"):
        told = " ".join(f"{lon},{lat}" for lon, lat in ring)
        inner = f"<outerBoundaryIs><LinearRing><coordinates>{told}</coordinates></LinearRing></outerBoundaryIs>"
        path.write_text(f"<kml><Placemark><Polygon>{inner}</Polygon></Placemark></kml>")
    else:
        path.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    desktop.window.dropped(path)
    at_rest(desktop, lambda: planning.park is not None and planning.park.name == "area")
    route = tmp_path / f"route{path.suffix}"
    park = demo_park().frame()
    line = Mission("route", (waypoint(park.lat_deg, park.lon_deg, 30.0), waypoint(park.lat_deg, 116.495, 30.0)))
    write_mission(line, route)
    desktop.window.dropped(route)
    at_rest(desktop, lambda: planning.inputs.edited is not None)
    assert len(planning.inputs.edited.items) == 2  # type: ignore[union-attr]
