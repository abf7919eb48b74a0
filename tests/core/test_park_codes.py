"""Codes of the Chinese standards, and what is doubtful or refused about a park."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dronesampler.geo.datum import Datum, from_wgs84, to_wgs84
from dronesampler.geo.local import LocalFrame, distance_m
from dronesampler.park import Park
from dronesampler.park.checks import park_problems
from dronesampler.park.codes import (
    ALPHABET,
    check_character,
    credit_code_fault,
    outlet_code_fault,
    permit_number_fault,
    production_unit_fault,
    treatment_unit_fault,
)
from dronesampler.park.files import park_from_geojson, read_park, write_park
from dronesampler.paths import assets_dir
from dronesampler.problems import BadInput, Severity

# The worked code of GB 32100-2015, and the one in HJ 608-2017's example of a permit.
REAL = ("91350100M000100Y43", "91130200699229617X")


@pytest.mark.parametrize("code", REAL)
def test_every_single_substitution_is_caught(code: str) -> None:
    assert credit_code_fault(code) is None
    changed = [
        code[:place] + other + code[place + 1 :] for place in range(17) for other in ALPHABET if other != code[place]
    ]
    assert len(changed) == 17 * 30
    assert all(credit_code_fault(wrong) is not None for wrong in changed)


@pytest.mark.parametrize("code", REAL)
def test_two_neighbours_exchanged_are_caught(code: str) -> None:
    swapped = [code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(17) if code[i] != code[i + 1]]
    assert all(credit_code_fault(wrong) is not None for wrong in swapped)


@pytest.mark.parametrize(
    ("code", "match"),
    [
        ("91350100M000100Y4", "17 characters"),
        ("91350100M000100Y4O", "character 18 .* “O”"),
        ("9135O100M000100Y43", "character 5 .* “O”"),
        ("91350100M0００100Y43", "character 11"),
        ("91350100m000100Y43", "character 9"),
        ("91350100M000100Y44", "end in 3"),
    ],
)
def test_a_wrong_code_is_told_where(code: str, match: str) -> None:
    text = credit_code_fault(code)
    assert text is not None
    with pytest.raises(BadInput, match=match):
        raise BadInput(text)


def test_the_check_character_needs_seventeen_of_the_alphabet() -> None:
    assert check_character("91350100M000100Y4") == "3"
    for wrong in ("91350100M000100Y", "91350100M000100YI"):
        with pytest.raises(ValueError):
            check_character(wrong)


def test_permit_outlet_treatment_and_production_codes() -> None:
    assert permit_number_fault("91130200699229617X001P") is None
    assert permit_number_fault("91130200699229617X001P", "91130200699229617X") is None
    for wrong in ("91130200699229617X001", "91130200699229617X01P", "91130200699229617X0011", "91130200699229617Y001P"):
        assert permit_number_fault(wrong) is not None
    assert "begin with" in str(permit_number_fault("91130200699229617X001P", REAL[0]))
    for fault, right, wrong_ones in (
        (outlet_code_fault, ("DA001", "DW012"), ("DA01", "DX001", "da001", "DA0011", "DA00１", "DA001\n")),
        (treatment_unit_fault, ("TA001", "TW001", "TN001", "TS001"), ("TB001", "TA1", "A001")),
        (production_unit_fault, ("MF0001",), ("MF001", "FM0001", "MF00011")),
    ):
        assert [fault(code) for code in right] == [None] * len(right)
        assert all(fault(code) is not None for code in wrong_ones)


@pytest.fixture(scope="module")
def demo() -> Park:
    return read_park(assets_dir() / "demo-park.geojson").park


def rules(park: Park) -> list[str]:
    problems = park_problems(park)
    assert all(p.severity is Severity.WARNING for p in problems)
    return [p.rule for p in problems]


def test_the_demo_park_has_nothing_doubtful(demo: Park) -> None:
    assert rules(demo) == []


def test_each_wrong_code_in_a_park_is_one_warning(demo: Park) -> None:
    first, second, third, *others = demo.outlets
    firm, *firms = demo.enterprises
    wrong = firm.credit_code[:-1] + ("0" if firm.credit_code[-1] != "0" else "1")
    park = replace(
        demo,
        outlets=(
            replace(first, code="DA1"),
            replace(second, treatment_unit="RTO"),
            replace(third, enterprise="91130200699229617Y"),
            *(replace(o, enterprise=wrong if o.enterprise == firm.credit_code else o.enterprise) for o in others),
        ),
        enterprises=(replace(firm, credit_code=wrong, permit_number="12"), *firms),
    )
    assert sorted(rules(park)) == [
        "park.credit_code",
        "park.credit_code",
        "park.outlet_code",
        "park.permit_number",
        "park.treatment_unit",
    ]


def test_the_same_code_twice_counts_within_one_enterprise_only(demo: Park) -> None:
    first, second, third, fourth, *_ = demo.outlets
    assert rules(replace(demo, outlets=(first, replace(fourth, code=first.code)))) == []
    assert rules(replace(demo, outlets=(first, replace(second, code=first.code), third))) == ["park.outlet_doubled"]


def test_an_outlet_outside_is_told_with_its_distance(demo: Park) -> None:
    frame = demo.frame()
    lat, lon = frame.to_lat_lon(0.0, 1000.0)
    away = replace(demo.outlets[0], lat_deg=float(lat), lon_deg=float(lon))
    (problem,) = park_problems(replace(demo, outlets=(away, *demo.outlets[1:])))
    assert (problem.rule, problem.where, problem.lat_deg) == ("park.outlet_outside", away.code, float(lat))
    assert 700 < float(problem.text.en.split(" m ")[0].rsplit(" ", 1)[1]) < 900


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
@pytest.mark.parametrize("shifted", ["outlets", "boundary"])
def test_a_shift_of_the_source_is_recognised(demo: Park, datum: Datum, shifted: str) -> None:
    def moved(lat: float, lon: float) -> tuple[float, float]:
        # A boundary that was shifted, against outlets that were not, is the same as outlets shifted the other way.
        there = from_wgs84(lat, lon, datum) if shifted == "outlets" else to_wgs84(lat, lon, datum)
        return float(there[0]), float(there[1])

    places = [moved(o.lat_deg, o.lon_deg) for o in demo.outlets]
    park = replace(
        demo, outlets=tuple(replace(o, lat_deg=p[0], lon_deg=p[1]) for o, p in zip(demo.outlets, places, strict=True))
    )
    problems = park_problems(park)
    assert problems[0].rule == "park.datum"
    assert f"again as {datum}" in problems[0].text.en
    assert ("boundary's source" in problems[0].text.en) == (shifted == "boundary")
    outside = [p.rule for p in problems[1:]]
    assert set(outside) == {"park.outlet_outside"} and len(outside) > len(demo.outlets) / 2
    assert problems[0].text.en.startswith(f"{len(outside)} of {len(demo.outlets)} ")


def test_outlets_that_lie_elsewhere_are_not_blamed_on_a_shift(demo: Park) -> None:
    frame = demo.frame()
    lat, lon = frame.to_lat_lon([3000.0, 3050.0], [-2000.0, -2000.0])
    outlets = tuple(
        replace(o, lat_deg=float(a), lon_deg=float(b)) for o, a, b in zip(demo.outlets[:2], lat, lon, strict=True)
    )
    assert set(rules(replace(demo, outlets=outlets))) == {"park.outlet_outside"}


def document(*rings: Sequence[Sequence[object]], kind: str = "Polygon") -> dict[str, Any]:
    coordinates: list[Any] = [[ring] for ring in rings] if kind == "MultiPolygon" else list(rings)
    return {"type": kind, "coordinates": coordinates}


BOWTIE = [[116.480, 35.700], [116.490, 35.710], [116.490, 35.700], [116.480, 35.710], [116.480, 35.700]]
SQUARE = [[116.48, 35.70], [116.49, 35.70], [116.49, 35.71], [116.48, 35.71], [116.48, 35.70]]
FAR = [[lon + 0.1, lat] for lon, lat in SQUARE]


@pytest.mark.parametrize(
    ("given", "match"),
    [
        (document(BOWTIE), r"crosses itself near 35\.705\d*, 116\.485"),
        (document([[116.48, 35.7], [116.49, 35.71], [116.50, 35.72], [116.48, 35.7]]), "no area"),
        (document([[116.48, 35.7], [116.49, 35.71], [116.48, 35.7], [116.48, 35.7]]), "fewer than 3"),
        (document(SQUARE, FAR), "hole of the polygon"),
        (document([[lat, lon] for lon, lat in SQUARE]), "swapped"),
        (document([[43.8, 87.6], [43.81, 87.6], [43.81, 87.61], [43.8, 87.6]]), "near the pole.*swapped"),
        (document([[116.48, 35.7], [116.49, None], [116.49, 35.71]]), "no position"),
        (document([[116.48, 35.7], [116.49, "x"], [116.49, 35.71]]), "“x” is no position"),
        (document(SQUARE, FAR, kind="MultiPolygon"), "2 parts that do not touch"),
    ],
)
def test_a_boundary_that_cannot_be_one_is_refused(given: dict[str, Any], match: str) -> None:
    with pytest.raises(BadInput, match=match):
        park_from_geojson(given)


@pytest.mark.parametrize(
    "given",
    [
        document([[179.995, 51.0], [-179.995, 51.0], [-179.995, 51.005], [179.995, 51.005], [179.995, 51.0]]),
        document([[179.995, 51.0], [180.005, 51.0], [180.005, 51.005], [179.995, 51.005], [179.995, 51.0]]),
        document(
            [[179.995, 51.0], [180.0, 51.0], [180.0, 51.005], [179.995, 51.005], [179.995, 51.0]],
            [[-180.0, 51.0], [-179.995, 51.0], [-179.995, 51.005], [-180.0, 51.005], [-180.0, 51.0]],
            kind="MultiPolygon",
        ),
    ],
)
def test_a_park_on_the_antimeridian(given: dict[str, Any], tmp_path: Path) -> None:
    """Written through, beyond 180°, or cut in two as RFC 7946 asks: one park of the same size."""
    features = [
        {"properties": {"kind": "boundary"}, "geometry": given},
        {
            "properties": {"kind": "outlet", "code": "DA001", "height_m": 15},
            "geometry": {"type": "Point", "coordinates": [-179.998, 51.002]},
        },
    ]
    taken = park_from_geojson({"type": "FeatureCollection", "features": features}, name="x")
    assert taken.refused == ()
    frame = taken.park.frame()
    assert abs(frame.lon_deg) == pytest.approx(180.0, abs=1e-6)
    x, y = frame.to_xy([p[0] for p in taken.park.boundary.outer], [p[1] for p in taken.park.boundary.outer])
    assert len(x) == 4
    assert x.max() - x.min() == pytest.approx(distance_m(51.0025, 179.995, 51.0025, -179.995), abs=0.5)
    assert y.max() - y.min() == pytest.approx(556.3, abs=1.0)
    write_park(taken.park, tmp_path / "a.geojson")
    assert read_park(tmp_path / "a.geojson").park == taken.park


def test_an_outlet_with_latitude_and_longitude_exchanged() -> None:
    square = [[8.0, 47.0], [8.01, 47.0], [8.01, 47.01], [8.0, 47.01]]
    outlet = {
        "properties": {"kind": "outlet", "code": "DA001", "height_m": 15},
        "geometry": {"type": "Point", "coordinates": [47.005, 8.005]},
    }
    features = [{"properties": {"kind": "boundary"}, "geometry": document(square)}, outlet]
    (problem,) = park_from_geojson({"type": "FeatureCollection", "features": features}, name="x").refused
    assert problem.rule == "park.outlet_outside" and "swapped" in problem.text.en


def test_a_building_that_crosses_itself_stays_and_is_told() -> None:
    features = [
        {"properties": {"kind": "boundary"}, "geometry": document(SQUARE)},
        {"properties": {"kind": "building", "height_m": 9, "name": "B7"}, "geometry": document(BOWTIE)},
    ]
    taken = park_from_geojson(json.loads(json.dumps({"type": "FeatureCollection", "features": features})), name="x")
    assert [(p.rule, p.where) for p in taken.refused] == [("park.area", "B7")]
    assert len(taken.park.buildings) == 1


def test_a_frame_about_points_on_both_sides_of_the_antimeridian() -> None:
    frame = LocalFrame.about([0.0, 0.0], [179.0, -178.0])
    assert frame.lon_deg == pytest.approx(-179.5)


@pytest.mark.parametrize(
    "feature",
    [
        {"properties": "x", "geometry": 3},
        {"properties": ["kind"], "geometry": None},
        {"properties": {"kind": "boundary"}, "geometry": {"type": "Polygon", "coordinates": [3]}},
        {"properties": {"kind": "boundary"}, "geometry": {"type": "MultiPolygon", "coordinates": [[], None]}},
        {"properties": {"kind": "boundary"}, "geometry": {"type": "Polygon", "coordinates": [[[10**400, 1]]]}},
    ],
)
def test_features_of_the_wrong_shape_are_refused(feature: object) -> None:
    with pytest.raises(BadInput):
        park_from_geojson({"type": "FeatureCollection", "features": [feature]})


def test_a_collection_of_geometries_is_a_park() -> None:
    ring = [[116.48, 35.7], [116.49, 35.7], [116.49, 35.71], [116.48, 35.7]]
    shape = {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "coordinates": [ring]}]}
    assert len(park_from_geojson(shape).park.boundary.outer) == 3
