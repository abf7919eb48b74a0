"""Codes of enterprises, permits and outlets: their form and check character, and what is wrong with one.

Unified social credit code: GB 32100-2015. Permit number, outlet, treatment unit and production facility: HJ 608-2017.
"""

import re

from dronesampler.texts import Text

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
CREDIT_CODE = re.compile(rf"[{ALPHABET}]{{2}}\d{{6}}[{ALPHABET}]{{10}}", re.ASCII)
PERMIT_SERIAL = re.compile(r"\d{3}[A-Z]", re.ASCII)
OUTLET = re.compile(r"D[AW]\d{3}", re.ASCII)
TREATMENT_UNIT = re.compile(r"T[AWNS]\d{3}", re.ASCII)
PRODUCTION_UNIT = re.compile(r"MF\d{4}", re.ASCII)

CREDIT_LENGTH = Text(
    "统一社会信用代码“{code}”有 {length} 位，应为 18 位",
    "the unified social credit code “{code}” has {length} characters instead of 18",
)
CREDIT_CHARACTER = Text(
    "统一社会信用代码“{code}”第 {place} 位“{character}”不可用（代码不用 I、O、S、V、Z，第 3 至 8 位为数字）",
    "character {place} of the unified social credit code “{code}”, “{character}”, cannot stand there: the code has no "
    "I, O, S, V or Z, and characters 3 to 8 are digits",
)
CREDIT_CHECK = Text(
    "统一社会信用代码“{code}”校验不符：末位应为 {wanted}，请核对是否抄错",
    "the unified social credit code “{code}” fails its check: it should end in {wanted}, look for a mistyped character",
)
PERMIT_FORM = Text(
    "排污许可证编号“{code}”应为 18 位统一社会信用代码加 3 位数字和 1 个字母，如 …001P",
    "the permit number “{code}” should be the 18 characters of the credit code, 3 digits and a letter, as in …001P",
)
PERMIT_OF_ANOTHER = Text(
    "排污许可证编号“{code}”不以本企业的统一社会信用代码 {credit_code} 开头",
    "the permit number “{code}” does not begin with the enterprise's credit code {credit_code}",
)
OUTLET_FORM = Text(
    "排放口编号“{code}”应为 DA（废气）或 DW（废水）加 3 位数字",
    "the outlet code “{code}” should be DA (air) or DW (water) and 3 digits",
)
TREATMENT_FORM = Text(
    "治理设施编号“{code}”应为 TA、TW、TN 或 TS 加 3 位数字",
    "the treatment unit “{code}” should be TA, TW, TN or TS and 3 digits",
)
PRODUCTION_FORM = Text(
    "生产设施编号“{code}”应为 MF 加 4 位数字", "the production facility “{code}” should be MF and 4 digits"
)


def check_character(first_17: str) -> str:
    """The 18th character of a credit code (GB 32100-2015, 5.2). Raises ValueError for one outside the alphabet."""
    total = sum(weight * ALPHABET.index(c) for weight, c in zip(WEIGHTS, first_17, strict=True))
    return ALPHABET[-total % 31]


def credit_code_fault(code: str) -> Text | None:
    """What is wrong with a unified social credit code, None where form and check character are right."""
    if len(code) != 18:
        return CREDIT_LENGTH.with_(code=code, length=len(code))
    if not CREDIT_CODE.fullmatch(code):
        place = next(i for i, c in enumerate(code) if c not in (ALPHABET[:10] if 2 <= i < 8 else ALPHABET))
        return CREDIT_CHARACTER.with_(code=code, place=place + 1, character=code[place])
    wanted = check_character(code[:17])
    return None if code[17] == wanted else CREDIT_CHECK.with_(code=code, wanted=wanted)


def permit_number_fault(code: str, credit_code: str = "") -> Text | None:
    """What is wrong with a permit number; with the holder's credit code it must begin with that."""
    if len(code) != 22 or not PERMIT_SERIAL.fullmatch(code[18:]):
        return PERMIT_FORM.with_(code=code)
    if credit_code and code[:18] != credit_code:
        return PERMIT_OF_ANOTHER.with_(code=code, credit_code=credit_code)
    return None if credit_code else credit_code_fault(code[:18])


def outlet_code_fault(code: str) -> Text | None:
    return None if OUTLET.fullmatch(code) else OUTLET_FORM.with_(code=code)


def treatment_unit_fault(code: str) -> Text | None:
    return None if TREATMENT_UNIT.fullmatch(code) else TREATMENT_FORM.with_(code=code)


def production_unit_fault(code: str) -> Text | None:
    return None if PRODUCTION_UNIT.fullmatch(code) else PRODUCTION_FORM.with_(code=code)
