"""The names of the files in a packet that are not payload."""

PACKET_FORMAT = "dronesampler-evp/1"
PAYLOAD = "data/"
CASE = "data/case.json"
REPORT = "data/report/"
SAMPLES = "data/samples/"
CASES = "data/cases/"
CHAIN = "/chain.jsonl"
ORIGINALS = "data/media/original/"

INSTRUCTIONS = "00_核验说明.txt"
BAGIT = "bagit.txt"
BAG_INFO = "bag-info.txt"
MANIFESTS = {"sha256": "manifest-sha256.txt", "sm3": "manifest-sm3.txt"}
TAG_MANIFESTS = {"sha256": "tagmanifest-sha256.txt", "sm3": "tagmanifest-sm3.txt"}
JOURNAL = "journal.jsonl"
ANCHORS = "anchors.json"
DEVICE_KEY = "device-key.pem"
SIGNATURES = "signatures/"
STAMPS = "tsa/"
STAMP_REQUEST = "tsa/001.tsq"
STAMP_RESPONSE = "tsa/001.tsr"
LATER_STAMP = ".tsr"  # beside the packet, after its name
SEAL = "seal.json"
SEAL_SIGNATURE = "seal.sig"
