"""The only door to sockets and serial ports: links written as text, opened as ports that read and write bytes."""

import contextlib
import http.client
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from dronesampler.problems import BadInput, Refused, system_said
from dronesampler.texts import Text

NOT_A_LINK = Text(
    "“{text}”不是链路；应写成 udpin:主机:端口、udpout:主机:端口、tcp:主机:端口、tcpin:主机:端口 或 serial:设备:波特率",
    "“{text}” is not a link; write udpin:HOST:PORT, udpout:HOST:PORT, tcp:HOST:PORT, tcpin:HOST:PORT "
    "or serial:DEVICE:BAUD",
)
CANNOT_OPEN = Text("无法打开 {text}：{reason}", "cannot open {text}: {reason}")
NOT_AN_ADDRESS = Text(
    "“{url}”不是网址；应以 http:// 或 https:// 开头", "“{url}” is no web address; it begins with http:// or https://"
)
NO_ANSWER = Text("{host} 没有应答：{reason}", "{host} does not answer: {reason}")
BAD_STATUS = Text("{host} 答复 {status} {words}", "{host} answered {status} {words}")
ANSWER_TOO_LONG = Text("{host} 的答复超过 {most} 字节", "{host} answered with more than {most} bytes")
TOO_SLOW = Text("{seconds:.0f} 秒内没有答完", "the answer did not end within {seconds:.0f} s")
LARGEST_DATAGRAM = 65_535
SERIAL_WAIT_S = 0.02


