"""Checks V3, V11 and V12: whose key sealed the packet, what time stamps say, and which officers signed."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import serialization as coding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from dronesampler.evidence import layout
from dronesampler.evidence.keys import Trust, TrustedKey, fingerprint_of, signed_by
from dronesampler.evidence.opened import OpenedPacket
from dronesampler.evidence.signed_data import SignatureBroken, Signer, check_chain, signers_of
from dronesampler.evidence.stamps import Stamp, judge_stamp
from dronesampler.evidence.verdict import Finding, Status
from dronesampler.texts import Text

BAD_SEAL_SIGNATURE = Text("封条签名无效", "the seal's signature is invalid")
OTHER_FINGERPRINT = Text("封条中的指纹与其公钥不符", "the fingerprint in the seal is not that of its key")
OTHER_DEVICE_KEY = Text("device-key.pem 不是封条所用的公钥", "device-key.pem is not the key of the seal")
SEALED_BY = Text("封条由受信任的设备密钥签名：{owner}", "the seal is signed by a trusted device key: {owner}")
NO_TRUST = Text(
    "封条签名有效，但未给信任文件，不能确认是谁封存的；密钥指纹 {fingerprint}",
    "the seal's signature is valid, but no trust file was given, so who sealed it is not established; "
    "fingerprint of the key {fingerprint}",
)
NOT_TRUSTED = Text(
    "封条签名有效，但该密钥不在信任文件中；密钥指纹 {fingerprint}",
    "the seal's signature is valid, but its key is not in the trust file; fingerprint {fingerprint}",
)
REVOKED = Text("该密钥已吊销，封存时间仅有设备时钟为证", "the key is revoked, and only the device's clock says when")
OUTSIDE_VALIDITY = Text(
    "封存时间 {at} 不在密钥有效期内", "it was sealed at {at}, outside the time for which the key is trusted"
)
DEVICE_CLOCK_ONLY = Text(
    "没有时间戳：封存时间仅以设备时钟为准（{at}）",
    "no time stamp: when it was sealed rests on the device's clock alone ({at})",
)
STAMP_DEMANDED = Text(
    "给出了时间戳根证书，但包内没有时间戳；封存时间不能确认",
    "roots for time stamps were given and the packet has no stamp: when it was sealed is not established",
)
STAMP_BROKEN = Text("时间戳不成立：{reason}", "the time stamp does not hold: {reason}")
STAMP_NO_ROOTS = Text(
    "时间戳与封存内容相符（{at}），但未给根证书，时间戳机构未经确认",
    "the time stamp is over this packet ({at}); no roots were given, so its authority is not established",
)
STAMPED = Text(
    "时间戳成立：{at}，{authority}（解析器：{parsers}）", "time-stamped {at} by {authority} (read by {parsers})"
)
STAMP_TOO_EARLY = Text(
    "时间戳（{at}）早于日志最后一条（{last}）五分钟以上",
    "the time stamp ({at}) is more than five minutes before the journal's last entry ({last})",
)
NO_SIGNATURES = Text("包内没有执法人员的电子签名", "no officer has signed the packet electronically")
SIGNATURE_BROKEN = Text("电子签名不成立：{reason}", "the signature does not hold: {reason}")
ONE_SIGNER = Text("不同签名人不足两人", "fewer than two different people have signed")
SIGNERS_UNKNOWN = Text(
    "{count} 个电子签名与封存内容相符，但信任文件中没有执法人员的根证书：{names}",
    "{count} signatures are over this packet; the trust file holds no roots for officers: {names}",
)
SIGNERS_GOOD = Text("{count} 名执法人员的电子签名成立：{names}", "{count} officers' signatures hold: {names}")
STAMP_TOLERANCE_S = 300.0


def said_time(unix_s: float) -> str:
    """UTC as ISO 8601 to the second; the number itself where no calendar holds it."""
    try:
        return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return f"{unix_s} s"


def stamp_of(packet: OpenedPacket, roots: Sequence[x509.Certificate]) -> Stamp | None:
    """The time stamp in the packet, or else the one that lies beside it, judged; None where there is none.

    Both are over the SHA-256 tag manifest, so that one asked for later says as much, only a later time.
    """
    response = packet.kept.get(layout.STAMP_RESPONSE, packet.later_stamp)
    if response is None:
        return None
    message = packet.kept.get(layout.TAG_MANIFESTS["sha256"], b"")
    return judge_stamp(response, message, request=packet.kept.get(layout.STAMP_REQUEST), roots=roots)


def check_seal_signature(packet: OpenedPacket, trust: Trust | None, *, stamp: Stamp | None) -> Iterator[Finding]:
    """V3."""
    if packet.seal is None:
        return
    key = packet.seal["key"]
    public_key = bytes.fromhex(key["public_key"])
    signature = packet.kept.get(layout.SEAL_SIGNATURE, b"")
    if not signed_by(public_key, signature=signature, data=packet.kept[layout.SEAL]):
        yield Finding("V3", Status.FAILED, BAD_SEAL_SIGNATURE, layout.SEAL_SIGNATURE)
        return
    if key.get("fingerprint") != fingerprint_of(public_key):
        yield Finding("V3", Status.FAILED, OTHER_FINGERPRINT, layout.SEAL)
    if packet.kept.get(layout.DEVICE_KEY) != _pem(public_key):
        yield Finding("V3", Status.FAILED, OTHER_DEVICE_KEY, layout.DEVICE_KEY)
    fingerprint = fingerprint_of(public_key)
    trusted = trust.key(public_key) if trust else None
    if trusted is None:
        text = NO_TRUST if trust is None else NOT_TRUSTED
        yield Finding("V3", Status.OPEN, text.with_(fingerprint=fingerprint))
    else:
        yield _in_its_time(trusted, float(packet.seal["sealed_unix_s"]), stamp=stamp)


def _pem(public_key: bytes) -> bytes:
    key = Ed25519PublicKey.from_public_bytes(public_key)
    return key.public_bytes(coding.Encoding.PEM, coding.PublicFormat.SubjectPublicKeyInfo)


def _in_its_time(key: TrustedKey, sealed_unix_s: float, *, stamp: Stamp | None) -> Finding:
    """A revoked key still counts for what an authority stamped before."""
    stamped_s = stamp.time_unix_s if stamp and stamp.established else None
    at_s = sealed_unix_s if stamped_s is None else stamped_s
    if key.revoked_s is not None and (stamped_s is None or stamped_s >= key.revoked_s):
        return Finding("V3", Status.OPEN, REVOKED)
    early = key.valid_from_s is not None and at_s < key.valid_from_s
    late = key.valid_to_s is not None and at_s > key.valid_to_s
    if early or late:
        return Finding("V3", Status.OPEN, OUTSIDE_VALIDITY.with_(at=said_time(at_s)))
    return Finding("V3", Status.PASSED, SEALED_BY.with_(owner=key.owner or key.fingerprint[:16]))


def check_stamp(
    packet: OpenedPacket, stamp: Stamp | None, *, demanded: bool, last_entry_unix_s: float | None
) -> Iterator[Finding]:
    """V11. Giving roots demands a time that does not rest on the device's clock."""
    if stamp is None:
        at = said_time(float(packet.seal["sealed_unix_s"])) if packet.seal else "?"
        text, status = (STAMP_DEMANDED, Status.OPEN) if demanded else (DEVICE_CLOCK_ONLY.with_(at=at), Status.NOTE)
        yield Finding("V11", status, text)
        return
    if stamp.why_not is not None or stamp.time_unix_s is None:
        reason = stamp.why_not or STAMP_DEMANDED
        yield Finding("V11", Status.FAILED, STAMP_BROKEN.with_(reason=reason), layout.STAMP_RESPONSE)
        return
    at = said_time(stamp.time_unix_s)
    if last_entry_unix_s is not None and stamp.time_unix_s < last_entry_unix_s - STAMP_TOLERANCE_S:
        last = said_time(last_entry_unix_s)
        yield Finding("V11", Status.FAILED, STAMP_TOO_EARLY.with_(at=at, last=last), layout.STAMP_RESPONSE)
    if stamp.established:
        parsers = ", ".join(stamp.parsers)
        yield Finding("V11", Status.PASSED, STAMPED.with_(at=at, authority=stamp.authority, parsers=parsers))
    else:
        yield Finding("V11", Status.NOTE, STAMP_NO_ROOTS.with_(at=at))


