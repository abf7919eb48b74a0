"""RFC 3161 time stamps: asking for one, and judging an answer with two independent parsers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import tsp
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from dronesampler.evidence.signed_data import MALFORMED, SignatureBroken, Signer, check_chain, hashed, signers_of
from dronesampler.problems import BadInput
from dronesampler.texts import Text

NOT_GRANTED = Text("时间戳机构没有授予时间戳（{status}）", "the authority did not grant a time stamp ({status})")
OTHER_MESSAGE = Text("时间戳不是针对此文件的", "the time stamp is not over this file")
OTHER_NONCE = Text("时间戳的随机数与请求不符", "the time stamp's nonce is not that of the request")
UNPARSABLE = Text("时间戳无法解析：{reason}", "the time stamp cannot be parsed: {reason}")
NO_PURPOSE = Text("签名证书不是时间戳专用证书", "the signer's certificate is not one for time stamps only")
DISAGREE = Text(
    "两个解析器对时间戳意见不一：{one}",
    "two parsers disagree about the time stamp: {one}",
)
NO_ROOTS = Text("{path} 中没有 PEM 或 DER 证书", "no PEM or DER certificate in {path}")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A judged time stamp. `why_not` is None when it holds; `time_unix_s` is what it says the time was.

    `established` is True only when its certificates lead to a root the verifier brought. `parsers` names those that
    could read it: the strict one refuses answers that some authorities give.
    """

    time_unix_s: float | None
    why_not: Text | None
    established: bool = False
    authority: str = ""
    parsers: tuple[str, ...] = ()


def stamp_request(message: bytes) -> bytes:
    """An RFC 3161 request over the SHA-256 of the message, with a nonce, asking for the certificate: DER."""
    return TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256).build().as_bytes()


def answer_fault(response: bytes, request: bytes) -> Text | None:
    """Why this is no stamp for that request (another message, nonce or purpose, a broken signature), or None."""
    try:
        asked = tsp.TimeStampReq.load(request, strict=True)
        signer, info = _opened(response)
        if info["message_imprint"].native != asked["message_imprint"].native:
            return OTHER_MESSAGE
        if asked["nonce"].native is not None and info["nonce"].native != asked["nonce"].native:
            return OTHER_NONCE
        _check_purpose(signer.certificate)
    except SignatureBroken as reason:
        return reason.text
    except MALFORMED as reason:
        return UNPARSABLE.with_(reason=reason)
    return None


def read_roots(folder: Path) -> list[x509.Certificate]:
    """The certificates in a folder or file. Raises BadInput when there is none."""
    paths = sorted(folder.iterdir()) if folder.is_dir() else [folder]
    found = [certificate for path in paths if path.is_file() for certificate in _certificates(path)]
    if not found:
        raise BadInput(NO_ROOTS.with_(path=folder), where=str(folder))
    return found


def _certificates(path: Path) -> list[x509.Certificate]:
    data = path.read_bytes()
    try:
        if b"-----BEGIN" in data:
            return x509.load_pem_x509_certificates(data)
        return [x509.load_der_x509_certificate(data)]
    except ValueError:
        return []  # a folder of roots may hold a README


def judge_stamp(
    response: bytes, message: bytes, *, request: bytes | None = None, roots: Sequence[x509.Certificate] = ()
) -> Stamp:
    """Judge an authority's answer over `message`. Without roots only what the answer itself shows is checked."""
    try:
        nonce = _nonce(request) if request is not None else None
        signer, info = _opened(response)
        time_unix_s = info["gen_time"].native.timestamp()
        _check_info(info, message, nonce=nonce)
        _check_purpose(signer.certificate)
        if roots:
            check_chain(signer, roots, at_unix_s=time_unix_s)
    except SignatureBroken as reason:
        return Stamp(None, reason.text)
    except MALFORMED as reason:
        return Stamp(None, UNPARSABLE.with_(reason=reason))
    parsers = ["asn1"]
    if roots:
        strict = _strictly(response, message, nonce=nonce, roots=(*roots, *signer.companions), own=roots)
        if isinstance(strict, Text):
            return Stamp(time_unix_s, DISAGREE.with_(one=strict))
        parsers += ["rfc3161-client"] if strict else []
    return Stamp(time_unix_s, None, bool(roots), signer.name, tuple(parsers))


def _opened(response: bytes) -> tuple[Signer, tsp.TSTInfo]:
    answer = tsp.TimeStampResp.load(response, strict=True)
    status = answer["status"]["status"].native
    if status != "granted":
        raise SignatureBroken(NOT_GRANTED.with_(status=status))
    signers = signers_of(answer["time_stamp_token"].dump())
    if len(signers) != 1:
        raise SignatureBroken(UNPARSABLE.with_(reason=f"{len(signers)} signers"))
    return signers[0], tsp.TSTInfo.load(signers[0].content, strict=True)


def _nonce(request: bytes) -> int | None:
    value = tsp.TimeStampReq.load(request, strict=True)["nonce"].native
    return None if value is None else int(value)


def _check_info(info: tsp.TSTInfo, message: bytes, *, nonce: int | None) -> None:
    imprint = info["message_imprint"]
    if imprint["hashed_message"].native != hashed(message, imprint["hash_algorithm"]["algorithm"].native):
        raise SignatureBroken(OTHER_MESSAGE)
    if nonce is not None and info["nonce"].native != nonce:
        raise SignatureBroken(OTHER_NONCE)


def _check_purpose(certificate: x509.Certificate) -> None:
    """RFC 3161 2.3: the key usage is critical, time stamping, and nothing else."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound as reason:
        raise SignatureBroken(NO_PURPOSE) from reason
    if not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise SignatureBroken(NO_PURPOSE)


def _strictly(
    response: bytes,
    message: bytes,
    *,
    nonce: int | None,
    roots: Sequence[x509.Certificate],
    own: Sequence[x509.Certificate],
) -> bool | Text:
    """The second opinion: True when it agrees, False when it cannot read such answers, else its objection."""
    try:
        answer = decode_timestamp_response(response)
    except ValueError:
        return False  # strict DER: refuses answers whose certificates are unsorted, which openssl writes
    trusted = [c for c in own if c.issuer == c.subject]
    others = [c for c in roots if c not in trusted]
    if not trusted:
        return False  # it wants a self-signed root
    try:
        VerifierBuilder(intermediates=others, roots=trusted, nonce=nonce).build().verify_message(answer, message)
    except VerificationError as reason:
        return False if "Unsupported hash" in str(reason) else Text(str(reason), str(reason))
    return True
