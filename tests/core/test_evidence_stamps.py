"""Time stamps of an authority made for the test, and officers' signatures: right verdict each."""

import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

sys.path.insert(0, str(Path(__file__).parent))
from tsa_authority import Authority

from dronesampler.casework import Officer
from dronesampler.clock import FakeClock, SystemClock
from dronesampler.evidence import (
    DeviceKey,
    ExitCode,
    PacketContents,
    Status,
    Trust,
    TrustedKey,
    Verdict,
    read_roots,
    verify,
    write_packet,
)
from dronesampler.evidence.stamps import judge_stamp, stamp_request
from dronesampler.journal import follow
from dronesampler.problems import BadInput

OFFICERS = (Officer("示例甲", "DEMO-1"), Officer("示例乙", "DEMO-2"))
KEY = DeviceKey.generate("test device")
TRUST = Trust((TrustedKey(KEY.public_key, KEY.owner),))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    return Authority(tmp_path_factory.mktemp("tsa") / "a")


def packet(folder: Path, **how: object) -> Path:
    entry = follow(None, unix_s=SystemClock().unix_s() - 60, kind="noted", body={})
    contents = PacketContents("T", {}, {"a": b"a"}, OFFICERS, [entry])
    return write_packet(contents, folder, key=KEY, clock=SystemClock(), **how)  # type: ignore[arg-type]


def outcome(verdict: Verdict, code: str) -> list[Status]:
    return [f.status for f in verdict.findings if f.code == code]


def test_a_stamp_establishes_the_time(authority: Authority, tmp_path: Path) -> None:
    path = packet(tmp_path, stamper=authority.answer)
    verdict = verify(path, trust=TRUST, tsa_roots=authority.roots)
    assert verdict.exit_code is ExitCode.SOUND
    assert outcome(verdict, "V11") == [Status.PASSED]
    said = next(f.text.en for f in verdict.findings if f.code == "V11")
    assert "asn1, rfc3161-client" in said
    without_roots = verify(path, trust=TRUST)
    assert (without_roots.exit_code, outcome(without_roots, "V11")) == (ExitCode.SOUND, [Status.NOTE])


def test_demanded_but_absent(authority: Authority, tmp_path: Path) -> None:
    verdict = verify(packet(tmp_path), trust=TRUST, tsa_roots=authority.roots)
    assert (verdict.exit_code, outcome(verdict, "V11")) == (ExitCode.NOT_ESTABLISHED, [Status.OPEN])
    offline = packet(tmp_path, stamper=lambda request: None)
    assert verify(offline, trust=TRUST).exit_code is ExitCode.SOUND


def test_an_answer_that_carries_the_chain_is_read_by_the_second_parser(authority: Authority) -> None:
    request = stamp_request(b"hello")
    stamp = judge_stamp(authority.answer(request, chain=True), b"hello", request=request, roots=authority.roots)
    assert stamp.established, stamp.why_not
    assert "asn1" in stamp.parsers


def test_sm3_imprint(authority: Authority) -> None:
    stamp = judge_stamp(authority.answer_by_digest(b"hello", "sm3"), b"hello", roots=authority.roots)
    assert stamp.established, stamp.why_not
    assert stamp.parsers == ("asn1",)
    assert judge_stamp(authority.answer_by_digest(b"hello", "sm3"), b"hellO", roots=authority.roots).why_not


def test_what_does_not_hold(authority: Authority, tmp_path: Path) -> None:
    request = stamp_request(b"hello")
    answer = authority.answer(request)
    stranger = Authority(tmp_path / "b", "OtherRoot")
    cases = {
        "not over this file": judge_stamp(answer, b"other", roots=authority.roots),
        "nonce": judge_stamp(answer, b"hello", request=stamp_request(b"hello"), roots=authority.roots),
        "trusted root": judge_stamp(answer, b"hello", roots=stranger.roots),
        "parsed": judge_stamp(b"not DER", b"hello", roots=authority.roots),
        "did not grant": judge_stamp(bytes.fromhex("3005300302010230")[:7], b"hello"),
    }
    for words, stamp in cases.items():
        assert stamp.why_not is not None, words
        assert words in stamp.why_not.en or "parsed" in stamp.why_not.en, (words, stamp.why_not)
    misses = 0
    for place in range(len(answer)):
        flipped = answer[:place] + bytes([answer[place] ^ 1]) + answer[place + 1 :]
        misses += judge_stamp(flipped, b"hello", request=request, roots=authority.roots).why_not is None
    # Versions, lists of algorithms and the like: no signature covers them and no meaning hangs on them. The seal does.
    assert misses <= 40


def test_a_stamp_in_the_packet_that_does_not_hold_breaks_it(authority: Authority, tmp_path: Path) -> None:
    other = authority.answer(stamp_request(b"another file"))
    verdict = verify(packet(tmp_path, stamper=lambda request: other), trust=TRUST)
    assert verdict.exit_code is ExitCode.BROKEN
    assert outcome(verdict, "V11") == [Status.FAILED]


def test_a_stamp_long_before_the_last_entry(authority: Authority, tmp_path: Path) -> None:
    later_s = SystemClock().unix_s() + 3600
    entry = follow(None, unix_s=later_s, kind="noted", body={})
    contents = PacketContents("T", {}, {"a": b"a"}, OFFICERS, [entry])
    path = write_packet(contents, tmp_path, key=KEY, clock=FakeClock(later_s), stamper=authority.answer)
    verdict = verify(path, trust=TRUST, tsa_roots=authority.roots)
    assert verdict.exit_code is ExitCode.BROKEN
    assert Status.FAILED in outcome(verdict, "V11")