def check_signatures(packet: OpenedPacket, trust: Trust | None, *, stamp: Stamp | None) -> Iterator[Finding]:
    """V12: officers' CMS signatures over the SHA-256 tag manifest."""
    files = {name: data for name, data in packet.kept.items() if name.startswith(layout.SIGNATURES)}
    signatures = {name: data for name, data in files.items() if name.endswith(".p7s")}
    if not signatures or packet.seal is None:
        yield Finding("V12", Status.ABSENT, NO_SIGNATURES)
        return
    at_s = stamp.time_unix_s if stamp and stamp.time_unix_s else float(packet.seal["sealed_unix_s"])
    signers: list[Signer] = []
    for name, der in sorted(signatures.items()):
        try:
            signers += _judged(packet, der, trust=trust, at_unix_s=at_s)
        except SignatureBroken as reason:
            yield Finding("V12", Status.FAILED, SIGNATURE_BROKEN.with_(reason=reason.text), name)
    yield from _who(signers, known=bool(trust and trust.officer_roots))


def _judged(packet: OpenedPacket, der: bytes, *, trust: Trust | None, at_unix_s: float) -> list[Signer]:
    signers = signers_of(der, detached=packet.kept.get(layout.TAG_MANIFESTS["sha256"], b""))
    for signer in signers:
        if trust and trust.officer_roots:
            check_chain(signer, trust.officer_roots, at_unix_s=at_unix_s)
    return signers


def _who(signers: Sequence[Signer], *, known: bool) -> Iterator[Finding]:
    names = sorted({signer.name for signer in signers})
    if len({signer.public_key for signer in signers}) < 2 or len(names) < 2:
        yield Finding("V12", Status.OPEN, ONE_SIGNER)
    elif known:
        yield Finding("V12", Status.PASSED, SIGNERS_GOOD.with_(count=len(names), names="; ".join(names)))
    else:
        yield Finding("V12", Status.NOTE, SIGNERS_UNKNOWN.with_(count=len(names), names="; ".join(names)))
