"""One colour for each place that may emit, the same in every chart; suspected ones in reds, permitted in other hues."""

from dronesampler_ui.theme import Theme

# Told apart by lightness as well as by hue, 3:1 against the panel they are drawn on.
_OUTLETS = {
    False: ("#1f5fae", "#1f7f6d", "#6d4c9f", "#7d6300", "#3c7426", "#8d4770", "#52606d", "#0f7d96"),
    True: ("#72aef2", "#5cc7b2", "#b79be0", "#d8bb52", "#8fce73", "#e09cc4", "#a9b6c2", "#63cfe8"),
}
_SUSPECTED = {
    False: ("#b3202f", "#c4500f", "#c2187a", "#7f1d1d", "#a8480a", "#8b1456"),
    True: ("#ff7d85", "#ffa25e", "#ff86c4", "#e05a5a", "#f2b07a", "#d978ae"),
}


def source_colour(theme: Theme, key: str, number: int) -> str:
    """#rrggbb for the place `key` (S1, L1 or an outlet's code), `number` counting from 0 within its kind."""
    family = _SUSPECTED if key[:1] in ("S", "L") and key[1:].isdigit() else _OUTLETS
    colours = family[theme.dark]
    return colours[number % len(colours)]
