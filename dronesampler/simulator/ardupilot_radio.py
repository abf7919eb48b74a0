"""What ArduCopter does with each message a ground station sends."""

import math

from dronesampler.simulator import ardupilot_commands as commands
from dronesampler.simulator import ardupilot_telemetry as telling
from dronesampler.simulator.ardupilot import ArduPilot
from dronesampler.simulator.ardupilot_modes import GUIDED
from dronesampler.simulator.available_modes import ARDUPILOT_MODES, AVAILABLE_MODES, tell_modes
from dronesampler.simulator.orders import Order, Result, ack, order_of
from dronesampler.simulator.streams import Streams
from dronesampler.simulator.wire import Message, dialect

GET_INTERVAL, SET_INTERVAL, REQUEST_MESSAGE, REBOOT = 510, 511, 512, 246
IGNORE_POSITION, IGNORE_VELOCITY = 0x007, 0x038
BANNER = ("ArduCopter V4.7.0-dev (2598e9d4)", "0123456789abcdef0123456789abcdef", "Frame: QUAD/PLUS")


class ArduPilotRadio:
    """The receiving half of the personality. `wants_reboot` is looked at by the vehicle around it."""

    def __init__(self, who: ArduPilot) -> None:
        self.who = who
        self.streams = Streams(telling.BUILDERS, defaults_hz=telling.DEFAULTS_HZ)
        self.wants_reboot = False

    def hear(self, message: Message) -> None:
        """Answer one message that is meant for us."""
        craft = self.who.craft
        match message.get_type():
            case "COMMAND_LONG" | "COMMAND_INT":
                order = order_of(message)
                craft.out.say(ack(order, self._answer(order)))
                self._after(order)
            case "SET_MODE":
                order = Order(176, (1.0, float(message.custom_mode), 0.0, 0.0), 0.0, 0.0, 0.0, 0, False, _from(message))
                craft.out.say(dialect.MAVLink_command_ack_message(11, int(self._answer(order)), 0, 0, *order.sender))
            case "MISSION_SET_CURRENT":
                commands.set_current(self.who, message.seq)
            case "REQUEST_DATA_STREAM":
                self._stream(message)
            case "PARAM_REQUEST_LIST":
                for line in BANNER:
                    craft.out.text(6, line)
            case "SET_POSITION_TARGET_GLOBAL_INT":
                self._fly_to(message)
            case "SET_POSITION_TARGET_LOCAL_NED":
                self._fly_velocity(message)
            case _:
                pass

    def heartbeat(self) -> Message:
        return telling.heartbeat(self.who)

    def _answer(self, order: Order) -> Result:
        match order.command:
            case c if c == SET_INTERVAL:
                known = self.streams.set_interval(int(order.params[0]), order.params[1])
                return Result.ACCEPTED if known else Result.DENIED
            case c if c == GET_INTERVAL:
                asked = int(order.params[0])
                self.who.craft.out.say(dialect.MAVLink_message_interval_message(asked, self.streams.interval_us(asked)))
                return Result.ACCEPTED
            case c if c == REQUEST_MESSAGE:
                known = self.streams.knows(int(order.params[0])) or int(order.params[0]) == AVAILABLE_MODES
                return Result.ACCEPTED if known else Result.FAILED
            case c if c == REBOOT:
                if self.who.craft.armed:
                    return Result.FAILED
                self.wants_reboot = order.params[0] in (1.0, 3.0)
                return Result.ACCEPTED if self.wants_reboot else Result.FAILED
            case _:
                return commands.answer(self.who, order)

    def _after(self, order: Order) -> None:
        # The message that was asked for follows its acknowledgement.
        if order.command == REQUEST_MESSAGE:
            if int(order.params[0]) == AVAILABLE_MODES:
                # The recorded one answers one entry a request, also when all are asked for.
                tell_modes(self.who.craft.out, ARDUPILOT_MODES, int(order.params[1]) or 1)
            else:
                self.streams.say_once(int(order.params[0]), self.who, self.who.craft.out)

    def _stream(self, message: Message) -> None:
        hz = message.req_message_rate if message.start_stop else 0
        for message_id in telling.GROUPS.get(message.req_stream_id, ()):
            self.streams.set_interval(message_id, 1e6 / hz if hz > 0 else -1)

    def _fly_to(self, message: Message) -> None:
        who, craft = self.who, self.who.craft
        if craft.mode != GUIDED or not craft.flying:
            return None
        if message.type_mask & IGNORE_POSITION == IGNORE_POSITION:
            return self._go((message.vy, message.vx, -message.vz))
        up_m = craft.up_m(message.alt, message.coordinate_frame)
        place = craft.place_of(message.lat_int / 1e7, message.lon_int / 1e7, up_m)
        if not who.failsafes.refuses(place[0], place[1], up_m + craft.ground_amsl_m - craft.home.amsl_m):
            craft.pilot.leg(place)
        return None

    def _fly_velocity(self, message: Message) -> None:
        if self.who.craft.mode == GUIDED and self.who.craft.flying and not message.type_mask & IGNORE_VELOCITY:
            self._go((message.vy, message.vx, -message.vz))

    def _go(self, velocity: tuple[float, float, float]) -> None:
        if all(math.isfinite(v) for v in velocity):
            self.who.craft.pilot.fly_velocity(velocity)


def _from(message: Message) -> tuple[int, int]:
    return message.get_srcSystem(), message.get_srcComponent()
