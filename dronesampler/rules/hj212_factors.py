"""Factor codes of HJ 212-2017 Appendix B for air, as far as this program uses them, with their units."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Factor:
    """One code: what it is, in which unit, and where the code comes from."""

    code: str
    name_zh: str
    species: str  # "" for what is no gas
    unit: str
    source: str = "HJ 212-2017 App. B"


FACTORS: Mapping[str, Factor] = {
    f.code: f
    for f in (
        Factor("a24088", "非甲烷总烃", "NMHC", "mg/m3"),
        Factor("a24087", "碳氢化合物", "THC", "mg/m3"),
        Factor("a05002", "甲烷", "CH4", "mg/m3"),
        Factor("a25002", "苯", "benzene", "mg/m3"),
        Factor("a25003", "甲苯", "toluene", "mg/m3"),
        Factor("a25004", "乙苯", "ethylbenzene", "mg/m3"),
        Factor("a25005", "二甲苯", "xylene", "mg/m3"),
        Factor("a25006", "邻二甲苯", "xylene", "mg/m3"),
        Factor("a25007", "间二甲苯", "xylene", "mg/m3"),
        Factor("a25008", "对二甲苯", "xylene", "mg/m3"),
        Factor("a25038", "苯乙烯", "styrene", "mg/m3"),
        Factor("a24046", "氯乙烯", "vinyl chloride", "mg/m3"),
        Factor("a31001", "甲醛", "HCHO", "mg/m3"),
        Factor("a21028", "硫化氢", "H2S", "mg/m3"),
        Factor("a21001", "氨", "NH3", "mg/m3"),
        Factor("a00000", "流量", "", "m3/s"),
        Factor("a19001", "氧含量", "", "%"),
        Factor("a01001", "温度", "", "°C"),
        Factor("a01002", "湿度", "", "%"),
        Factor("a01006", "气压", "", "kPa"),
        Factor("a01007", "风速", "", "m/s"),
        Factor("a01008", "风向", "", "°"),
        Factor("a01011", "烟气流速", "", "m/s"),
        Factor("a01012", "烟气温度", "", "°C"),
        Factor("a01013", "烟气压力", "", "kPa"),
        Factor("a01014", "烟气湿度", "", "%"),
        # Seen in the field; not in Appendix B.
        Factor("a99054", "TVOC", "TVOC", "mg/m3", "local extension, not in HJ 212-2017 App. B"),
    )
}