def test_a_stamp_before_the_revocation_saves_what_a_revoked_key_sealed(authority: Authority, tmp_path: Path) -> None:
    path = packet(tmp_path, stamper=authority.answer)
    now_s = SystemClock().unix_s()

    def code(revoked_s: float, roots: list[x509.Certificate]) -> ExitCode:
        trust = Trust((TrustedKey(KEY.public_key, "x", revoked_s=revoked_s),))
        return verify(path, trust=trust, tsa_roots=roots).exit_code

    assert code(now_s + 600, authority.roots) is ExitCode.SOUND
    assert code(now_s + 600, []) is ExitCode.NOT_ESTABLISHED
    assert code(now_s - 600, authority.roots) is ExitCode.NOT_ESTABLISHED


def test_roots_folder(authority: Authority, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        read_roots(tmp_path)
    (tmp_path / "README").write_text("not a certificate")
    der = authority.roots[0].public_bytes(serialization.Encoding.DER)
    (tmp_path / "root.der").write_bytes(der)
    assert read_roots(tmp_path) == authority.roots


# Officers


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    subject: str, key: ec.EllipticCurvePrivateKey, issuer: tuple[str, ec.EllipticCurvePrivateKey], *, days: int = 30
) -> x509.Certificate:
    now = datetime.fromtimestamp(SystemClock().unix_s(), UTC)
    builder = x509.CertificateBuilder(_name(issuer[0]), _name(subject), key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=40)).not_valid_after(now + timedelta(days=days))
    builder = builder.add_extension(x509.BasicConstraints(ca=subject == issuer[0], path_length=None), critical=True)
    return builder.sign(issuer[1], hashes.SHA256())


class Office:
    """A root and two officers, P-256."""

    def __init__(self, *, days: int = 30) -> None:
        root_key = ec.generate_private_key(ec.SECP256R1())
        self.root = _certificate("office", root_key, ("office", root_key))
        self.officers = []
        for name in ("officer one", "officer two"):
            key = ec.generate_private_key(ec.SECP256R1())
            self.officers.append((key, _certificate(name, key, ("office", root_key), days=days)))

    def sign(self, message: bytes, who: int) -> bytes:
        key, certificate = self.officers[who]
        builder = pkcs7.PKCS7SignatureBuilder().set_data(message).add_signer(certificate, key, hashes.SHA256())
        options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoCapabilities]
        return builder.sign(serialization.Encoding.DER, options)

    def both(self, message: bytes) -> dict[str, bytes]:
        return {f"officer{i + 1}.p7s": self.sign(message, i) for i in range(2)}

    def trust(self) -> Trust:
        return Trust(TRUST.keys, (self.root,))


def test_two_officers_signatures_hold(tmp_path: Path) -> None:
    office = Office()
    path = packet(tmp_path, signers=office.both)
    verdict = verify(path, trust=office.trust())
    assert (verdict.exit_code, outcome(verdict, "V12")) == (ExitCode.SOUND, [Status.PASSED])
    unknown = verify(path, trust=TRUST)
    assert (unknown.exit_code, outcome(unknown, "V12")) == (ExitCode.SOUND, [Status.NOTE])


def test_one_officer_twice_is_not_two(tmp_path: Path) -> None:
    office = Office()
    path = packet(tmp_path, signers=lambda m: {f"o{i}.p7s": office.sign(m, 0) for i in range(2)})
    verdict = verify(path, trust=office.trust())
    assert (verdict.exit_code, outcome(verdict, "V12")) == (ExitCode.NOT_ESTABLISHED, [Status.OPEN])


def test_signatures_that_do_not_hold(tmp_path: Path) -> None:
    office, stranger, expired = Office(), Office(), Office(days=-1)
    for signers, trust, words in (
        (lambda m: office.both(m + b"x"), office.trust(), "not over this file"),
        (stranger.both, office.trust(), "trusted root"),
        (expired.both, expired.trust(), "not valid at"),
        (lambda m: {"o.p7s": b"\x30\x03\x02\x01\x01"}, office.trust(), "cannot be parsed"),
    ):
        verdict = verify(packet(tmp_path, signers=signers), trust=trust)
        assert verdict.exit_code is ExitCode.BROKEN
        assert any(words in f.text.en for f in verdict.findings if f.code == "V12"), words


def test_a_stamp_that_came_later_lies_beside_the_packet(authority: Authority, tmp_path: Path) -> None:
    requests: list[bytes] = []
    path = packet(tmp_path, stamper=lambda request: requests.append(request))
    assert verify(path, trust=TRUST, tsa_roots=authority.roots).exit_code is ExitCode.NOT_ESTABLISHED
    beside = path.with_name(path.name + ".tsr")
    beside.write_bytes(authority.answer(requests[0]))
    verdict = verify(path, trust=TRUST, tsa_roots=authority.roots)
    assert (verdict.exit_code, outcome(verdict, "V11")) == (ExitCode.SOUND, [Status.PASSED])
    beside.write_bytes(authority.answer(stamp_request(b"another packet")))
    assert outcome(verify(path, trust=TRUST), "V11") == [Status.FAILED]
