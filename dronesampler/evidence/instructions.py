"""The note in every packet that says how to check it with unzip, sha256sum and openssl alone."""

from dronesampler.evidence.contents import PacketContents
from dronesampler.evidence.keys import DeviceKey
from dronesampler.texts import SIMULATED

# Lines that begin with "    $ " are commands; a test runs exactly these.
_NOTE = """\
证据包核验说明 / How to check this evidence packet
=================================================

证据包 / packet:            {name}
封存设备公钥指纹 / device key fingerprint (SHA-256):
                            {fingerprint}
{simulated}
不需要安装本程序。以下命令只用到 unzip、sha256sum 和 openssl（1.1.1 以上）。
None of this needs the program that wrote the packet: unzip, sha256sum and openssl (1.1.1 or later) do.

一、解开 / Unpack
    $ unzip -q {quoted} -d packet
    $ cd packet

二、各文件与清单一致（每行应显示 OK 或“成功”） / Every file matches its manifest (each line must say OK)
    $ sha256sum -c manifest-sha256.txt
    $ sha256sum -c tagmanifest-sha256.txt

三、封条由该设备签名（应显示 Signature Verified Successfully） / The seal is signed by the device
    $ openssl pkeyutl -verify -pubin -inkey device-key.pem -rawin -in seal.json -sigfile seal.sig

四、公钥指纹（应与上面、封条及书面登记的指纹相同）
    The key's fingerprint (must equal the one above, and the one registered on paper)
    $ openssl pkey -pubin -in device-key.pem -outform DER | tail -c 32 | sha256sum

五、封条列有清单的摘要（应显示 1） / The seal names the digest of the manifest of manifests (must say 1)
    $ grep -c "$(sha256sum tagmanifest-sha256.txt | cut -c1-64)" seal.json

六、没有封条之外的文件（应显示 0） / No file that the seal does not name (must say 0)
    $ find . -type f ! -name seal.json ! -name seal.sig | sed 's|^./||' | while read -r f; do \
grep -qF "\\"$f\\":" seal.json || echo "$f"; done | wc -l

七、时间戳，如果有（roots.pem 为时间戳机构的根证书，由核验人自备，放在 packet 目录旁）
    The time stamp, where there is one (roots.pem: the authority's root certificate; you bring it, beside the folder)
    $ [ ! -f tsa/001.tsr ] || openssl ts -verify -in tsa/001.tsr -data tagmanifest-sha256.txt -CAfile ../roots.pem
    离线封存时没有时间戳：tsa/001.tsq 是待发的请求，机构的答复存为“{file_name}.tsr”放在证据包旁即可。
    Sealed off line there is none: tsa/001.tsq is the request that waits; keep the authority's answer beside the packet
    as “{file_name}.tsr”.

以上证明：封存之后没有任何文件被增加、删除或改动，且由持有该私钥的设备封存。
不证明：封存之前的内容是否真实；设备时钟是否准确（有时间戳时以时间戳为准）。
文中“疑似”均为线索，须经两名执法人员现场核实。
This shows that nothing was added, removed or changed since sealing, and which device sealed it. It does not show that
what was sealed is true, nor that the device's clock was right (where there is a time stamp, that is the time).
Whatever is called "suspected" is a lead until two officers have verified it on site.
"""


def instructions(contents: PacketContents, *, key: DeviceKey) -> bytes:
    """00_核验说明.txt, in both languages."""
    simulated = f"\n*** {SIMULATED.zh} / {SIMULATED.en} ***\n" if contents.simulated else ""
    note = _NOTE.format(
        name=f"{contents.name}_v{contents.version}",
        file_name=contents.file_name,
        quoted=_quoted(contents.file_name),
        fingerprint=key.fingerprint,
        simulated=simulated,
    )
    return note.encode()


def _quoted(name: str) -> str:
    """The name as one word of a shell."""
    return "'" + name.replace("'", "'\\''") + "'"
