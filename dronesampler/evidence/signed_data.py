"""CMS signed data (RFC 5652): who signed these bytes, and whether the certificates lead to a root one believes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from dronesampler.texts import Text

SM3_OID = "1.2.156.10197.1.401"
LONGEST_CHAIN = 8
HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
    SM3_OID: hashes.SM3,
    "sm3": hashes.SM3,
}

# What the two libraries raise over DER that somebody bent.
MALFORMED = (
    *(ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError),
    *(UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType),
)

UNPARSABLE = Text("签名数据无法解析：{reason}", "the signature cannot be parsed: {reason}")
NO_CERTIFICATE = Text("签名中没有签名人的证书", "the signer's certificate is not in the signature")
OTHER_CONTENT = Text("签名不是针对此文件的", "the signature is not over this file")
BAD_SIGNATURE = Text("签名无效", "the signature is invalid")
WEAK = Text("摘要算法不可接受：{name}", "the digest algorithm is not acceptable: {name}")
NO_CHAIN = Text("证书“{name}”不能追溯到信任的根证书", "the certificate “{name}” does not lead to a trusted root")
EXPIRED = Text("证书“{name}”在 {at} 不在有效期内", "the certificate “{name}” was not valid at {at}")


class SignatureBroken(Exception):
    """Signed data that does not hold; says why."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True)
class Signer:
    """Someone who signed, with the certificates that came along and the signed content itself."""

    certificate: x509.Certificate
    companions: tuple[x509.Certificate, ...]
    content: bytes

    @property
    def name(self) -> str:
        return self.certificate.subject.rfc4514_string()

    @property
    def public_key(self) -> bytes:
        """The key as DER: who signed twice under two names is one."""
        key = self.certificate.public_key()
        return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def hashed(data: bytes, algorithm: str) -> bytes:
    """Digest by the algorithm's name or OID. Raises SignatureBroken for one that is not accepted."""
    if algorithm not in HASHES:
        raise SignatureBroken(WEAK.with_(name=algorithm))
    digest = hashes.Hash(HASHES[algorithm]())
    digest.update(data)
    return digest.finalize()


def signers_of(der: bytes, *, detached: bytes | None = None) -> list[Signer]:
    """Everyone whose signature in this CMS holds over its own content, or over `detached`. Raises SignatureBroken."""
    try:
        signed = cms.ContentInfo.load(der, strict=True)["content"]
        signer_infos = list(signed["signer_infos"])
        inner = signed["encap_content_info"]["content"]
        content = detached if detached is not None else bytes(inner.contents)
        certificates = [x509.load_der_x509_certificate(c.chosen.dump()) for c in signed["certificates"] or ()]
        kind = signed["encap_content_info"]["content_type"].dotted
        signers = [_signer(info, content, certificates, kind=kind) for info in signer_infos]
    except MALFORMED as reason:
        raise SignatureBroken(UNPARSABLE.with_(reason=reason)) from reason
    if not signers:
        raise SignatureBroken(NO_CERTIFICATE)
    return signers


def _signer(info: cms.SignerInfo, content: bytes, certificates: list[x509.Certificate], *, kind: str) -> Signer:
    certificate = _certificate(info["sid"], certificates)
    algorithm = _hash_name(info["digest_algorithm"])
    message = content
    if info["signed_attrs"]:
        attributes = {attribute["type"].native: attribute["values"] for attribute in info["signed_attrs"]}
        if attributes["message_digest"][0].native != hashed(content, algorithm):
            raise SignatureBroken(OTHER_CONTENT)
        if attributes["content_type"][0].dotted != kind:
            raise SignatureBroken(OTHER_CONTENT)
        # RFC 5652 5.4: what is signed is the SET OF in DER, not the implicit [0] that stands in the message.
        message = b"\x31" + info["signed_attrs"].dump()[1:]
    _check(certificate, bytes(info["signature"].native), message, algorithm=algorithm)
    return Signer(certificate, tuple(certificates), content)


def _hash_name(algorithm: cms.DigestAlgorithm) -> str:
    return str(algorithm["algorithm"].native)


def _certificate(sid: cms.SignerIdentifier, certificates: list[x509.Certificate]) -> x509.Certificate:
    for certificate in certificates:
        if sid.name == "issuer_and_serial_number":
            issuer = sid.chosen["issuer"].dump() == certificate.issuer.public_bytes()
            if issuer and sid.chosen["serial_number"].native == certificate.serial_number:
                return certificate
        elif sid.chosen.native == x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest:
            return certificate
    raise SignatureBroken(NO_CERTIFICATE)


def _check(certificate: x509.Certificate, signature: bytes, message: bytes, *, algorithm: str) -> None:
    key = certificate.public_key()
    if algorithm not in HASHES:
        raise SignatureBroken(WEAK.with_(name=algorithm))
    chosen = HASHES[algorithm]()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), chosen)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(chosen))
        elif isinstance(key, Ed25519PublicKey):
            key.verify(signature, message)
        else:
            raise SignatureBroken(WEAK.with_(name=type(key).__name__))
    except InvalidSignature as reason:
        raise SignatureBroken(BAD_SIGNATURE) from reason


def check_chain(signer: Signer, roots: Sequence[x509.Certificate], *, at_unix_s: float) -> None:
    """That the signer's certificate leads to a root and all were valid at that time. Raises SignatureBroken."""
    certificate = signer.certificate
    for _ in range(LONGEST_CHAIN):
        _check_valid(certificate, at_unix_s)
        if certificate in roots:
            return
        issuer = _issuer(certificate, (*roots, *signer.companions))
        if issuer is None:
            break
        certificate = issuer
    raise SignatureBroken(NO_CHAIN.with_(name=signer.name))


def _check_valid(certificate: x509.Certificate, at_unix_s: float) -> None:
    at = datetime.fromtimestamp(at_unix_s, UTC)
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise SignatureBroken(EXPIRED.with_(name=certificate.subject.rfc4514_string(), at=at.isoformat()))


def _issuer(certificate: x509.Certificate, candidates: Sequence[x509.Certificate]) -> x509.Certificate | None:
    for candidate in candidates:
        try:
            if candidate == certificate or not _may_issue(candidate):
                continue
            certificate.verify_directly_issued_by(candidate)
        except (InvalidSignature, *MALFORMED):
            continue
        return candidate
    return None


def _may_issue(certificate: x509.Certificate) -> bool:
    try:
        return bool(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except x509.ExtensionNotFound:
        return False
