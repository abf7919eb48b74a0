"""The map: camera, the readings' raster, labels, measuring, keys and mouse."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from dronesampler.columns import Readings
from dronesampler.geo import LocalFrame
from dronesampler.texts import Lang
from dronesampler_ui.parts import ramp
from dronesampler_ui.parts.map.camera import Camera
from dronesampler_ui.parts.map.ground import Ground
from dronesampler_ui.parts.map.layer import Label
from dronesampler_ui.parts.map.pane import MapPane
from dronesampler_ui.parts.map.readings_layer import ReadingsLayer, lay, thinned
from dronesampler_ui.parts.map.view import Tool
from dronesampler_ui.parts.map.words import Words
from dronesampler_ui.sample_patrol import demo_park
from dronesampler_ui.theme import DARK, LIGHT, SUNLIGHT, THEMES

FRAME = LocalFrame(35.71, 116.49)
CAMERA = Camera(FRAME, 10.0, -20.0, 0.5, 800, 600)


def readings_at(x_m: np.ndarray, y_m: np.ndarray, value: np.ndarray) -> Readings:
    lat, lon = FRAME.to_lat_lon(x_m, y_m)
    n = len(value)
    return Readings(
        time_s=np.arange(n, dtype=float),
        lat_deg=lat,
        lon_deg=lon,
        height_agl_m=np.full(n, 20.0),
        value_mg_m3=np.asarray(value, float),
        position_error_m=np.ones(n),
        ok=np.ones(n, bool),
        seq=np.arange(n),
    )


@given(st.floats(-2000, 2000), st.floats(-2000, 2000), st.floats(0.02, 50))
def test_pixels_and_metres_are_inverse(x_m: float, y_m: float, m_px: float) -> None:
    camera = Camera(FRAME, 3.0, 4.0, m_px, 640, 480)
    back = camera.to_m(camera.point(x_m, y_m))
    assert back == pytest.approx((x_m, y_m), abs=1e-6)
    mapped = camera.transform().map(QPointF(x_m, y_m))
    assert (mapped - camera.point(x_m, y_m)).manhattanLength() < 1e-6


@given(st.floats(0.1, 10), st.floats(0, 800), st.floats(0, 600))
def test_the_ground_under_the_pointer_stays_when_zooming(factor: float, px: float, py: float) -> None:
    at = QPointF(px, py)
    assert CAMERA.zoomed(factor, at).to_m(at) == pytest.approx(CAMERA.to_m(at), abs=1e-6)


def test_fitting_shows_all_of_an_extent() -> None:
    camera = CAMERA.fitted(QRectF(-300, -200, 600, 400))
    for corner in ((-300, -200), (300, 200)):
        px = camera.point(*corner)
        assert 0 < px.x() < 800 and 0 < px.y() < 600


def painted(layer: ReadingsLayer, camera: Camera) -> QImage:
    image = QImage(camera.width_px, camera.height_px, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    layer.paint(painter, camera, LIGHT)
    painter.end()
    return image


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_peak_is_never_hidden_by_a_later_low_reading(qapp: object, order: tuple[int, int]) -> None:
    values = np.array([25.0, 0.4])[list(order)]
    layer = ReadingsLayer()
    layer.show(readings_at(np.array([10.0, 10.1]), np.array([-20.0, -20.0]), values), scale=ramp.Scale(0.3, 30.0))
    layer.placed(FRAME)
    pixel = painted(layer, CAMERA).pixelColor(400, 300)
    assert pixel.name() == ramp.colour(LIGHT, layer.scale.part(25.0)).name()


def test_thinning_many_readings_keeps_every_peak_within_a_pixel(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dronesampler_ui.parts.map.readings_layer.THINNED_FROM", 100)
    rng = np.random.default_rng(3)
    some = readings_at(rng.uniform(-150, 150, 5000), rng.uniform(-120, 80, 5000), rng.uniform(0.1, 30, 5000))
    layer = ReadingsLayer()
    layer.show(some)
    layer.placed(FRAME)
    far = replace(CAMERA, m_px=4.0)
    whole = layer._levels(far, 1.0, LIGHT)
    layer.take(thinned(lay(some, FRAME)))
    assert len(layer._rows(far.m_px)[0]) < len(some)
    few = layer._levels(far, 1.0, LIGHT)
    shifts = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    near = np.max([np.roll(few, shift, axis=(0, 1)) for shift in shifts], axis=0)
    assert (near >= whole).all()


def test_replay_shows_only_what_was_read_by_then(qapp: object) -> None:
    layer = ReadingsLayer()
    layer.show(readings_at(np.array([10.0, 60.0]), np.array([-20.0, -20.0]), np.array([5.0, 5.0])))
    layer.placed(FRAME)
    layer.until(0.5)
    image = painted(layer, CAMERA)
    assert image.pixelColor(400, 300).alpha() == 255
    assert image.pixelColor(500, 300).alpha() == 0


def test_rows_without_value_place_or_trust_are_left_out(qapp: object) -> None:
    r = readings_at(np.array([10.0, 20.0, 30.0]), np.full(3, -20.0), np.array([np.nan, 5.0, 5.0]))
    r.ok[2] = False
    layer = ReadingsLayer()
    layer.show(r)
    layer.placed(FRAME)
    image = painted(layer, CAMERA)
    assert [image.pixelColor(x, 300).alpha() for x in (400, 420, 440)] == [0, 255, 0]


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name.value)
def test_the_ramp_reads_without_colour_vision(theme: object) -> None:
    """Lightness is strictly monotone, also as red-blind and green-blind eyes see it (Machado et al. 2009)."""
    rgb = np.array([[*divmod(c & 0xFFFFFF, 1 << 16)] for c in ramp.table(theme)[1:]])  # type: ignore[arg-type]
    rgb = np.stack([rgb[:, 0], rgb[:, 1] >> 8, rgb[:, 1] & 0xFF], axis=1) / 255.0
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    protan = np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    )
    deutan = np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    )
    for eye in (np.eye(3), protan, deutan):
        light = np.clip(linear @ eye.T, 0, 1) @ (0.2126, 0.7152, 0.0722)
        steps = np.diff(light[::16])
        assert (steps > 0).all() or (steps < 0).all()


def test_the_scale_keeps_its_ends_apart_and_orders_levels() -> None:
    scale = ramp.Scale(0.3, 30.0)
    assert scale.with_low(500.0).low_mg_m3 < scale.high_mg_m3
    assert scale.with_high(0.01).high_mg_m3 > scale.low_mg_m3
    levels = scale.levels(ramp.log_of(np.array([0.0, 0.3, 4.0, 10.0, 30.0, 900.0])))
    assert list(levels) == sorted(levels) and levels[0] == 1 and levels[-1] == ramp.LEVELS


def test_labels_do_not_collide_and_the_important_ones_stay(qapp: object) -> None:
    rng = np.random.default_rng(5)
    labels = [
        Label(f"DA{i:03d}", QPointF(*rng.uniform(50, 350, 2)), LIGHT.outlet, rank=int(rng.integers(0, 3)))
        for i in range(80)
    ]
    labels.append(Label("S1", QPointF(200, 200), LIGHT.suspect, rank=9))
    image = QImage(400, 400, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    taken = Words().paint(painter, labels, LIGHT, within=QRectF(0, 0, 400, 400))
    painter.end()
    assert taken and not any(a.intersects(b) for a, b in combinations(taken, 2))


@pytest.fixture
def pane(qtbot: QtBot) -> MapPane:
    made = MapPane(LIGHT)
    qtbot.addWidget(made)
    ground = Ground()
    ground.show(demo_park(), Lang.EN)
    made.view.set_frame(demo_park().frame())
    made.show_layers((*ground.below, *ground.above))
    made.resize(800, 600)
    made.show()
    made.view.fit()
    return made


def test_keys_move_zoom_and_fit(pane: MapPane, qtbot: QtBot) -> None:
    start = pane.view.camera
    qtbot.keyClick(pane.view, Qt.Key.Key_Right)
    assert pane.view.camera.x_m > start.x_m
    qtbot.keyClick(pane.view, Qt.Key.Key_Plus)
    assert pane.view.camera.m_px < start.m_px
    qtbot.keyClick(pane.view, Qt.Key.Key_F)
    assert pane.view.camera == start


def test_the_mouse_drags_the_ground_and_a_click_is_no_drag(pane: MapPane, qtbot: QtBot) -> None:
    with qtbot.waitSignal(pane.view.clicked) as clicked:
        qtbot.mouseClick(pane.view, Qt.MouseButton.LeftButton, pos=QPointF(400, 300).toPoint())
    lat, lon = clicked.args
    assert pane.view.camera.lat_lon(QPointF(400, 300)) == pytest.approx((lat, lon))


def test_measuring_adds_up_lengths(pane: MapPane, qtbot: QtBot) -> None:
    qtbot.keyClick(pane.view, Qt.Key.Key_M)
    assert pane.view.tool is Tool.MEASURE
    for x in (200, 300, 400):
        qtbot.mouseClick(pane.view, Qt.MouseButton.LeftButton, pos=QPointF(x, 300).toPoint())
    assert pane.measure.length_m == pytest.approx(200 * pane.view.camera.m_px, rel=1e-3)


def test_layers_can_be_hidden(pane: MapPane) -> None:
    shown = pane.grab().toImage()
    outlets = next(a for a in pane.choose.menu().actions() if a.text() == "Permitted outlets")
    outlets.setChecked(False)
    assert pane.grab().toImage() != shown


def test_the_legend_is_moved_with_keys_and_mouse(pane: MapPane, qtbot: QtBot) -> None:
    legend = pane.legend
    high = legend.scale.high_mg_m3
    with qtbot.waitSignal(legend.scale_changed):
        qtbot.keyClick(legend, Qt.Key.Key_Left)
    assert legend.scale.high_mg_m3 < high
    low = legend.scale.low_mg_m3
    qtbot.keyClick(legend, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert legend.scale.low_mg_m3 > low


def test_simulated_is_written_over_the_map(pane: MapPane) -> None:
    before = pane.view.grab().toImage()
    pane.view.set_simulated(True)
    assert pane.view.grab().toImage() != before


def test_every_look_paints(pane: MapPane) -> None:
    pictures = []
    for theme in (LIGHT, DARK, SUNLIGHT):
        pane.set_theme(theme)
        pictures.append(pane.grab().toImage())
    assert all(a != b for a, b in combinations(pictures, 2))
