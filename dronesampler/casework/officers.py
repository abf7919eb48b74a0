"""The officers who answer for a patrol, and the rule that there are two of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from dronesampler.texts import Text

ONE_OFFICER = Text(
    "执法人员不得少于两人（行政处罚法第四十二条）；现只有 {count} 人",
    "no fewer than two law-enforcement officers are needed (Administrative Penalty Law, Article 42); there is {count}",
)
SAME_OFFICER = Text("同一执法证号出现两次：{certificate}", "one certificate number is named twice: {certificate}")


@dataclass(frozen=True, slots=True)
class Officer:
    """A law-enforcement officer. `certificate` is the number of the certificate, `valid_to` its last day (ISO 8601)."""

    name: str
    certificate: str
    agency: str = ""
    valid_to: str = ""
    name_en: str = ""

    def as_json(self) -> dict[str, str]:
        return {
            "name": self.name,
            "certificate": self.certificate,
            "agency": self.agency,
            "valid_to": self.valid_to,
            "name_en": self.name_en,
        }


def why_not_two(officers: Sequence[Officer]) -> Text | None:
    """Why these are not two different officers, or None when they are."""
    certificates = [officer.certificate.strip() for officer in officers if officer.name.strip()]
    named = [certificate for certificate in certificates if certificate]
    doubled = next((c for i, c in enumerate(named) if c in named[:i]), None)
    if doubled is not None and len(set(named)) < 2:
        return SAME_OFFICER.with_(certificate=doubled)
    if len(set(named)) < 2:
        return ONE_OFFICER.with_(count=len(set(named)))
    return None
