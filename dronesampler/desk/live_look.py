"""Use case: judge the flight so far and propose where to look next, while it is flown."""

from functools import partial

from dronesampler.attribution import Analysis, Instrument, Settings, attribute
from dronesampler.desk.look_next import Airborne, SecondLook, second_look
from dronesampler.park import Park
from dronesampler.problems import BadInput, Refused
from dronesampler.sampler.profile import MAVLINK_NMHC, Profile
from dronesampler.session.feed import ProposedLook, Suspects
from dronesampler.session.live_look import FlightSoFar, Work
from dronesampler.texts import Text

SO_FAR = Text(
    "至今 {readings} 个读数：疑似 {suspected} 处，待查 {again} 处",
    "{readings} readings so far: {suspected} suspected, {again} to look at again",
)
ON_THE_GROUND = Text("飞机不在空中", "the aircraft is not in the air")


def live_work(park: Park | None, *profiles: Profile) -> Work:
    """What a session runs beside a flight over that park with those instruments; it can be sent to another process."""
    return partial(judge_so_far, park=park, profiles=profiles or (MAVLINK_NMHC,))


def judge_so_far(flight: FlightSoFar, *, park: Park | None, profiles: tuple[Profile, ...]) -> Suspects:
    """The analysis of what was sampled so far, with a look that fits into the battery that is left."""
    profile = next((p for p in profiles if p.name == flight.instrument), profiles[0])
    instrument = Instrument(profile.t90_s, 0.0, profile.noise_mg_m3, flight.readings.quantity)
    settings = Settings(check_register=False)
    analysis = attribute(flight.readings, flight.wind, park.outlets if park else (), instrument, settings=settings)
    look, why = _proposed(analysis, flight, park)
    return Suspects(
        number=flight.number,
        unix_s=float(flight.readings.time_s[-1]),
        readings=len(flight.readings),
        suspected=analysis.suspected,
        look_again=analysis.look_again,
        words=_words(analysis, len(flight.readings)),
        look=look,
        no_look=why,
        simulated=flight.simulated,
    )


def _words(analysis: Analysis, readings: int) -> Text:
    if analysis.cannot_say:
        return analysis.cannot_say.text
    return SO_FAR.with_(readings=readings, suspected=len(analysis.suspected), again=len(analysis.look_again))


def _proposed(analysis: Analysis, flight: FlightSoFar, park: Park | None) -> tuple[ProposedLook | None, Text | None]:
    if flight.place is None:
        return None, ON_THE_GROUND
    if analysis.cannot_say:
        return None, analysis.cannot_say.text
    now = Airborne(*flight.place, flight.height_m)
    try:
        found = second_look(
            analysis.as_json(),
            home=flight.home,
            battery_percent=flight.battery_percent,
            park=park,
            now=now,
            search=False,
        )
        return _told(found, flight), None
    except (BadInput, Refused) as why:
        return None, why.text


def _told(found: SecondLook, flight: FlightSoFar) -> ProposedLook:
    return ProposedLook(
        number=flight.number,
        mission=found.mission,
        words=found.words,
        lines=len(found.looks) - found.hovers,
        hovers=found.hovers,
        length_m=found.length_m,
        minutes=found.minutes,
        battery_percent=found.battery_percent if flight.battery_percent is not None else None,
        nats=found.nats,
    )
