"""A time stamp authority of `openssl ts` for tests: it really signs."""

import shutil
import subprocess
from pathlib import Path

from dronesampler.evidence import read_roots

_CONFIG = """
[req]
distinguished_name=dn
[dn]
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign
[tsa]
basicConstraints=CA:FALSE
extendedKeyUsage=critical,timeStamping
[plain]
basicConstraints=CA:FALSE
[tsr]
dir=.
serial=serial
signer_cert={name}.pem
certs={certs}
signer_key={name}.key
signer_digest=sha256
default_policy=1.2.3.4.1
digests=sha256,sha512{sm3}
accuracy=secs:1
ordering=no
tsa_name=no
ess_cert_id_chain=no
"""


class Authority:
    """A time stamp authority of `openssl ts` in a folder: root.pem, tsa.pem, and a certificate of no such purpose."""

    def __init__(self, folder: Path, name: str = "TestRoot") -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        (folder / "serial").write_text("01\n")
        self._config()
        made = f"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN={name} -config c.cnf"
        self._openssl(*made.split(), "-keyout", "root.key", "-out", "root.pem", "-extensions", "ca")
        for who in ("tsa", "plain"):
            self._openssl(
                *f"req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {who}.key".split(),
                *f"-subj /CN={who} -out {who}.csr -config c.cnf".split(),
            )
            self._openssl(
                *f"x509 -req -in {who}.csr -CA root.pem -CAkey root.key -CAcreateserial -days 20".split(),
                *f"-out {who}.pem -extfile c.cnf -extensions {who}".split(),
            )
        shutil.copy(folder / "root.pem", folder / "chain.pem")
        self.roots = read_roots(folder / "root.pem")

    def answer(self, request: bytes, *, chain: bool = False, signer: str = "tsa") -> bytes:
        self._config(certs="chain.pem" if chain else "", name=signer)
        (self.folder / "q.tsq").write_bytes(request)
        self._openssl(*["ts", "-reply", "-config", "c.cnf", "-section", "tsr", "-queryfile", "q.tsq", "-out", "r.tsr"])
        return (self.folder / "r.tsr").read_bytes()

    def answer_by_digest(self, data: bytes, digest: str) -> bytes:
        self._config(sm3=",sm3")
        (self.folder / "data").write_bytes(data)
        self._openssl(*f"ts -query -data data -{digest} -cert -out q.tsq".split())
        self._openssl(*["ts", "-reply", "-config", "c.cnf", "-section", "tsr", "-queryfile", "q.tsq", "-out", "r.tsr"])
        return (self.folder / "r.tsr").read_bytes()

    def _config(self, certs: str = "", name: str = "tsa", sm3: str = "") -> None:
        text = _CONFIG.format(certs=certs, name=name, sm3=sm3)
        (self.folder / "c.cnf").write_text(text if certs else text.replace("certs=\n", ""))

    def _openssl(self, *words: str) -> None:
        done = subprocess.run(["openssl", *words], cwd=self.folder, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
