"""The BagIt conformance suite of the Library of Congress and RFC 3161 answers of other makers' test data."""

import tarfile
from pathlib import Path

import pytest

from dronesampler.evidence import read_roots
from dronesampler.evidence.bag_reader import FolderBag, bag_faults
from dronesampler.evidence.stamps import judge_stamp

DATA = Path(__file__).parents[3] / "shared" / "data" / "07_evidence"
SUITE = DATA / "bagit" / "bagit_v0.97_valid_and_invalid.tar.gz"
STAMPS = DATA / "rfc3161"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared material is not beside the repository")


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bagit")
    with tarfile.open(SUITE) as archive:
        archive.extractall(folder, filter="data")
    return folder / "v0.97"


def test_every_bag_is_judged_as_the_suite_says(suite: Path) -> None:
    bags = {path: path.parent.name == "valid" for path in suite.glob("*/*") if path.is_dir()}
    assert (sum(bags.values()), len(bags)) == (12, 23)
    wrong = {
        path.name: bag_faults(FolderBag(path))
        for path, valid in bags.items()
        if valid == bool(bag_faults(FolderBag(path)))
    }
    assert wrong == {}


def judged(folder: str, answer: str, message: bytes = b"hello", request: str = "") -> str:
    """Why the stamp does not hold, "" when it does."""
    stamp = judge_stamp(
        (STAMPS / folder / answer).read_bytes(),
        message,
        request=(STAMPS / folder / request).read_bytes() if request else None,
        roots=read_roots(STAMPS / folder / "ts_chain.pem"),
    )
    assert (stamp.why_not is None) == stamp.established
    return stamp.why_not.en if stamp.why_not else ""


def test_answers_are_judged_as_openssl_judges_them() -> None:
    assert judged("test_tsa", "response.tsr", request="request.der") == ""
    assert judged("sigstage", "response-sha256.tsr") == ""
    assert "nonce" in judged("test_tsa", "other_response.tsr", request="other_request.der")
    assert "trusted root" in judged("test_tsa", "other_response.tsr")
    assert "invalid" in judged("sigstage", "response-invalid-signature.tsr")
    assert "not over this file" in judged("test_tsa", "response.tsr", message=b"hellO")


def test_both_parsers_agree_on_the_good_ones() -> None:
    for folder, answer in (("test_tsa", "response.tsr"), ("sigstage", "response-sha256.tsr")):
        roots = read_roots(STAMPS / folder / "ts_chain.pem")
        stamp = judge_stamp((STAMPS / folder / answer).read_bytes(), b"hello", roots=roots)
        assert stamp.parsers == ("asn1", "rfc3161-client")