class Port(Protocol):
    """Bytes in and out. Owned by one thread, except `close`, which any thread may call."""

    name: str

    def read(self, timeout_s: float) -> bytes:
        """What arrives within the time, b"" if nothing. Raises OSError when the port is gone."""

    def write(self, data: bytes) -> None:
        """Send all of it. Raises OSError when the port is gone; drops it while no peer is known."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class LinkAddress:
    """A link as the user writes it."""

    kind: str  # udpin, udpout, tcp, tcpin, serial
    where: str  # host or device
    number: int  # port or baud

    def __str__(self) -> str:
        return f"{self.kind}:{self.where}:{self.number}"


def parse_link(text: str) -> LinkAddress:
    """`udpin:HOST:PORT` and its kin. Raises BadInput."""
    kind, _, rest = text.partition(":")
    where, _, number = rest.rpartition(":")
    if kind not in ("udpin", "udpout", "tcp", "tcpin", "serial") or not where or not number.isdecimal():
        raise BadInput(NOT_A_LINK.with_(text=text))
    if kind != "serial" and not 0 <= int(number) <= 65_535:
        raise BadInput(NOT_A_LINK.with_(text=text))
    return LinkAddress(kind, where, int(number))


def open_port(link: LinkAddress | str) -> Port:
    """Open a link. Raises BadInput for a text that is no link, Refused with the reason when it cannot be opened."""
    address = parse_link(link) if isinstance(link, str) else link
    opener: dict[str, Callable[[LinkAddress], Port]] = {
        "udpin": UdpPort,
        "udpout": UdpPort,
        "tcp": TcpPort,
        "tcpin": TcpServerPort,
        "serial": SerialPort,
    }
    try:
        return opener[address.kind](address)
    except OSError as reason:
        raise Refused(CANNOT_OPEN.with_(text=address, reason=system_said(reason))) from reason


class UdpPort:
    """UDP; `udpin` waits to be spoken to and answers the last speaker, `udpout` speaks first."""

    def __init__(self, address: LinkAddress) -> None:
        self.name = str(address)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self._peer: tuple[str, int] | None = None
        here = (address.where, address.number) if address.kind == "udpin" else ("", 0)
        try:
            self._socket.bind(here)
        except OSError:
            self._socket.close()
            raise
        if address.kind == "udpout":
            self._peer = (address.where, address.number)

    @property
    def local_port(self) -> int:
        """The UDP port we listen on: of use when the link asked for port 0."""
        return int(self._socket.getsockname()[1])

    def read(self, timeout_s: float) -> bytes:
        self._socket.settimeout(max(timeout_s, 1e-6))
        try:
            data, peer = self._socket.recvfrom(LARGEST_DATAGRAM)
        except (TimeoutError, BlockingIOError, ConnectionError):
            # ConnectionError: the peer's port is closed (ICMP); it may come back.
            return b""
        self._peer = peer
        return data

    def write(self, data: bytes) -> None:
        if self._peer is not None:
            with contextlib.suppress(BlockingIOError, ConnectionError):
                self._socket.sendto(data, self._peer)

    def close(self) -> None:
        self._socket.close()


class TcpPort:
    """A TCP client."""

    def __init__(self, address: LinkAddress) -> None:
        self.name = str(address)
        self._socket = socket.create_connection((address.where, address.number), timeout=5.0)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read(self, timeout_s: float) -> bytes:
        self._socket.settimeout(max(timeout_s, 1e-6))
        try:
            data = self._socket.recv(LARGEST_DATAGRAM)
        except (TimeoutError, BlockingIOError):
            return b""
        if not data:
            raise ConnectionResetError("closed by the other side")
        return data

    def write(self, data: bytes) -> None:
        self._socket.settimeout(5.0)
        self._socket.sendall(data)

    def close(self) -> None:
        self._socket.close()


class TcpServerPort:
    """A TCP server for one peer at a time; a new peer replaces one that left."""

    def __init__(self, address: LinkAddress) -> None:
        self.name = str(address)
        self._server = socket.create_server((address.where, address.number))
        self._peer: socket.socket | None = None

    @property
    def local_port(self) -> int:
        return int(self._server.getsockname()[1])

    def read(self, timeout_s: float) -> bytes:
        if self._peer is None and not self._accept(timeout_s):
            return b""
        assert self._peer is not None
        self._peer.settimeout(max(timeout_s, 1e-6))
        try:
            data = self._peer.recv(LARGEST_DATAGRAM)
        except (TimeoutError, BlockingIOError):
            return b""
        except ConnectionError:
            data = b""
        if not data:
            self._drop_peer()
        return data

    def write(self, data: bytes) -> None:
        if self._peer is None:
            return
        try:
            self._peer.settimeout(5.0)
            self._peer.sendall(data)
        except ConnectionError:
            self._drop_peer()

    def close(self) -> None:
        self._drop_peer()
        self._server.close()

    def _accept(self, timeout_s: float) -> bool:
        self._server.settimeout(max(timeout_s, 1e-6))
        try:
            self._peer, _ = self._server.accept()
        except (TimeoutError, BlockingIOError):
            return False
        self._peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return True

    def _drop_peer(self) -> None:
        if self._peer is not None:
            self._peer.close()
            self._peer = None


class SerialPort:
    """A serial device, or a pseudo-terminal that stands for one."""

    def __init__(self, address: LinkAddress) -> None:
        import serial  # not needed, and not loaded, where links are UDP

        self.name = str(address)
        self._closed = False
        self._serial = serial.Serial(address.where, address.number, timeout=SERIAL_WAIT_S, write_timeout=5.0)
        # What lay in the buffer came at a time that nobody knows.
        self._serial.reset_input_buffer()

    def read(self, timeout_s: float) -> bytes:
        try:
            return self._read(timeout_s)
        except TypeError as closed:
            # pyserial has no better word for a port that another thread closes while this one reads, and says that it
            # is open until it has closed it.
            if not self._closed:
                raise
            raise OSError("closed") from closed

    def _read(self, timeout_s: float) -> bytes:
        deadline_s = time.monotonic() + timeout_s
        while True:
            # The time-out stays as it is: to change it sets up the whole port anew, which some adapters do not bear.
            data = bytes(self._serial.read(max(self._serial.in_waiting, 1)))
            if data:
                return data + bytes(self._serial.read(self._serial.in_waiting))
            if time.monotonic() >= deadline_s:
                return b""

    def write(self, data: bytes) -> None:
        self._serial.write(data)

    def close(self) -> None:
        self._closed = True
        self._serial.close()


def post(
    url: str, body: bytes, *, content_type: str, timeout_s: float = 15.0, most_bytes: int = 1 << 20
) -> tuple[str, bytes]:
    """Send a body over HTTP or HTTPS; the answer's content type and bytes. One try, no redirects, no proxy.

    `timeout_s` bounds each wait and the whole answer. Raises BadInput for what is no web address, Refused with the
    reason for whatever goes wrong on the way.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadInput(NOT_AN_ADDRESS.with_(url=url))
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    until_s = time.monotonic() + timeout_s
    try:
        connection = kind(parts.hostname, parts.port, timeout=timeout_s)
        with contextlib.closing(connection):
            connection.request("POST", target, body, {"Content-Type": content_type, "User-Agent": "dronesampler"})
            response = connection.getresponse()
            answer = _all_of(response, until_s, most_bytes=most_bytes, host=parts.hostname, seconds=timeout_s)
    except (OSError, ValueError, http.client.HTTPException) as reason:
        said = system_said(reason) if isinstance(reason, OSError) and not isinstance(reason, ssl.SSLError) else reason
        raise Refused(NO_ANSWER.with_(host=parts.hostname, reason=said)) from reason
    if response.status != http.client.OK:
        raise Refused(BAD_STATUS.with_(host=parts.hostname, status=response.status, words=response.reason))
    return response.headers.get_content_type(), answer


def _all_of(response: http.client.HTTPResponse, until_s: float, *, most_bytes: int, host: str, seconds: float) -> bytes:
    """The whole answer, which must end in time and be no longer than it may."""
    answer = b""
    while chunk := response.read1(65_536):
        answer += chunk
        if len(answer) > most_bytes:
            raise Refused(ANSWER_TOO_LONG.with_(host=host, most=most_bytes))
        if time.monotonic() > until_s:
            raise Refused(NO_ANSWER.with_(host=host, reason=TOO_SLOW.with_(seconds=seconds)))
    return answer
