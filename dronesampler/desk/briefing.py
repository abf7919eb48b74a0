"""What the preflight needs and only the office knows: energy of the plan, obstacles of the park, who ticked what."""

from collections.abc import Iterable
from datetime import UTC, datetime

from dronesampler.flight.preflight import HAND, TITLES, Override, Tick
from dronesampler.mission import Mission
from dronesampler.park import Park
from dronesampler.plan import Aircraft
from dronesampler.plan.predict import predict
from dronesampler.problems import BadInput
from dronesampler.session.readiness import Briefing
from dronesampler.texts import Text

UNKNOWN_ITEM = Text("起飞前检查没有“{key}”这一项，可用：{known}", "the preflight has no item “{key}”; it has: {known}")
NO_REASON = Text("“{text}”应写成 项目=理由", "“{text}” should be written ITEM=REASON")


def briefing_of(
    mission: Mission,
    park: Park | None,
    *,
    officer: str,
    unix_s: float,
    ticks: Iterable[str] = (),
    overrides: Iterable[str] = (),
    approval_number: str = "",
    aircraft: Aircraft | None = None,
    wind: tuple[float, float] = (0.0, 0.0),
) -> Briefing:
    """The briefing of a flight. `overrides` are written ITEM=REASON. Raises BadInput for an item there is not."""
    craft = aircraft or Aircraft()
    when = datetime.fromtimestamp(unix_s, UTC).isoformat(timespec="seconds")
    waved = [_override(text) for text in overrides]
    heights_m = [building.height_m for building in park.buildings] if park else []
    stacks_m = [outlet.height_m for outlet in park.outlets] if park else []
    return Briefing(
        energy_needed_percent=100.0 * predict(mission, craft, wind=wind).energy_wh / craft.battery_wh,
        approval_number=approval_number,
        tallest_obstacle_m=max([*heights_m, *stacks_m], default=None),
        ticks={_known(key): Tick(officer or "-", when) for key in ticks},
        overrides={key: Override(officer or "-", why, unix_s) for key, why in waved},
    )


def _known(key: str) -> str:
    if key not in TITLES and key not in HAND:
        raise BadInput(UNKNOWN_ITEM.with_(key=key, known=", ".join((*TITLES, *HAND))))
    return key


def _override(text: str) -> tuple[str, str]:
    key, equals, why = text.partition("=")
    if not equals or not why.strip():
        raise BadInput(NO_REASON.with_(text=text))
    return _known(key.strip()), why.strip()
