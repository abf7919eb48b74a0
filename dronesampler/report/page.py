"""The patrol as one self-contained HTML page: facts, map, strip chart, suspected places; nothing is fetched."""

from html import escape
from typing import Any

from dronesampler.report.content import content_of
from dronesampler.report.map_picture import map_picture
from dronesampler.report.strip_chart import strip_chart
from dronesampler.report.values import ReportValues
from dronesampler.texts import Lang

_STYLE = """
:root{--ink:#1f2933;--muted:#5f6c7b;--line:#d5dbe1;--tint:#f4f6f8;--accent:#1f5fbf;--alarm:#b81d35;--mock:#8b2252}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:2rem 1.25rem 4rem;color:var(--ink);background:#fff;
font:16px/1.6 "Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei","PingFang SC",system-ui,sans-serif}
h1{font-size:1.75rem;font-weight:500;margin:0}h2{font-size:1.15rem;font-weight:500;color:var(--accent);
border-bottom:1px solid var(--line);margin:2.2rem 0 .8rem}
.muted,dt,th,figcaption{color:var(--muted)}
.mock{background:var(--mock);color:#fff;padding:.35rem .8rem;border-radius:.25rem;position:sticky;top:.5rem;z-index:1;
display:inline-block;margin-bottom:1rem}
.lead{background:var(--tint);border-left:4px solid var(--accent);padding:.8rem 1rem;margin:1rem 0;font-size:1.1rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8rem,1fr));gap:.6rem;padding:0;list-style:none}
.tiles li{background:var(--tint);border-radius:.25rem;padding:.6rem .8rem}.tiles b{font-size:1.6rem;font-weight:500}
dl{display:grid;grid-template-columns:minmax(7rem,auto) 1fr;gap:.15rem 1.2rem;margin:0}
dd{margin:0;overflow-wrap:anywhere}
figure{margin:1.2rem 0}svg{max-width:100%;height:auto;display:block}figcaption{font-size:.85rem;margin-top:.4rem}
article{border:1px solid var(--line);border-left:4px solid var(--alarm);border-radius:.25rem;
padding:.8rem 1rem;margin:.8rem 0}
article.sample{border-left-color:var(--accent)}.bad{color:var(--alarm)}article.sample h3{color:var(--ink)}
article h3{margin:0 0 .4rem;color:var(--alarm);font-weight:500}
table{border-collapse:collapse;width:100%;font-size:.85rem}
td,th{border-bottom:1px solid var(--line);padding:.3rem .5rem;
text-align:left;font-weight:400;overflow-wrap:anywhere;vertical-align:top}code{font-size:.8rem}
"""


def page_html(values: ReportValues, *, lang: Lang = Lang.ZH, map_svg: str | None = None) -> str:
    """The page in one language. Every word is escaped; there is no script and no outside address.

    `map_svg` is the map of these values in that language where it was drawn before.
    """
    d = content_of(values, lang)
    body = [
        f'<p class="mock">{escape(d["simulated"])}</p>' if d["simulated"] else "",
        f'<h1>{escape(d["title"])}</h1><div class="muted">{escape(d["park"])} · {escape(d["agency"])}</div>',
        f'<p class="lead">{escape(d["lead"])}<br><small class="muted">{escape(d["lead_note"])}</small></p>',
        _tiles(d["tiles"]),
        _rows(d["facts"]),
        _figure(map_svg or _map(values, lang), d["map_caption"]),
        _figure(_chart(values, lang), d["chart_caption"]),
        _suspects(d),
        _samples(d["samples"]),
        "".join(_section(section) for section in d["sections"]),
        _files(d),
    ]
    title = escape(f"{d['title']} · {d['footer']}")
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    head += f'<meta http-equiv="Content-Security-Policy" content="{policy}"><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="{d["lang"]}"><head>{head}</head><body>{"".join(body)}</body></html>\n'


def _tiles(tiles: list[list[str]]) -> str:
    items = (
        f'<li><b>{escape(value)}</b> <span class="muted">{escape(unit)}</span><br>{escape(label)}</li>'
        for value, unit, label in tiles
    )
    return f'<ul class="tiles">{"".join(items)}</ul>'


def _rows(rows: list[list[str]]) -> str:
    return "<dl>" + "".join(f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>" for label, value in rows) + "</dl>"


def _figure(svg: str, caption: str) -> str:
    return f"<figure>{svg}<figcaption>{escape(caption)}</figcaption></figure>"


def _map(values: ReportValues, lang: Lang) -> str:
    return map_picture(
        values.park,
        values.track,
        values.readings,
        values.suspected,
        wind=values.wind,
        lang=lang,
        simulated=values.simulated,
    )


def _chart(values: ReportValues, lang: Lang) -> str:
    return strip_chart(
        values.readings,
        background_mg_m3=values.background_mg_m3,
        lang=lang,
        simulated=values.simulated,
        utc_offset_h=values.utc_offset_h,
    )


def _suspects(d: dict[str, Any]) -> str:
    if not d["suspects"]:
        return ""
    cards = (
        f"<article><h3>{escape(place['verdict'])} {escape(place['code'])}</h3>{_rows(place['rows'])}"
        f"<ul>{''.join(f'<li>{escape(reason)}</li>' for reason in place['reasons'])}</ul></article>"
        for place in d["suspects"]
    )
    return f"<h2>{escape(d['suspects_title'])}</h2>{''.join(cards)}"


def _samples(d: dict[str, Any]) -> str:
    if not d["cards"]:
        return ""
    cards = (
        f'<article class="sample"><h3>{escape(card["number"])} <span class="muted">{escape(card["what"])}</span></h3>'
        f"{_rows(card['rows'])}{_table(card['head'], card['custody'])}"
        f"<ul>{''.join(_problem(*problem) for problem in card['problems'])}</ul></article>"
        for card in d["cards"]
    )
    return f'<h2>{escape(d["title"])}</h2><p class="muted">{escape(d["note"])}</p>{"".join(cards)}'


def _table(head: list[str], rows: list[list[str]]) -> str:
    titles = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    lines = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{lines}</tbody></table>"


def _problem(said: str, kind: str) -> str:
    return f'<li class="bad">{escape(said)}</li>' if kind else f"<li>{escape(said)}</li>"


def _section(section: dict[str, Any]) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in section["lines"])
    return f"<h2>{escape(section['title'])}</h2><ul>{lines}</ul>"


def _files(d: dict[str, Any]) -> str:
    if not d["files"]:
        return ""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in d["files_head"])
    rows = "".join(
        f"<tr><td>{escape(no)}</td><td>{escape(name)}</td><td>{escape(size)}</td><td><code>{escape(sha)}</code></td></tr>"
        for no, name, size, sha in d["files"]
    )
    title, note = escape(d["files_title"]), escape(d["files_note"])
    return (
        f'<h2>{title}</h2><p class="muted">{note}</p><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    )
