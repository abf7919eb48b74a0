"""A voice note from the microphone, as WAV; where there is none, a reason instead."""

from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject

from dronesampler.texts import Text
from dronesampler_ui.parts.sound import multimedia_of_qt, wav_bytes

RATE_HZ = 16_000
LONGEST_S = 120
NOT_INSTALLED = Text(
    "本机未安装录音部件；用 pip install dronesampler[sound] 安装（Linux 还需 libpulse0），或在备注中打字",
    "the part that records is not installed: pip install dronesampler[sound] (and libpulse0 on Linux), or type a note",
)
NO_MICROPHONE = Text(
    "没有找到麦克风；请接上后再试，或在备注中打字", "no microphone was found: plug one in, or type a note"
)
NOT_OPENED = Text(
    "麦克风打不开（{why}）；可能被其他程序占用", "the microphone does not open ({why}): it may be in use elsewhere"
)
NOTHING = Text("没有录到声音", "nothing was recorded")


class VoiceRecorder(QObject):
    """Records until it is stopped. Lives on the UI thread; Qt fills the buffer."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source: Any = None
        self._buffer: QBuffer | None = None

    @property
    def running(self) -> bool:
        return self._source is not None

    def begin(self) -> Text | None:
        """Why it does not record, or None."""
        multimedia = multimedia_of_qt()
        if multimedia is None:
            return NOT_INSTALLED
        device = multimedia.QMediaDevices.defaultAudioInput()
        if device.isNull():
            return NO_MICROPHONE
        sound = multimedia.QAudioFormat()
        sound.setSampleRate(RATE_HZ)
        sound.setChannelCount(1)
        sound.setSampleFormat(multimedia.QAudioFormat.SampleFormat.Int16)
        source = multimedia.QAudioSource(device, sound, self)
        buffer = QBuffer(self)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        source.start(buffer)
        if source.error() != multimedia.QtAudio.Error.NoError:
            source.stop()
            return NOT_OPENED.with_(why=source.error().name)
        self._source, self._buffer = source, buffer
        return None

    def end(self) -> bytes | Text:
        """A WAV file, or why there is none."""
        source, buffer = self._source, self._buffer
        self._source = self._buffer = None
        if source is None or buffer is None:
            return NOTHING
        source.stop()
        samples = bytes(QByteArray(buffer.data()).data())[: LONGEST_S * RATE_HZ * 2]
        buffer.close()
        return wav_bytes(samples[: len(samples) // 2 * 2], rate_hz=RATE_HZ) if len(samples) >= 2 else NOTHING
